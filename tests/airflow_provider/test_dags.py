"""The example DAGs, run as they are on real Airflow."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import psycopg
import pytest

from airflow_provider.conftest import ROOT, RegistryAt
from airflow_provider.running import Airflow, Ran

pytestmark = [pytest.mark.slow, pytest.mark.airflow]

DAGS = sorted((ROOT / "dags").glob("*.py"))
RECIPE = """\
name: people
version: 1
steps:
  - {op: clean_text, params: {columns: [name], case: title}}
"""


def run(airflow: Airflow, name: str, **params: object) -> Ran:
    text = (ROOT / "dags" / f"{name}.py").read_text()
    return airflow.run_file(name, text, run_conf={key: str(value) for key, value in params.items()})


def column(place: Path | str, name: str) -> list[object]:
    with duckdb.connect() as connection:
        return [value for (value,) in connection.execute(f"SELECT {name} FROM '{place}' ORDER BY ALL").fetchall()]


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "people.yaml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def test_every_dag_is_short() -> None:
    assert len(DAGS) == 6
    assert all(len(path.read_text().splitlines()) < 60 for path in DAGS)


def test_new_files_are_cleaned_and_published_each_by_itself(airflow: Airflow, tmp_path: Path, recipe: Path) -> None:
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "good.csv").write_text("name\n ada  lovelace\nalan turing\n", encoding="utf-8")
    (landing / "bad.csv").write_text("name,a,b,c\nada,,,\nalan,,,\n", encoding="utf-8")
    folders = {"landing": landing, "work": tmp_path / "work", "published": tmp_path / "published"}
    ran = run(airflow, "clean_files", recipe=recipe, **folders)
    assert column(tmp_path / "published" / "good.parquet", "name") == ["Ada Lovelace", "Alan Turing"], ran.said
    assert sorted(path.name for path in (tmp_path / "published").iterdir()) == ["good.parquet"]
    states = {task.removeprefix("one_file."): state for task, state in ran.tasks.items()}
    assert (states["gate[0]"], states["publish[0]"]) == ("failed", "upstream_failed")
    assert (states["gate[1]"], states["publish[1]"]) == ("success", "success")
    again = run(airflow, "clean_files", recipe=recipe, **folders)
    assert list(again.returned["new_files"]) == [
        {"source": str(landing / "bad.csv"), "target": str(folders["work"] / "bad.parquet")}
    ]


def test_a_table_of_the_warehouse_is_cleaned_there(
    airflow: Airflow, postgres: str, connected: RegistryAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = psycopg.conninfo.conninfo_to_dict(postgres)
    connection = {"conn_type": "postgres", "host": told["host"], "login": told["user"], "schema": told["dbname"]}
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(connection))
    with psycopg.connect(postgres) as opened:
        opened.execute("CREATE SCHEMA dag_raw; CREATE SCHEMA dag_clean")
        opened.execute("CREATE TABLE dag_raw.people (name text)")
        opened.execute("INSERT INTO dag_raw.people VALUES (' ada  lovelace'), ('alan turing'), (NULL)")
    connected.client.publish("recipes", RECIPE.replace("people", "warehouse_people"))
    contract = {
        "contract": "warehouse_people_clean",
        "schema": {
            "schema_type": "dataframe",
            "version": "0.20.0",
            "columns": {"name": {"dtype": "str", "nullable": False}},
        },
    }
    connected.client.publish("contracts", json.dumps(contract))
    ran = run(
        airflow, "clean_in_warehouse", raw="dag_raw.people", clean="dag_clean.people",
        recipe="warehouse_people@latest", contract="warehouse_people_clean@1",
    )  # fmt: skip
    assert ran.state == "success", ran.said
    assert ran.returned["sanitize"]["rows"]["rejected"] == 1, "the row that breaks the contract is in quarantine"
    with psycopg.connect(postgres) as opened:
        found = opened.execute("SELECT name FROM dag_clean.people ORDER BY name").fetchall()
    assert found == [("Ada Lovelace",), ("Alan Turing",)]


def test_days_are_cleaned_with_values_measured_once(airflow: Airflow, tmp_path: Path) -> None:
    recipe = tmp_path / "fill.yaml"
    recipe.write_text(
        "name: fill\nsteps:\n  - {op: handle_missing, params: {columns: [n], strategy: median}}\n", encoding="utf-8"
    )
    (tmp_path / "days").mkdir()
    for name, lines in {"reference": "1\n3\n5\n", "days/1": '100\n""\n', "days/2": '""\n200\n'}.items():
        (tmp_path / f"{name}.csv").write_text("n\n" + lines, encoding="utf-8")
    ran = run(
        airflow, "backfill_with_pinned_fit", recipe=recipe, reference=tmp_path / "reference.csv",
        days=tmp_path / "days", clean=tmp_path / "clean",
    )  # fmt: skip
    assert ran.state == "success", ran.said
    assert [column(tmp_path / "clean" / f"{day}.parquet", "n") for day in (1, 2)] == [[3, 100], [3, 200]]


def test_rejected_rows_are_cleaned_by_a_newer_version_and_appended(airflow: Airflow, tmp_path: Path) -> None:
    from sanitizer_core import run as run_here

    (tmp_path / "people.csv").write_text("id,age\n1,30\n2,forty\n3,50\n", encoding="utf-8")
    old = {
        "name": "ages", "version": 1, "input": {"columns": {"age": "integer"}}, "steps": [{"op": "remove_duplicates"}],
    }  # fmt: skip
    new = {
        "name": "ages", "version": 2,
        "steps": [
            {"op": "replace_values", "params": {"columns": ["age"], "mapping": {"forty": "40"}}},
            {"op": "fix_dtypes", "params": {"columns": {"age": "integer"}}},
        ],
    }  # fmt: skip
    for name, told in (("old", old), ("new", new)):
        (tmp_path / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "table").mkdir()
    run_here(
        tmp_path / "people.csv",
        tmp_path / "old.json",
        tmp_path / "table" / "1.parquet",
        artifacts=tmp_path / "runs" / "1",
    )
    folders = {"runs": tmp_path / "runs", "table": tmp_path / "table"}
    ran = run(airflow, "quarantine_replay", recipe=tmp_path / "new.json", **folders)
    assert ran.state == "success", ran.said
    assert column(tmp_path / "table" / "*.parquet", "age") == [30, 40, 50]
    again = run(airflow, "quarantine_replay", recipe=tmp_path / "new.json", **folders)
    assert again.tasks == {"rejected": "success", "replay": "skipped"}, again.said


def test_every_night_somebody_is_told(airflow: Airflow, tmp_path: Path, connected: RegistryAt) -> None:
    from sanitizer_core import run as run_here

    (tmp_path / "night.json").write_text('{"name": "night"}', encoding="utf-8")
    (tmp_path / "good.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    connected.client.report(run_here(tmp_path / "good.csv", tmp_path / "night.json", tmp_path / "1.parquet").record)
    well = run(airflow, "nightly_quality", recipe="night")
    assert well.returned["all_is_well"] == "1 datasets are as they should be", well.said
    assert well.tasks["alert"] == "skipped"
    (tmp_path / "bad.csv").write_text("a,b,c\n1,,\n,,4\n", encoding="utf-8")
    connected.client.report(run_here(tmp_path / "bad.csv", tmp_path / "night.json", tmp_path / "2.parquet").record)
    told = run(airflow, "nightly_quality", recipe="night")
    assert told.returned["alert"].startswith(f"error: {tmp_path}/bad.csv: overall is "), told.said
    assert told.tasks["all_is_well"] == "skipped"
