"""What a DAG file costs to parse, what tasks tell of lineage, and what becomes of one that is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from airflow_provider.conftest import ROOT, RegistryAt
from airflow_provider.running import Airflow
from dbt_projects import PACKAGE

pytestmark = [pytest.mark.slow, pytest.mark.airflow]

HEAVY = ("sanitizer_core", "duckdb", "pandera", "pandas", "pyarrow", "sqlglot", "openlineage", "httpx")
RECIPE = {"name": "people", "steps": [{"op": "clean_text", "params": {"columns": ["name"], "case": "title"}}]}


def test_a_dag_file_loads_nothing_heavy(airflow_home: Path) -> None:
    program = f"""
import sys
import airflow.sdk, airflow.triggers.base, airflow.providers.common.compat.sdk
from airflow.sdk import BaseOperator, BaseHook, BranchMixIn, BaseOperatorLink, Asset, AssetAlias, DAG
from airflow.providers.common.compat.sdk import DecoratedOperator, AirflowFailException
before = set(sys.modules)
import sanitizer_airflow
for name in sanitizer_airflow.__all__:
    getattr(sanitizer_airflow, name)
with DAG("d", schedule=None):
    sanitizer_airflow.SanitizeOperator(task_id="t", source="s", recipe="r")
import sanitizer_airflow.decorators.sanitize
print(sorted(each for each in {HEAVY!r} if any(name.split(".")[0] == each for name in set(sys.modules) - before)))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stdout + done.stderr


def test_a_task_tells_the_exact_lineage_of_each_column(airflow: Airflow, tmp_path: Path) -> None:
    from sanitizer_api.lineage.spec import read

    source, target = tmp_path / "people.csv", tmp_path / "clean.parquet"
    source.write_text("id,name\n1, ada  lovelace\n2,\n", encoding="utf-8")
    contract = {
        "contract": "people_clean",
        "schema": {
            "schema_type": "dataframe",
            "version": "0.20.0",
            "columns": {"name": {"dtype": "str", "nullable": False}},
        },
    }
    kept = airflow.home / "events.jsonl"
    before = len(kept.read_text().splitlines()) if kept.exists() else 0
    ran = airflow.run(
        f"""
        clean = SanitizeOperator(
            task_id="clean", source="{source}", target="{target}", recipe={RECIPE!r}, contract={contract!r},
            fail_on="never", outlets=[Asset("file://{tmp_path}/elsewhere.parquet")],
        )
        clean >> ContractCheckOperator(task_id="check", source="{source}", contract={contract!r})
        """
    )
    events = [json.loads(line) for line in kept.read_text().splitlines()[before:]]
    for event in events:
        read(event)
    ends = {
        event["job"]["name"].rpartition(".")[2]: event for event in events if event["eventType"] in ("COMPLETE", "FAIL")
    }
    assert ends["clean"]["eventType"] == "COMPLETE" and ends["check"]["eventType"] == "FAIL", ran.said
    [given] = ends["clean"]["inputs"]
    outputs = {each["name"]: each for each in ends["clean"]["outputs"]}
    assert (given["namespace"], given["name"]) == ("file", str(source))
    assert set(outputs) == {str(target), f"{tmp_path}/elsewhere.parquet"}, "what the author named is there, too"
    [field] = outputs[str(target)]["facets"]["columnLineage"]["fields"]["name"]["inputFields"]
    assert (field["name"], field["field"], field["transformations"][0]["type"]) == (str(source), "name", "DIRECT")
    assert [each["status"] for each in ends["clean"]["run"]["facets"]["test"]["tests"]].count("fail") == 1
    [checked] = ends["check"]["inputs"]
    assert any(not each["success"] for each in checked["inputFacets"]["dataQualityAssertions"]["assertions"])


