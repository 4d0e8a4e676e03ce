"""Tasks as Airflow runs them: a real scheduler with LocalExecutor, each task a process of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from showcase import airflow as airflow_of
from showcase import registry
from showcase.airflow import Airflow
from showcase.processes import Processes, program

TASKS = ("nothing", "command", "operator", "reported")
"""A task that does nothing, ``sanitizer run`` in a ``BashOperator``, our operator, and the same with a registry."""

DAG = """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

from sanitizer_airflow import SanitizeOperator

with DAG("overhead", schedule=None):
    told = {"source": "{{ params.source }}", "recipe": "{{ params.recipe }}"}
    run = "{{ params.program }} run {{ params.recipe }} {{ params.source }} -o {{ params.folder }}/command.csv"
    nothing = BashOperator(task_id="nothing", bash_command="true")
    command = BashOperator(task_id="command", bash_command=run)
    operator = SanitizeOperator(task_id="operator", target="{{ params.folder }}/operator.csv", **told)
    reported = SanitizeOperator(
        task_id="reported", target="{{ params.folder }}/reported.csv", sanitizer_conn_id="registry", **told
    )
    nothing >> command >> operator >> reported
"""


def seconds(source: Path, recipe: Path, folder: Path, times: int) -> dict[str, float]:
    """Seconds of each task, from its start to its end as Airflow writes them down (medians; the first run does not count)."""
    with _airflow(folder) as airflow:
        found = [_durations(airflow, source, recipe, folder / "out" / str(number)) for number in range(times + 1)]
    return {task: median(each[task] for each in found[1:]) for task in TASKS}


def _durations(airflow: Airflow, source: Path, recipe: Path, out: Path) -> dict[str, float]:
    out.mkdir(parents=True)
    told = {"source": source, "recipe": recipe, "folder": out, "program": program("sanitizer")}
    run_id = airflow.run("overhead", {name: str(value) for name, value in told.items()})
    tasks = {each["task_id"]: each for each in airflow.tasks("overhead", run_id)}
    for name, task in tasks.items():
        assert task["state"] == "success", airflow.log("overhead", run_id, name)
    return {name: float(task["duration"]) for name, task in tasks.items()}


@contextmanager
def _airflow(folder: Path) -> Iterator[Airflow]:
    dags = folder / "dags"
    dags.mkdir()
    (dags / "overhead.py").write_text(DAG, encoding="utf-8")
    own = {"SANITIZER_HOME": str(folder / "registry"), "SANITIZER_SPOOL": str(folder / "spool")}
    processes = Processes(folder / "logs", os.environ | own)
    try:
        served = registry.serve(folder, processes)
        port = airflow_of.port_of(folder, processes)
        told = airflow_of.environment(folder / "airflow", dags, port)
        told["AIRFLOW_CONN_REGISTRY"] = json.dumps(
            {"conn_type": "sanitizer", "host": served.address, "password": served.token}
        )
        processes = Processes(folder / "logs", os.environ | own | told)
        yield Airflow.start(processes, port)
    finally:
        processes.stop()
