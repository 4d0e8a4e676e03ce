"""Cleaning in the registry's workers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from sanitizer_airflow.failures import for_airflow
from sanitizer_airflow.hooks.sanitizer import SanitizerHook
from sanitizer_airflow.judging import FailOn, check_fail_on, judge
from sanitizer_airflow.links import RunLink
from sanitizer_airflow.settings import deferrable_by_default
from sanitizer_airflow.summary import Summary, quality_result, summary_of, tell_assets

if TYPE_CHECKING:
    from airflow.sdk import Context

    from sanitizer_airflow.lineage import Lineage
    from sanitizer_airflow.triggers.job import JobTrigger
    from sanitizer_core.record import RunRecord
    from sanitizer_core.registry import JobStatus


class SanitizeJobOperator(BaseOperator):
    """Cleans a dataset of the registry in the registry's workers, and waits for it; killed, it cancels it there.

    A task that is tried again finds the job of its last try and waits on, if it is still there to be waited for.

    Args:
        dataset: the name or id of a dataset of the registry.
        recipe: ``name`` (its newest version), ``name@version`` or ``name@label``.
        contract: as ``recipe``; instead of the recipe's own.
        options: ``audit`` and ``strict``, as ``POST /jobs`` has them.
        deferrable: wait in the triggerer, without a worker's slot; else as Airflow is set up.
        poll_interval: seconds between two looks at the job.
        fail_on: as of ``SanitizeOperator``.
    """

    template_fields: Sequence[str] = ("dataset", "recipe", "contract", "options", "sanitizer_conn_id")
    template_fields_renderers = {"options": "json"}  # noqa: RUF012 (as in Airflow's own operators)
    operator_extra_links = (RunLink(),)
    ui_color = "#d9f2e6"

    def __init__(
        self,
        *,
        dataset: str,
        recipe: str,
        contract: str | None = None,
        options: Mapping[str, Any] | None = None,
        deferrable: bool | None = None,
        poll_interval: float = 5.0,
        fail_on: FailOn = "error",
        sanitizer_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_fail_on(fail_on)
        self.dataset = dataset
        self.recipe = recipe
        self.contract = contract
        self.options = options
        self.deferrable = deferrable
        self.poll_interval = poll_interval
        self.fail_on = fail_on
        self.sanitizer_conn_id = sanitizer_conn_id
        self.run_link: str | None = None
        self._waiting: tuple[SanitizerHook, str] | None = None
        self._record: RunRecord | None = None

    def execute(self, context: Context) -> Summary:
        """Asks for the job, and waits for it here or in the triggerer.

        Raises:
            AirflowFailException: the job failed, or was refused: a retry would fail alike.
            AirflowException: a retry can help.
        """
        with for_airflow():
            hook = SanitizerHook.needed(self.sanitizer_conn_id)
            job = self._asked(hook, context)
            self._waiting = hook, job.id
        self.log.info("job %s is %s", job.id, job.state)
        if not job.is_over and (self.deferrable if self.deferrable is not None else deferrable_by_default()):
            self.defer(trigger=self._trigger(hook, job.id), method_name="execute_complete")
        with for_airflow():
            hook.wait(job.id, self.poll_interval)
        return self.execute_complete(context, {"job_id": job.id})

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Summary:
        """What came of the job, when it is over.

        Raises:
            AirflowFailException: it failed, was cancelled, or its contract fails the task.
            AirflowException: a retry can help.
        """
        from airflow.providers.common.compat.sdk import AirflowException

        if "error" in event:
            raise AirflowException(event["error"])
        with for_airflow():
            hook = SanitizerHook.needed(self.sanitizer_conn_id)
            record = hook.run(_run_of(hook.job(event["job_id"])))
            self._record, self.run_link, self._waiting = record, hook.link(record.run_id), None
        output = record.artifacts.get("output") or record.artifacts.get("clean")
        summary = summary_of(record, output, None, self.run_link)
        tell_assets(context, self.outlets, summary, quality_result(record, output))
        judge(context, summary, self.fail_on)
        return summary

    def on_kill(self) -> None:
        """Cancels the job in the registry."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            hook, job_id = waiting
            hook.cancel(job_id)

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Lineage:
        """All that the run tells."""
        from sanitizer_airflow.lineage import lineage_of_places, lineage_of_run

        return (
            lineage_of_run(self._record, self.outlets) if self._record else lineage_of_places(None, None, self.outlets)
        )

    def _trigger(self, hook: SanitizerHook, job_id: str) -> JobTrigger:
        """What waits in the triggerer; Airflow's own timeout would end it there, and leave the job to run on."""
        from sanitizer_airflow.triggers.job import JobTrigger

        longest = self.execution_timeout
        return JobTrigger(
            sanitizer_conn_id=hook.sanitizer_conn_id,
            job_id=job_id,
            poll_interval=self.poll_interval,
            deadline=time.time() + longest.total_seconds() if longest is not None else None,
        )

    def _asked(self, hook: SanitizerHook, context: Context) -> JobStatus:
        """The job of this task in this run; after one that failed or was cancelled, a new one."""
        ti = context["ti"]
        key = ":".join(map(str, (ti.dag_id, ti.run_id, ti.task_id, ti.map_index)))
        job = hook.ask(self._wanted(), key=_short(key))
        if job.is_over and job.state != "succeeded":
            job = hook.ask(self._wanted(), key=_short(f"{key}:{ti.try_number}"))
        return job

    def _wanted(self) -> dict[str, Any]:
        name, _, reference = self.recipe.partition("@")
        which: dict[str, Any] = {"version": int(reference)} if reference.isdecimal() else {"label": reference}
        if reference in ("", "latest"):
            which = {}
        told = {"contract": self.contract, "options": dict(self.options) if self.options else None}
        return {"dataset": self.dataset, "recipe": name} | which | {key: each for key, each in told.items() if each}


def _short(key: str) -> str:
    """A key of the length and the letters that a header may have, whatever a DAG's author calls things."""
    import hashlib

    return f"airflow-{hashlib.sha256(key.encode()).hexdigest()}"


def _run_of(job: JobStatus) -> str:
    from sanitizer_core.errors import RegistryError

    if job.state == "succeeded" and job.run_id is not None:
        return job.run_id
    problem = job.problem or {}
    told = problem.get("detail") or problem.get("title") or "the registry says no more"
    raise RegistryError(f"the job {job.id} {job.state}: {told}", hint=problem.get("hint"))
