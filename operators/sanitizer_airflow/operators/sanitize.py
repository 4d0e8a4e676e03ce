"""Cleaning a table by a recipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from sanitizer_airflow.definitions import FRESH, Definitions
from sanitizer_airflow.failures import TaskKilledError, for_airflow
from sanitizer_airflow.hooks.sanitizer import SanitizerHook
from sanitizer_airflow.judging import FailOn, check_fail_on, judge
from sanitizer_airflow.links import RunLink
from sanitizer_airflow.places import address_of, credentials_of, spark_of
from sanitizer_airflow.settings import setting, threads
from sanitizer_airflow.summary import Summary, quality_result, summary_of, tell_assets

if TYPE_CHECKING:
    from airflow.sdk import Context

    from sanitizer_airflow.lineage import Lineage
    from sanitizer_core.pipeline.running import RunResult
    from sanitizer_core.record import RunRecord

NOTHING_LEFT = "nothing was left half-written"
STOPPED = f"the task was stopped; {NOTHING_LEFT}"
QUERY_INTERRUPTED = "Query interrupted"
"""What DuckDB says where a signal's handler raised."""


class SanitizeOperator(BaseOperator):
    """Cleans a source by a recipe, explains every changed cell, and keeps what undoes it.

    Args:
        source: a path, an address, or a table of ``source_conn_id``.
        target: where the clean table goes: a path, an address, or a table of ``target_conn_id``; with
            ``None`` it is among the artifacts only.
        recipe: a file (from the DAG's folder), a mapping or text, or ``name@version`` or ``name@label`` in the registry.
        contract: as ``recipe``; instead of the recipe's own.
        source_conn_id: a connection of the type ``postgres`` (the table's database) or ``aws`` (credentials).
        target_conn_id: as ``source_conn_id``. Where both are one Postgres, the run is made inside it.
        spark_conn_id: a connection of the type ``spark`` or ``spark_connect``: the run is made there.
        engine: ``duckdb``, ``postgres`` or ``spark``; else what source and target ask for.
        fit: ``fresh`` measures what the recipe needs from this source; else the ``fitted.json``, or the folder of a run,
            whose values are used.
        artifacts: the folder of what explains the run and undoes it; else ``NAME.run`` beside the target.
        fail_on: ``error`` fails the task when the contract or the recipe's quality gate does, ``warning`` also when they
            warn; ``never`` leaves it to a gate.
        sanitizer_conn_id: the registry that the run is reported to and recipes come from; else the one that
            ``[sanitizer] conn_id`` names, else none.

    Returns, by XCom, a summary of the run (see ``sanitizer_airflow.summary``), also when the contract fails the task.
    """

    template_fields: Sequence[str] = (
        "source",
        "target",
        "recipe",
        "contract",
        "source_conn_id",
        "target_conn_id",
        "spark_conn_id",
        "fit",
        "artifacts",
        "sanitizer_conn_id",
    )
    template_fields_renderers = {"recipe": "yaml", "contract": "yaml"}  # noqa: RUF012 (as in Airflow's own operators)
    operator_extra_links = (RunLink(),)
    ui_color = "#d9f2e6"

    def __init__(
        self,
        *,
        source: str,
        recipe: str | Mapping[str, Any],
        target: str | None = None,
        contract: str | Mapping[str, Any] | None = None,
        source_conn_id: str | None = None,
        target_conn_id: str | None = None,
        spark_conn_id: str | None = None,
        engine: str | None = None,
        fit: str = FRESH,
        artifacts: str | None = None,
        fail_on: FailOn = "error",
        sanitizer_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_fail_on(fail_on)
        self.source = source
        self.recipe = recipe
        self.target = target
        self.contract = contract
        self.source_conn_id = source_conn_id
        self.target_conn_id = target_conn_id
        self.spark_conn_id = spark_conn_id
        self.engine = engine
        self.fit = fit
        self.artifacts = artifacts
        self.fail_on = fail_on
        self.sanitizer_conn_id = sanitizer_conn_id
        self.run_link: str | None = None
        self._record: RunRecord | None = None
        self._running = self._killed = False

    def execute(self, context: Context) -> Summary:
        """Makes the run, reports it, and fails the task where ``fail_on`` says so.

        Raises:
            AirflowFailException: a retry would fail alike.
            AirflowException: a retry can help.
        """
        from sanitizer_airflow.lineage import parent_of

        with for_airflow():
            hook = SanitizerHook.named(self.sanitizer_conn_id)
            result = self._run(hook)
            self._record = result.record
            if hook is not None:
                hook.report(result.record, parent_of(context))
                self.run_link = hook.link(result.record.run_id)
        summary = summary_of(result.record, result.output, result.folder, self.run_link)
        tell_assets(context, self.outlets, summary, quality_result(result.record, result.output))
        judge(context, summary, self.fail_on)
        return summary

    def on_kill(self) -> None:
        """Stops the run where it is; nothing half-written is left, neither here nor in a database."""
        if self._running:
            self._running, self._killed = False, True
            raise TaskKilledError(STOPPED)

    def get_openlineage_facets_on_start(self) -> Lineage:
        """The datasets, as far as they are known before the run."""
        from sanitizer_airflow.lineage import lineage_of_places

        source, target = self._addresses()
        return lineage_of_places(source if isinstance(source, str) else None, target, self.outlets)

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Lineage:
        """All that the run tells."""
        from sanitizer_airflow.lineage import lineage_of_run

        if self._record is None:
            return self.get_openlineage_facets_on_start()
        return lineage_of_run(self._record, self.outlets)

    def get_openlineage_facets_on_failure(self, task_instance: Any) -> Lineage:
        """What the run told, when a contract failed it; else the datasets."""
        return self.get_openlineage_facets_on_complete(task_instance)

    def _run(self, hook: SanitizerHook | None) -> RunResult:
        from sanitizer_core.pipeline.running import run

        definitions = Definitions(Path(self.dag.folder), hook)
        recipe = definitions.recipe(self.recipe, self.fit)
        contract = definitions.contract(self.contract, recipe)
        source, target = self._addresses()
        master, remote = spark_of(self.spark_conn_id)
        with credentials_of(self.source_conn_id, self.target_conn_id), self._stoppable():
            return run(
                source,
                recipe,
                target,
                artifacts=self.artifacts,
                contract=contract,
                engine=self.engine,
                master=master,
                remote=remote,
                memory_limit=setting("memory_limit"),
                threads=threads(),
            )

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        """A block that ``on_kill`` and timeouts leave; DuckDB makes an error of its own of what is raised while it works."""
        self._running = True
        try:
            yield
        except RuntimeError as error:
            if self._killed or str(error) == QUERY_INTERRUPTED:
                raise self._why_interrupted() from None
            raise
        finally:
            self._running = False

    def _why_interrupted(self) -> BaseException:
        from airflow.providers.common.compat.sdk import AirflowTaskTimeout

        if self._killed:
            return TaskKilledError(STOPPED)
        if self.execution_timeout is not None:
            return AirflowTaskTimeout(f"the task took longer than {self.execution_timeout}; {NOTHING_LEFT}")
        return KeyboardInterrupt()

    def _source(self) -> Any:
        return address_of(self.source, self.source_conn_id)

    def _addresses(self) -> tuple[Any, str | None]:
        return self._source(), address_of(self.target, self.target_conn_id) if self.target is not None else None