def test_lineage_that_fails_fails_no_task(airflow: Airflow, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("id,name\n1,ada\n", encoding="utf-8")
    ran = airflow.run(
        f"""
        class Broken(SanitizeOperator):
            def get_openlineage_facets_on_complete(self, task_instance):
                raise RuntimeError("no lineage today")

        Broken(task_id="clean", source="{source}", target="{tmp_path}/clean.parquet", recipe={RECIPE!r})
        """
    )
    assert ran.tasks == {"clean": "success"}, ran.said
    assert "no lineage today" in ran.said


def test_a_task_that_is_stopped_leaves_nothing_half_written(
    airflow: Airflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, scratch = tmp_path / "big.csv", tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("SANITIZER_SCRATCH", str(scratch))
    with duckdb.connect() as connection:
        rows = "SELECT range AS id, 'some  words ' || range AS name FROM range(2000000)"
        connection.execute(f"COPY ({rows}) TO '{source}'")

    def stop() -> None:
        until = time.monotonic() + 120
        while not any(scratch.glob("*/*")) and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    stopper = threading.Thread(target=stop)
    stopper.start()
    try:
        ran = airflow.run(
            f"SanitizeOperator(task_id='clean', source='{source}', target='{tmp_path}/clean.parquet', recipe={RECIPE!r})"
        )
    finally:
        stopper.join()
        signal.signal(signal.SIGTERM, before)
    assert ran.tasks == {"clean": "failed"}, ran.said
    assert "nothing was left half-written" in ran.said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big.csv", "scratch"]
    assert not any(scratch.iterdir())


def test_a_dbt_project_is_brought_in_step_with_the_registry(
    airflow: Airflow, tmp_path: Path, connected: RegistryAt
) -> None:
    recipe = "name: dbt_people\nversion: 1\ninput: {columns: {name: string}}\nsteps:\n  - {op: clean_text, params: {columns: [name]}}\n"
    connected.client.publish("recipes", recipe)
    project = tmp_path / "project"
    project.mkdir()
    (project / "dbt_project.yml").write_text("name: shop\nversion: '1.0'\nprofile: shop\n")
    (project / "sanitizer.yml").write_text("adapters: [duckdb]\nrecipes: [recipes/people.yaml]\n")
    (project / "packages.yml").write_text(f"packages: [{{local: {PACKAGE}}}]\n")
    told: dict[str, Any] = {"project_dir": str(project), "recipes": {"recipes/people.yaml": "dbt_people@1"}}
    ran = airflow.run(
        f"""
        DbtSyncOperator(task_id="write", **{told!r}) >> DbtSyncOperator(task_id="check", check=True, **{told!r})
        """
    )
    assert ran.state == "success", ran.said
    assert (project / "recipes" / "people.yaml").read_text() == recipe
    assert "macros/sanitizer/dbt_people_v1.sql" in ran.returned["write"]
    (project / "macros" / "sanitizer" / "dbt_people_v1.sql").write_text("edited by hand")
    again = airflow.run(f"DbtSyncOperator(task_id='check', check=True, **{told!r})")
    assert again.tasks == {"check": "failed"} and "is not in step" in again.said


def test_the_examples_of_the_page_run(airflow: Airflow, airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from test_docs import blocks

    files = airflow_home / "dags"
    (files / "customers.csv").write_text("name\n ada  lovelace\nalan turing\n", encoding="utf-8")
    monkeypatch.chdir(files)
    page = [each for each in blocks(ROOT / "docs" / "airflow.md") if each.language == "python"]
    dags = {str(each.title).removeprefix("dags/").removesuffix(".py"): each.body for each in page if each.title}
    for name, text in dags.items():
        ran = airflow.run_file(name, text)
        assert ran.state == "success", ran.said
    assert set(dags) == {"customers", "every_operator"}


def test_what_went_wrong_is_told_and_tried_again_only_where_that_can_help(
    airflow: Airflow, registry: RegistryAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, full = tmp_path / "people.csv", tmp_path / "full.csv"
    source.write_text("id,name\n" + "1,ada\n" * 100, encoding="utf-8")
    full.symlink_to("/dev/full")
    gone = {"conn_type": "sanitizer", "host": "http://127.0.0.1:9", "password": "dst_x"}
    told = {"known": registry.connection(), "wrong": registry.connection(password="dst_x"), "gone": json.dumps(gone)}
    for name, connection in told.items():
        monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", connection)
    wanted: dict[str, dict[str, Any]] = {
        "unknown_operation": {"recipe": {"name": "r", "steps": [{"op": "clean_txt"}]}},
        "no_registry": {"recipe": "people@production"},
        "unknown_recipe": {"recipe": "nobody@1", "sanitizer_conn_id": "known"},
        "wrong_token": {"recipe": "people@1", "sanitizer_conn_id": "wrong"},
        "registry_away": {"recipe": "people@1", "sanitizer_conn_id": "gone"},
        "full_disk": {"recipe": RECIPE, "target": str(full)},
    }
    ran = airflow.run(
        f"""
        for name, told in {wanted!r}.items():
            SanitizeOperator(
                task_id=name, **{{"source": "{source}", "target": "{tmp_path}/out.parquet"}} | told,
                retries=1, retry_delay=timedelta(0),
            )
        """,
        imports="from datetime import timedelta",
    )
    assert ran.tasks == dict.fromkeys(wanted, "failed"), ran.said
    assert {name for name, tries in ran.tries.items() if tries == 2} == {"registry_away", "full_disk"}
    for message in (
        "Did you mean 'clean_text'", "the task names none", "there is no recipe 'nobody'", "the registry said no",
        "http://127.0.0.1:9 does not answer", "full.csv cannot be written: No space left on device",
    ):  # fmt: skip
        assert message in ran.said, message
    assert not (tmp_path / "out.parquet").exists()


def test_a_task_that_takes_too_long_says_so_and_leaves_nothing(airflow: Airflow, tmp_path: Path) -> None:
    source = tmp_path / "big.csv"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT range AS id, 'some  words ' || range AS name FROM range(3000000)) TO '{source}'"
        )
    ran = airflow.run(
        f"""
        SanitizeOperator(
            task_id="clean", source="{source}", target="{tmp_path}/clean.parquet", recipe={RECIPE!r},
            execution_timeout=timedelta(seconds=1),
        )
        """,
        imports="from datetime import timedelta",
    )
    assert ran.tasks == {"clean": "failed"}, ran.said
    assert "AirflowTaskTimeout" in ran.said, ran.said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big.csv"]
