"""Rows that earlier runs rejected, cleaned by a newer version of the recipe; what is good now is appended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from airflow.sdk import DAG, Param, task

from sanitizer_airflow import SanitizeOperator

with DAG(
    "quarantine_replay",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    tags=["sanitizer"],
    params={
        "runs": Param("/data/runs", type="string", description="A folder with the artifacts of earlier runs."),
        "table": Param(
            "/data/table", type="string", description="A folder of Parquet files, which is the clean table."
        ),
        "recipe": Param("customers@latest", type="string", description="The newer version."),
    },
) as dag:

    @task
    def rejected(params: dict[str, Any] | None = None) -> list[dict[str, str]]:
        """The rows in quarantines that were not replayed yet, as they were read, each with the part that it becomes."""
        import duckdb

        from sanitizer_core import RunRecord

        assert params is not None
        found = []
        for quarantine in sorted(Path(params["runs"]).glob("*/rejected.parquet")):
            part = Path(params["table"]) / f"replayed-{quarantine.parent.name}.parquet"
            names = [duckdb.ColumnExpression(each.name) for each in RunRecord.load(quarantine.parent).input_columns]
            rows = duckdb.read_parquet(str(quarantine)).filter("_row IS NOT NULL").select(*names)
            if not part.exists() and len(rows):
                rows.write_parquet(str(quarantine.with_name("replay.parquet")))
                found.append({"source": str(quarantine.with_name("replay.parquet")), "target": str(part)})
        return found

    SanitizeOperator.partial(task_id="replay", recipe="{{ params.recipe }}", max_active_tis_per_dag=2).expand_kwargs(
        rejected()
    )
