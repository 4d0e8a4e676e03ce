"""A real scheduler with LocalExecutor, a real registry with a worker, and dbt: all processes of their own."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from airflow_provider import images
from airflow_provider.conftest import ROOT, metadata_of
from showcase import airflow as airflow_of
from showcase import lineage, project, registry
from showcase.airflow import Airflow
from showcase.processes import Processes, program, wait_for
from showcase.registry import Served

pytestmark = [pytest.mark.slow, pytest.mark.airflow]

MANY = 100
"""As many as the DAG below maps over."""
DAGS = """
from airflow.sdk import DAG
from sanitizer_airflow import SanitizeJobOperator, SanitizeOperator

RECIPE = {"name": "people", "steps": [{"op": "clean_text", "params": {"columns": ["name"], "case": "title"}}]}
SLOW = {"name": "slow", "steps": [{"op": "clean_text", "params": {"columns": "all text", "case": "title"}}] * 3}

with DAG("many", schedule=None):
    SanitizeOperator.partial(task_id="clean", source="{{ params.source }}", recipe=RECIPE).expand(
        target=[f"{{{{ params.folder }}}}/{number}.parquet" for number in range(100)]
    )

with DAG("killed", schedule=None):
    SanitizeOperator(task_id="clean", source="{{ params.source }}", target="{{ params.target }}", recipe=SLOW, retries=0)

with DAG("away", schedule=None):
    SanitizeOperator(
        task_id="clean", source="{{ params.source }}", target="{{ params.target }}", recipe=RECIPE,
        sanitizer_conn_id="{{ params.conn_id }}",
    )

with DAG("job", schedule=None):
    SanitizeJobOperator(
        task_id="clean", dataset="{{ params.dataset }}", recipe="people@1", deferrable=True, poll_interval=1,
    )

with DAG("waiting_job", schedule=None):
    SanitizeJobOperator(
        task_id="clean", dataset="{{ params.dataset }}", recipe="people@1", deferrable=False, poll_interval=1,
    )
