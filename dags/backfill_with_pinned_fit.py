"""Many days cleaned alike: what the recipe measures comes from one reference file, and is pinned for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from airflow.sdk import DAG, Param, task

from sanitizer_airflow import SanitizeOperator

with DAG(
    "backfill_with_pinned_fit",
    schedule=None,
    catchup=False,
    tags=["sanitizer"],
    params={
        "reference": Param("/data/reference.csv", type="string", description="What medians and the like are taken of."),
        "days": Param("/data/days", type="string", description="A folder with a file for each day."),
        "clean": Param("/data/clean", type="string"),
        "recipe": Param("/data/recipe.yaml", type="string"),
    },
) as dag:

    @task
    def measure(params: dict[str, Any] | None = None) -> str:
        """Measures what the recipe needs, once; gives the file that pins it."""
        from sanitizer_core import fit

        assert params is not None
        pinned = Path(params["clean"]) / "fitted.json"
        pinned.parent.mkdir(parents=True, exist_ok=True)
        fit(params["reference"], params["recipe"]).dump(pinned)
        return str(pinned)

    @task
    def days(params: dict[str, Any] | None = None) -> list[dict[str, str]]:
        """The files, each with where it goes; a day that was cleaned before is cleaned again into the same place."""
        assert params is not None
        files = sorted(Path(params["days"]).glob("*.csv"))
        return [{"source": str(path), "target": f"{params['clean']}/{path.stem}.parquet"} for path in files]

    SanitizeOperator.partial(
        task_id="sanitize", recipe="{{ params.recipe }}", fit=measure(), max_active_tis_per_dag=4
    ).expand_kwargs(days())
