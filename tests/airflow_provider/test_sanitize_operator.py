"""``SanitizeOperator`` and ``@task.sanitize`` on real Airflow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from airflow_provider.conftest import RegistryAt
from airflow_provider.running import Airflow

pytestmark = [pytest.mark.slow, pytest.mark.airflow]

RECIPE = """\
name: people
version: 3
steps:
  - {op: clean_text, params: {columns: [name], case: title}}
"""
STRICT = """\
contract: people_clean
version: 2
on_violation: fail
schema:
  schema_type: dataframe
  version: 0.20.0
  columns:
    id: {dtype: int64}
    name: {dtype: str, nullable: false}
"""
CLEAN = [("Ada Lovelace",), ("Alan Turing",), (None,)]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n1, ada  lovelace \n2,ALAN turing\n3,\n", encoding="utf-8")
    return path


def names(place: Path | str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT name FROM '{place}'").fetchall()


def test_a_file_is_cleaned_and_everything_is_told(airflow: Airflow, people: Path, connected: RegistryAt) -> None:
    out = people.with_name("clean.parquet")
    ran = airflow.run(
        f"""
        SanitizeOperator(
            task_id="clean", source="{people}", target="{out}", recipe="people.yaml",
            outlets=[Asset("file://{out}")],
        )
        """,
        files={"people.yaml": RECIPE},
    )
    assert (ran.state, ran.tasks) == ("success", {"clean": "success"}), ran.said
    assert names(out) == CLEAN
    summary = ran.returned["clean"]
    assert summary["recipe"]["name"] == "people"
    assert summary["rows"] == {"in": 3, "out": 3, "removed": 0, "rejected": 0}
    assert (summary["cells_changed"], summary["status"], summary["output"]) == (2, "passed", str(out))
    event = ran.events[f"file://{out}"]
    assert event["sanitizer"] == summary
    assert event["airflow.dataquality.result"] == {
        "run_uid": summary["run_id"],
        "ruleset": "people",
        "table": str(out),
        "score": summary["score"]["after"]["overall"] / 100,
        **dict.fromkeys(("passed", "warned", "failed", "errored"), 0),
        **{key: [] for key in ("failed_rules", "warned_rules")},
    }
    assert connected.client.run(summary["run_id"]).cells_changed == 2
    assert ran.links["clean"] == summary["link"] == f"{connected.address}/runs/{summary['run_id']}"


def test_an_alias_becomes_the_asset_of_the_output(airflow: Airflow, people: Path) -> None:
    out = people.with_name("clean.parquet")
    ran = airflow.run(
        f"SanitizeOperator(task_id='clean', source='{people}', target='{out}', recipe={RECIPE!r}, outlets=[AssetAlias('people')])"
    )
    assert ran.state == "success", ran.said
    assert ran.events[f"file://{out}"]["sanitizer"] == ran.returned["clean"]


def test_recipes_and_contracts_come_from_the_registry_and_from_the_dag(
    airflow: Airflow, people: Path, connected: RegistryAt
) -> None:
    connected.client.publish("recipes", RECIPE)
    connected.client.label("recipes", "people", "production", 3)
    connected.client.publish("contracts", STRICT)
    inline = {"name": "inline", "steps": [{"op": "drop_columns", "params": {"columns": ["id"]}}]}
    folder = people.parent
    ran = airflow.run(
        f"""
        clean = SanitizeOperator.partial(task_id="clean", source="{people}", fail_on="never").expand_kwargs([
            {{"recipe": "people@production", "target": "{folder}/0.parquet"}},
            {{"recipe": "people@3", "target": "{folder}/1.parquet", "contract": "people_clean@2"}},
            {{"recipe": {inline!r}, "target": "{folder}/2.parquet"}},
            {{"recipe": "nobody@1", "target": "{folder}/3.parquet"}},
            {{"recipe": "nowhere.yaml", "target": "{folder}/4.parquet"}},
        ])
        """
    )
    assert list(ran.tasks.values()) == ["success", "success", "success", "failed", "failed"], ran.said
    assert names(folder / "0.parquet") == CLEAN
    held = ran.returned["clean[1]"]
    assert (held["status"], held["output"], held["contract"]["broken"][0]["id"]) == ("failed", None, "name.nullable")
    assert not (folder / "1.parquet").exists()
    assert ran.returned["clean[2]"]["recipe"]["name"] == "inline"
    assert "the registry said no" in ran.said and "nowhere.yaml" in ran.said


def test_a_contract_fails_the_task_and_says_by_which_check(airflow: Airflow, people: Path) -> None:
    out = people.with_name("clean.parquet")
    ran = airflow.run(
        f"SanitizeOperator(task_id='clean', source='{people}', target='{out}', recipe={RECIPE!r}, contract='strict.yaml', retries=3)",
        files={"strict.yaml": STRICT},
    )
    assert ran.tasks == {"clean": "failed"}, "no retry can help"
    assert ran.returned["clean"]["status"] == "failed"
    assert "error: name.nullable" in ran.said and "(1 of 3 failed)" in ran.said


def test_values_of_an_earlier_run_are_pinned(airflow: Airflow, tmp_path: Path) -> None:
    recipe = {
        "name": "fill",
        "steps": [{"op": "handle_missing", "params": {"columns": ["n"], "strategy": "median"}}],
    }
    for name, numbers in (("first", "1\n3\n5\n"), ("second", "100\n300\n\n")):
        (tmp_path / f"{name}.csv").write_text("n\n" + numbers.replace("\n\n", '\n""\n'), encoding="utf-8")
    ran = airflow.run(
        f"""
        first = SanitizeOperator(task_id="first", source="{tmp_path}/first.csv", target="{tmp_path}/first.parquet", recipe={recipe!r})
        first >> SanitizeOperator(
            task_id="second", source="{tmp_path}/second.csv", target="{tmp_path}/second.parquet", recipe={recipe!r},
            fit="{tmp_path}/first.run",
        )
        """
    )
    assert ran.state == "success", ran.said
    with duckdb.connect() as connection:
        filled = connection.execute(f"SELECT n FROM '{tmp_path}/second.parquet'").fetchall()
    assert [float(n) for (n,) in filled] == [100, 300, 3]


def test_a_table_of_a_connection_is_cleaned_inside_its_database(
    airflow: Airflow, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = psycopg.conninfo.conninfo_to_dict(postgres)
    connection = {"conn_type": "postgres", "host": told["host"], "login": told["user"], "schema": told["dbname"]}
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(connection))
    with psycopg.connect(postgres) as opened:
        opened.execute("CREATE SCHEMA airflow_raw")
        opened.execute("CREATE TABLE airflow_raw.people AS SELECT 1 AS id, ' ada  lovelace '::text AS name")
    ran = airflow.run(
        f"""
        clean = SanitizeOperator(
            task_id="clean", source="airflow_raw.people", source_conn_id="warehouse",
            target="airflow_raw.clean", target_conn_id="warehouse", recipe={RECIPE!r},
        )
        clean >> RestoreOperator(
            task_id="undo", run=clean.output, run_conn_id="warehouse", target="airflow_raw.back", target_conn_id="warehouse"
        )
        """
    )
    assert ran.state == "success", ran.said
    assert ran.returned["clean"]["engine"] == "postgres"
    with psycopg.connect(postgres) as opened:
        assert opened.execute("SELECT name FROM airflow_raw.clean").fetchall() == [("Ada Lovelace",)]
        assert opened.execute("SELECT name FROM airflow_raw.back").fetchall() == [(" ada  lovelace ",)]


def test_the_decorator_cleans_what_a_function_returns(airflow: Airflow, people: Path) -> None:
    folder = people.parent
    ran = airflow.run(
        f"""
        @task.sanitize(recipe={RECIPE!r}, target="{folder}/frame.parquet")
        def frame():
            import pandas
            return pandas.DataFrame({{"id": [1], "name": [" grace  hopper"]}})

        @task.sanitize(recipe={RECIPE!r}, target="{folder}/file.parquet")
        def address(folder):
            return folder + "/people.csv"

        frame() >> address("{folder}")
        """
    )
    assert ran.state == "success", ran.said
    assert names(folder / "frame.parquet") == [("Grace Hopper",)]
    assert names(folder / "file.parquet") == CLEAN
    assert ran.returned["address"]["source"] == str(people)
