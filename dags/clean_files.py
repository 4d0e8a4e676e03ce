"""New files of a folder: each is cleaned, has to pass a gate, and is published; a bad one holds up no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from airflow.sdk import DAG, Asset, Param, task, task_group

from sanitizer_airflow import QualityGateOperator, SanitizeOperator

PUBLISHED = Asset("sanitizer://clean_files/published")

with DAG(
    "clean_files",
    schedule=None,
    catchup=False,
    tags=["sanitizer"],
    params={
        "landing": Param("/data/landing", type="string", description="Where files land."),
        "work": Param("/data/work", type="string", description="Where they are cleaned, and what explains it stays."),
        "published": Param("/data/published", type="string", description="Where clean ones go."),
        "recipe": Param("customers@production", type="string", description="A file, or a version in the registry."),
        "min_score": Param(80, type="number", minimum=0, maximum=100),
    },
) as dag:

    @task
    def new_files(params: dict[str, Any] | None = None) -> list[dict[str, str]]:
        """The files that nothing was published of yet."""
        assert params is not None
        done = {path.stem for path in Path(params["published"]).glob("*.parquet")}
        landed = sorted(path for path in Path(params["landing"]).iterdir() if path.is_file() and path.stem not in done)
        return [{"source": str(path), "target": f"{params['work']}/{path.stem}.parquet"} for path in landed]

    @task_group
    def one_file(source: str, target: str) -> None:
        """What happens with each."""
        sanitized = SanitizeOperator(
            task_id="sanitize", source=source, target=target, recipe="{{ params.recipe }}", fail_on="never"
        )
        gate = QualityGateOperator(task_id="gate", run=sanitized.output, min_score="{{ params.min_score }}")

        @task(outlets=[PUBLISHED])
        def publish(run: dict[str, Any], params: dict[str, Any] | None = None) -> str:
            """Moves the clean table to where others read; what explains it, and undoes it, stays where it is."""
            assert params is not None
            folder, clean = Path(params["published"]), Path(run["output"])
            folder.mkdir(parents=True, exist_ok=True)
            return str(clean.rename(folder / clean.name))

        cleaned: Any = sanitized.output
        gate >> publish(cleaned)

    one_file.expand_kwargs(new_files())
