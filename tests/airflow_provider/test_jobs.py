"""``SanitizeJobOperator`` on real Airflow and a real registry; with workers, killed and finished: ``test_scheduler.py``."""

from __future__ import annotations

import httpx
import pytest

from airflow_provider.conftest import RegistryAt
from airflow_provider.running import Airflow

pytestmark = [pytest.mark.slow, pytest.mark.airflow]


def test_a_job_that_takes_too_long_is_cancelled(airflow: Airflow, connected: RegistryAt) -> None:
    (connected.data / "people.csv").write_text("name\n ada\n", encoding="utf-8")
    connected.client.publish("recipes", "name: tidy\nsteps:\n  - op: clean_text\n")
    speaking = httpx.Client(
        base_url=f"{connected.address}/api/v1", headers={"Authorization": f"Bearer {connected.token}"}
    )
    with speaking as http:
        dataset = {"name": "late", "address": str(connected.data / "people.csv")}
        http.post("/datasets", json=dataset).raise_for_status()
        ran = airflow.run(
            """
            SanitizeJobOperator(
                task_id="deferred", dataset="late", recipe="tidy@latest", deferrable=True, poll_interval=0.1,
                execution_timeout=timedelta(seconds=6),
            )
            """,
            imports="from datetime import timedelta",
        )
        jobs = http.get("/jobs").raise_for_status().json()["items"]
    assert ran.tasks == {"deferred": "failed"}, ran.said
    assert [each["state"] for each in jobs] == ["cancelled"], ran.said
    assert "took too long, and is cancelled" in ran.said


def test_what_the_registry_refuses_is_told(airflow: Airflow, connected: RegistryAt) -> None:
    ran = airflow.run("SanitizeJobOperator(task_id='clean', dataset='nowhere', recipe='tidy', retries=1)")
    assert (ran.tasks, ran.tries) == ({"clean": "failed"}, {"clean": 1}), ran.said
    assert "nowhere" in ran.said
