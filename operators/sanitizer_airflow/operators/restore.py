"""Undoing a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from sanitizer_airflow.failures import for_airflow
from sanitizer_airflow.hooks.sanitizer import SanitizerHook
from sanitizer_airflow.places import address_of, credentials_of, spark_of
from sanitizer_airflow.summary import Summary

if TYPE_CHECKING:
    from airflow.sdk import Context

    from sanitizer_airflow.lineage import Lineage


class RestoreOperator(BaseOperator):
    """Undoes a run: writes its input as it was, cell for cell.

    Args:
        run: the folder of the run's artifacts; of a run in Postgres its output's address, or the table of
            ``run_conn_id``; what ``SanitizeOperator`` returned; or the id of a run, whose place the registry is asked for.
        target: where the table goes: a path, an address, or a table of ``target_conn_id``.
        spark_conn_id: the Spark that undoes a run that was made on one.

    Returns, by XCom, where the table is and how many rows it has.
    """

    template_fields: Sequence[str] = (
        "run",
        "target",
        "run_conn_id",
        "target_conn_id",
        "spark_conn_id",
        "sanitizer_conn_id",
    )
    ui_color = "#fde2e2"

    def __init__(
        self,
        *,
        run: Any,
        target: str,
        run_conn_id: str | None = None,
        target_conn_id: str | None = None,
        spark_conn_id: str | None = None,
        sanitizer_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.target = target
        self.run_conn_id = run_conn_id
        self.target_conn_id = target_conn_id
        self.spark_conn_id = spark_conn_id
        self.sanitizer_conn_id = sanitizer_conn_id

    def execute(self, context: Context) -> Summary:
        """Writes the input of the run.

        Raises:
            AirflowFailException: the run kept no log, or its artifacts are not whole.
            AirflowException: a retry can help.
        """
        with for_airflow(), credentials_of(self.run_conn_id, self.target_conn_id):
            target = address_of(self.target, self.target_conn_id)
            written = self._restored(self._artifacts(), target)
        return {"output": written.address, "rows": written.rows}

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Lineage:
        """Where the table went."""
        from sanitizer_airflow.lineage import lineage_of_places

        return lineage_of_places(None, address_of(self.target, self.target_conn_id), self.outlets)

    def _restored(self, artifacts: str, target: str) -> Any:
        from sanitizer_core.pipeline.restoring import restore
        from sanitizer_core.pipeline.restoring_on_spark import restore_on_spark

        master, remote = spark_of(self.spark_conn_id)
        if master or remote:
            return restore_on_spark(artifacts, target, master=master, remote=remote)
        return restore(artifacts, target)

    def _artifacts(self) -> str:
        given = self.run
        if isinstance(given, Mapping):
            given = given["artifacts"] or given["output"]
        elif (found := self._in_registry(given)) is not None:
            given = found
        return address_of(_with_table(given, self.run_conn_id), self.run_conn_id)

    def _in_registry(self, given: str) -> str | None:
        """The place of the run with this id; ``None`` where it is no id."""
        import uuid
        from pathlib import PurePosixPath

        try:
            uuid.UUID(given)
        except ValueError:
            return None
        record = SanitizerHook.needed(self.sanitizer_conn_id).run(given)
        where = record.artifacts.get("run")
        in_folder = where is not None and where.endswith("run.json")
        return str(PurePosixPath(str(where)).parent) if in_folder else record.artifacts.get("output")


def _with_table(place: str, conn_id: str | None) -> str:
    """Of an address in a database only the table, where a connection names the database and its password."""
    return place.rpartition("?table=")[2] if conn_id is not None else place
