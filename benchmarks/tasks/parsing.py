"""What a DAG file with all our operators takes to be parsed, beyond one with as many of Airflow's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

OURS = """
from airflow.sdk import DAG, task

from sanitizer_airflow import (
    ContractCheckOperator,
    DbtSyncOperator,
    QualityGateOperator,
    RestoreOperator,
    SanitizeJobOperator,
    SanitizeOperator,
)

with DAG("ours", schedule=None):
    clean = SanitizeOperator(task_id="clean", source="a.csv", target="b.csv", recipe="r@1")
    clean >> QualityGateOperator(task_id="gate", run=clean.output, min_score=90)
    ContractCheckOperator(task_id="check", source="b.csv", contract="c@1")
    SanitizeJobOperator(task_id="job", dataset="a", recipe="r", deferrable=True)
    RestoreOperator(task_id="undo", run=clean.output, target="c.csv")
    DbtSyncOperator(task_id="sync", project_dir="dbt")

    @task.sanitize(recipe="r@1")
    def table():
        return "a.csv"

    table()
"""
AIRFLOWS = """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("airflows", schedule=None):
    first = BashOperator(task_id="first", bash_command="true")
    first >> BashOperator(task_id="gate", bash_command="true")
    for number in range(4):
        BashOperator(task_id=f"task{number}", bash_command="true")

    @task
    def table():
        return "a.csv"

    table()
"""
PROGRAM = """
import sys, time
from airflow.dag_processing.dagbag import DagBag

def seconds(path):
    began = time.perf_counter()
    bag = DagBag(path)
    assert len(bag.dags) == 1, bag.import_errors
    return time.perf_counter() - began

airflows, ours = sys.argv[1:]
seconds(airflows)  # What Airflow itself does only once.
print(seconds(airflows), seconds(ours), seconds(ours))
"""


def seconds(folder: Path, times: int) -> tuple[float, float, float]:
    """Seconds to parse Airflow's own, ours for the first time in a process, and ours again (medians over processes)."""
    files = {"airflows.py": AIRFLOWS, "ours.py": OURS}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, *(str(folder / name) for name in files)]
    environment = os.environ | {"AIRFLOW_HOME": str(folder / "home"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    environment["AIRFLOW__CORE__DAGS_FOLDER"] = str(folder)
    found = []
    for _ in range(times):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found.append(tuple(map(float, done.stdout.splitlines()[-1].split())))
    airflows, first, again = (median(each) for each in zip(*found, strict=True))
    return airflows, first, again