"""


@dataclass(frozen=True)
class Whole:
    """Everything that runs."""

    folder: Path
    processes: Processes
    registry: Served
    airflow: Airflow
    prepared: project.Prepared


@pytest.fixture(scope="module")
def whole() -> Iterator[Whole]:
    folder = Path(os.environ["SANITIZER_TEST_SERVERS"]) / "whole"
    folder.mkdir()
    metadata_of(ROOT, folder / "site")
    # What the tests in this process have told their own Airflow is not for this one.
    outside = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "OPENLINEAGE", "SANITIZER"))
    }
    paths = [folder / "site", ROOT, ROOT / "api", ROOT / "operators"]
    own = {
        "PYTHONPATH": os.pathsep.join(map(str, paths)), "SANITIZER_HOME": str(folder / "registry"),
        "SANITIZER_SPOOL": str(folder / "spool"), "SANITIZER_DATASET_FOLDERS": str(folder), "AIRFLOW__SANITIZER__THREADS": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "AIRFLOW_CONN_NOWHERE": json.dumps({"conn_type": "sanitizer", "host": "http://127.0.0.1:9", "password": "dst_x"}),
    }  # fmt: skip
    dags = folder / "dags"
    dags.mkdir()
    (dags / "tests.py").write_text(DAGS, encoding="utf-8")
    (dags / "dbt_pipeline.py").write_text((ROOT / "dags" / "dbt_pipeline.py").read_text(), encoding="utf-8")
    prepared = project.prepare(folder)
    processes = Processes(folder / "logs", outside | own)
    try:
        served = registry.serve(folder, processes)
        registry.publish(served, prepared.recipe, prepared.contract)
        port = airflow_of.port_of(folder, processes)
        wrong = {"conn_type": "sanitizer", "host": served.address, "password": "dst_wrong"}
        told = airflow_of.environment(folder / "airflow", dags, port) | served.environment()
        processes = Processes(folder / "logs", outside | own | told | {"AIRFLOW_CONN_WRONG": json.dumps(wrong)})
        project.sync(prepared, processes)
        yield Whole(folder, processes, served, Airflow.start(processes, port), prepared)
    finally:
        processes.stop()


@pytest.fixture(scope="module")
def people(whole: Whole) -> Path:
    path = whole.folder / "people.csv"
    path.write_text("id,name\n1, ada  lovelace \n2,ALAN turing\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def big(whole: Whole) -> Path:
    """A file that takes seconds to be cleaned."""
    path = whole.folder / "big.csv"
    with duckdb.connect() as connection:
        rows = (
            "SELECT range AS id, 'some  words ' || range AS name, 'and MORE  ' || range % 1000 AS b FROM range(3000000)"
        )
        connection.execute(f"COPY ({rows}) TO '{path}'")
    return path


def offered(whole: Whole, name: str, path: Path) -> None:
    """Makes a dataset of the registry of a file, and a recipe for it."""
    recipe = "name: people\nversion: 1\nsteps:\n  - {op: clean_text, params: {columns: [name], case: title}}\n"
    with whole.registry.client() as client:
        client.publish("recipes", recipe)
    headers = {"Authorization": f"Bearer {whole.registry.token}"}
    body = {"name": name, "address": str(path)}
    made = httpx.post(f"{whole.registry.address}/api/v1/datasets", json=body, headers=headers, timeout=60)
    assert made.is_success, made.text


def events_of(whole: Whole) -> list[dict[str, Any]]:
    return list(whole.registry.get("/events/lineage", limit=1000)["events"])


def completed(whole: Whole) -> dict[str, dict[str, Any]]:
    """The events of what is complete, by job."""
    return {event["job"]["name"]: event for event in events_of(whole) if event.get("eventType") == "COMPLETE"}


def test_a_file_lands_and_everything_from_it_to_the_last_column_of_dbt_is_one_graph(whole: Whole) -> None:
    run_id = whole.airflow.run("dbt_pipeline", whole.prepared.params(), patience=400)
    states = {each["task_id"]: each["state"] for each in whole.airflow.tasks("dbt_pipeline", run_id)}
    said = "\n".join(whole.airflow.log("dbt_pipeline", run_id, task) for task in states if states[task] != "success")
    assert set(states.values()) == {"success"}, said
    summary = whole.airflow.returned("dbt_pipeline", run_id, "sanitize")
    with whole.registry.client() as client:
        record = client.run(summary["run_id"])
        scores = [each for each in client.scores(recipe="chicago_sites") if each.run_id == summary["run_id"]]
    assert (record.cells_changed, record.rows.in_) == (summary["cells_changed"], 3337)
    assert scores[0].after == record.score["after"]["overall"]
    last = f"duckdb://{whole.prepared.warehouse}", "warehouse.main.sites_by_zip"
    ways = list(lineage.paths(lineage.edges(whole.registry, last), (*last, "example")))
    assert [(name, column) for _, name, column in max(ways, key=len)] == [
        (str(whole.prepared.source), "Site name"),
        ("warehouse.main.sites", "site_name"),
        ("warehouse.main.callable_sites", "site_name"),
        ("warehouse.main.sites_by_zip", "example"),
    ]
    # A task tells of itself from a process of its own, which may end after the task.
    wait_for("what the tasks tell", lambda: {"dbt_pipeline.sanitize", "chicago_sites"} <= set(completed(whole)))
    told = completed(whole)
    outputs = {each["name"] for each in told["dbt_pipeline.sanitize"]["outputs"]}
    assert "warehouse.main.sites" in outputs
    parent = told["chicago_sites"]["run"]["facets"]["parent"]
    assert parent["run"]["runId"] == told["dbt_pipeline.sanitize"]["run"]["runId"], "the run is a part of the task"
    assert parent["root"]["job"]["name"] == "dbt_pipeline"
    _undone_through_the_registry(whole, summary["run_id"])
    _every_event_is_valid(whole)


def _undone_through_the_registry(whole: Whole, run_id: str) -> None:
    headers = {"Authorization": f"Bearer {whole.registry.token}"}
    address = f"{whole.registry.address}/api/v1/runs/{run_id}/restore"
    answer = httpx.post(address, json={"format": "csv"}, headers=headers, timeout=120)
    assert answer.is_success, answer.text
    before = list(csv.reader(io.StringIO(whole.prepared.source.read_text(encoding="utf-8"), newline="")))
    assert list(csv.reader(io.StringIO(answer.text, newline=""))) == before


def _every_event_is_valid(whole: Whole) -> None:
    from sanitizer_api.lineage.spec import read

    told = [event for event in events_of(whole) if "run" in event]
    jobs = {event["job"]["name"].partition(".")[0] for event in told}
    assert {"dbt_pipeline", "warehouse", "chicago_sites"} <= jobs
    for event in told:
        read(event)


def test_a_hundred_mapped_tasks_are_each_there_once(whole: Whole, people: Path) -> None:
    folder = whole.folder / "many"
    run_id = whole.airflow.run("many", {"source": str(people), "folder": str(folder)}, patience=600)
    tasks = whole.airflow.tasks("many", run_id)
    assert [each["state"] for each in tasks] == ["success"] * MANY
    returned = [whole.airflow.returned("many", run_id, "clean", number) for number in range(MANY)]
    with whole.registry.client() as client:
        known = {run.id for run in client.runs(limit=MANY * 3, recipe="people")}
    assert len({each["run_id"] for each in returned}) == MANY
    assert {each["run_id"] for each in returned} <= known
    assert {path.name for path in folder.glob("*.parquet")} == {f"{number}.parquet" for number in range(MANY)}


def test_a_worker_that_is_killed_leaves_nothing_half_written(whole: Whole, big: Path) -> None:
    target = whole.folder / "big.parquet"
    run_id = whole.airflow.trigger("killed", {"source": str(big), "target": str(target)})

    def task() -> dict[str, Any]:
        return whole.airflow.tasks("killed", run_id)[0]

    wait_for("the task", lambda: bool(task()["pid"]) and task()["state"] == "running")
    os.kill(int(task()["pid"]), signal.SIGKILL)
    assert whole.airflow.wait("killed", run_id) == "failed"
    assert not target.exists()
    assert not list(whole.folder.glob("big.run*/run.json"))


@pytest.mark.parametrize(("conn_id", "message"), [("nowhere", "does not answer"), ("wrong", "the registry said no")])
def test_a_run_is_made_whatever_the_registry_says(whole: Whole, people: Path, conn_id: str, message: str) -> None:
    target = whole.folder / f"{conn_id}.parquet"
    told = {"source": str(people), "target": str(target), "conn_id": conn_id}
    run_id = whole.airflow.run("away", told)
    said = whole.airflow.log("away", run_id, "clean")
    assert whole.airflow.state("away", run_id) == "success", said
    assert target.exists()
    assert message in said and "is kept in" in said


def test_a_dataset_of_the_registry_is_cleaned_by_its_workers(whole: Whole, people: Path) -> None:
    offered(whole, "people", people)
    run_id = whole.airflow.run("job", {"dataset": "people"})
    assert whole.airflow.state("job", run_id) == "success", whole.airflow.log("job", run_id, "clean")
    summary = whole.airflow.returned("job", run_id, "clean")
    with whole.registry.client() as client:
        assert client.run(summary["run_id"]).cells_changed == summary["cells_changed"] == 2


def test_a_job_is_cancelled_when_somebody_kills_its_task(whole: Whole, big: Path) -> None:
    offered(whole, "big", big)

    def jobs() -> list[dict[str, Any]]:
        found = whole.registry.get("/jobs", limit=200)["items"]
        return [each for each in found if each["wanted"]["dataset"]["name"] == "big"]

    def begun(dag_id: str, state: str) -> str:
        run_id = whole.airflow.trigger(dag_id, {"dataset": "big"})
        wait_for(f"{dag_id} to wait", lambda: whole.airflow.tasks(dag_id, run_id)[0]["state"] == state)
        return run_id

    runs = {"waiting_job": begun("waiting_job", "running")}
    wait_for("the worker's work", lambda: [each["state"] for each in jobs()] == ["running"])
    worker = whole.processes.running()["worker"]
    os.killpg(worker, signal.SIGSTOP)  # From here on nothing ends by itself.
    try:
        runs["job"] = begun("job", "deferred")
        wait_for("both jobs", lambda: len(jobs()) == 2)
        # Airflow forgets a trigger of a task that is killed before the triggerer has it, and calls nothing of it.
        wait_for("the triggerer", lambda: " starting" in whole.airflow.log("job", runs["job"], "clean"))
        for dag_id, run_id in runs.items():
            place = f"{whole.airflow.address}/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/clean"
            httpx.patch(place, json={"new_state": "failed"}, timeout=60).raise_for_status()
        wait_for("that both are cancelled", lambda: all(each["cancel_requested_at"] for each in jobs()))
    finally:
        os.killpg(worker, signal.SIGCONT)
    wait_for("the end of both jobs", lambda: [each["state"] for each in jobs()] == ["cancelled"] * 2)
    assert {whole.airflow.wait(dag_id, run_id) for dag_id, run_id in runs.items()} == {"failed"}


def test_the_health_checks_of_the_containers_say_that_all_is_well(whole: Whole) -> None:
    """Each as its container runs it, but for the ports and the process that are others here."""
    here = {
        "http://127.0.0.1:8765": whole.registry.address, "http://127.0.0.1:8080": whole.airflow.address,
        "os.kill(1, 0)": f"os.kill({whole.processes.running()['worker']}, 0)",
    }  # fmt: skip
    checks = {name: images.health(name) for name in images.ours()}
    assert set(checks) == {"registry", "worker", "airflow", "scheduler", "dag-processor", "triggerer"}

    def started(command: list[str]) -> subprocess.Popen[bytes]:
        words = [reduce(lambda text, pair: text.replace(*pair), here.items(), word) for word in command]
        return subprocess.Popen(
            [program(words[0]), *words[1:]], env=dict(whole.processes.environment), stdout=subprocess.DEVNULL
        )

    asked = {name: started(command) for name, command in checks.items()}
    assert {name: process.wait(timeout=300) for name, process in asked.items()} == dict.fromkeys(checks, 0)
    sick = [word.replace("8765", "9") for word in checks["registry"]]
    assert subprocess.run([program(sick[0]), *sick[1:]], stderr=subprocess.DEVNULL, check=False).returncode != 0
