"""Airflow's provider and ``dbt-ol`` as they are, pointed at the registry by nothing but its address and a token."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from registry.served import Served

pytestmark = pytest.mark.slow

DAG = """
import warnings
warnings.simplefilter("ignore")
if __name__ == "__main__":
    from airflow.utils.db import initdb
    initdb()
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset
with DAG("shop.nightly", schedule=None) as dag:
    first = EmptyOperator(task_id="load", outlets=[Asset("postgres://db:5432/shop/public/raw")])
    first >> EmptyOperator(task_id="clean", inlets=[Asset("postgres://db:5432/shop/public/raw")], outlets=[Asset("postgres://db:5432/shop/public/clean")])
if __name__ == "__main__":
    print(dag.test().state)
"""


@pytest.fixture
def emitter(join: Any, served: Served) -> tuple[Any, str]:
    """Somebody who looks at the graph, and the token of a program that may report and nothing else."""
    ada = join()
    return ada.http, ada.http.post("/tokens", json={"name": "emitter", "scopes": ["report"]}).json()["token"]


def ran(command: list[str], folder: Path, **environment: str) -> str:
    told = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout + told.stderr


def test_airflow_tells_of_its_tasks(emitter: tuple[Any, str], served: Served, tmp_path: Path) -> None:
    http, token = emitter
    auth = f'{{"type": "api_key", "apiKey": "{token}"}}'
    transport = f'{{"type": "http", "url": "{served.address}", "auth": {auth}, "compression": "gzip"}}'
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "dag.py").write_text(DAG)
    said = ran(
        [sys.executable, "dags/dag.py"],
        tmp_path,
        AIRFLOW_HOME=str(tmp_path),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{tmp_path}/airflow.db",
        AIRFLOW__OPENLINEAGE__TRANSPORT=transport,
        AIRFLOW__OPENLINEAGE__NAMESPACE="airflow",
    )
    assert "success" in said
    job = http.get("/namespaces/airflow/jobs/shop.nightly.clean").json()
    assert job["latestRun"]["state"] == "COMPLETED", said
    assert (job["parentJobName"], job["simpleName"]) == ("shop.nightly", "clean")
    graph = http.get("/lineage", params={"nodeId": "dataset:postgres://db:5432:shop.public.clean"}).json()["graph"]
    assert {"job:airflow:shop.nightly.load", "dataset:postgres://db:5432:shop.public.raw"} <= {
        each["id"] for each in graph
    }


def test_dbt_tells_of_its_models_and_tests(emitter: tuple[Any, str], served: Served, tmp_path: Path) -> None:
    http, token = emitter
    profile = f"{{target: t, outputs: {{t: {{type: duckdb, path: {tmp_path}/shop.duckdb, threads: 1}}}}}}"
    files = {
        "dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n",
        "profiles.yml": f"shop: {profile}\n",
        "models/raw.sql": "{{ config(materialized='table') }} select 1 as id, ' Ada ' as name",
        "models/clean.sql": "{{ config(materialized='table') }} select id, trim(name) as name from {{ ref('raw') }}",
        "models/schema.yml": "models: [{name: clean, columns: [{name: id, data_tests: [not_null]}]}]\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    program = "import sys; from openlineage.dbt import main; sys.argv[0] = 'dbt-ol'; sys.exit(main())"
    ran(
        [sys.executable, "-c", program, "build", "--project-dir", ".", "--profiles-dir", "."],
        tmp_path,
        OPENLINEAGE_URL=served.address,
        OPENLINEAGE_API_KEY=token,
        OPENLINEAGE_NAMESPACE="dbt",
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    )
    found = http.get("/search", params={"q": "clean", "filter": "DATASET"}).json()["results"]
    (clean,) = [each for each in found if each["name"].endswith("clean")]
    graph = {each["id"]: each for each in http.get("/lineage", params={"nodeId": clean["nodeId"]}).json()["graph"]}
    assert [each for each in graph if each.startswith("dataset:") and each.endswith(".raw")]
    assertions = graph[clean["nodeId"]]["data"]["facets"]["dataQualityAssertions"]["assertions"]
    assert {(each["assertion"], each["column"], each["success"]) for each in assertions} == {("not_null", "id", True)}
    states = {each["latestRun"]["state"] for each in http.get("/namespaces/dbt/jobs").json()["jobs"]}
    assert states == {"COMPLETED"}
