"""Every night: what the day's runs came to, by score and by what is usual; somebody is told of what is not."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Param, task

from sanitizer_airflow import QualityGateOperator, SanitizerHook

with DAG(
    "nightly_quality",
    schedule="0 3 * * *",
    catchup=False,
    tags=["sanitizer"],
    params={
        "recipe": Param(None, type=["string", "null"], description="Only runs of this recipe."),
        "min_score": Param(80, type="number", minimum=0, maximum=100),
        "runs": Param(100, type="integer", minimum=1, description="The most runs to look at."),
        "conn_id": Param("sanitizer_default", type="string"),
    },
) as dag:

    @task
    def latest(params: dict[str, Any] | None = None) -> list[str]:
        """The newest run of each dataset."""
        assert params is not None
        with SanitizerHook(params["conn_id"]).get_conn() as registry:
            found = list(registry.runs(limit=params["runs"], recipe=params["recipe"]))
        newest = {run.dataset: run.id for run in reversed(found)}
        return list(newest.values())

    gate = QualityGateOperator(
        task_id="gate",
        run=latest(),
        min_score="{{ params.min_score }}",
        anomaly="warning",
        fail_on="warning",
        on_failure="branch",
        if_passed="all_is_well",
        if_failed="alert",
        sanitizer_conn_id="{{ params.conn_id }}",
    )

    @task
    def alert(verdict: dict[str, Any]) -> str:
        """What to tell; put your notifier of Slack, mail or the pager in its place."""
        return "\n".join(f"{each['severity']}: {each['source']}: {each['told']}" for each in verdict["findings"])

    @task
    def all_is_well(verdict: dict[str, Any]) -> str:
        """Nothing to tell."""
        return f"{verdict['runs']} datasets are as they should be"

    verdict: Any = gate.output
    gate >> [alert(verdict), all_is_well(verdict)]
