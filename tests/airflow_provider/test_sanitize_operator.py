"""``SanitizeOperator`` on real Airflow."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from airflow_provider.running import Airflow

pytestmark = [pytest.mark.slow, pytest.mark.airflow]

RECIPE = """\
name: people
version: 3
steps:
  - {op: clean_text, params: {columns: [name], case: title}}
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n1, ada  lovelace \n2,ALAN turing\n3,Grace Hopper\n", encoding="utf-8")
    return path


def test_a_file_is_cleaned_into_another(airflow: Airflow, people: Path) -> None:
    out = people.with_name("clean.parquet")
    task = f"SanitizeOperator(task_id='clean', source={str(people)!r}, target={str(out)!r}, recipe='people.yaml', outlets=[Asset('file://{out}')])"
    ran = airflow.run(task, files={"people.yaml": RECIPE})
    assert (ran.state, ran.tasks) == ("success", {"clean": "success"}), ran.said
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT name FROM '{out}'").fetchall() == [
            ("Ada Lovelace",),
            ("Alan Turing",),
            ("Grace Hopper",),
        ]
    summary = ran.returned["clean"]
    assert summary["recipe"]["name"] == "people"
    assert summary["rows"] == {"in": 3, "out": 3, "removed": 0, "rejected": 0}
    assert (summary["cells_changed"], summary["status"]) == (2, "passed")
    event = ran.events[f"file://{out}"]
    assert event["sanitizer"] == summary
    assert event["airflow.dataquality.result"]["score"] == summary["score"]["after"]["overall"] / 100
