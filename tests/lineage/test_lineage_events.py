"""What a run tells in OpenLineage."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sanitizer_core import Recipe, run
from sanitizer_core.lineage import (
    DatasetName,
    Parent,
    dataset_name,
    failed_event,
    restored_event,
    run_events,
    text_of,
)
from sanitizer_core.record import RunRecord

RECIPE = """
name: people
version: 3
steps:
  - op: clean_text
    params: {columns: [name]}
  - op: mask
    params: {columns: [email], method: redact, key_env: MASK_KEY}
  - op: derive_column
    params: {name: both, expression: "concat(name, city)"}
contract:
  contract: people_clean
  version: 1
  schema:
    columns:
      name: {dtype: str, nullable: false, checks: {str_length: {min_value: 2}}}
"""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    folder: Path = tmp_path_factory.mktemp("lineage")
    (folder / "in.csv").write_text("name,email,city\n Ada ,a@example.com,x\nBob,b@example.com,\n")
    (folder / "recipe.yaml").write_text(RECIPE)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MASK_KEY", "k" * 32)
        return run(folder / "in.csv", folder / "recipe.yaml", folder / "out.parquet").record


def plain(event: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(text_of(event))
    return told


def test_a_run_begins_and_completes(record: RunRecord) -> None:
    begin, end, *checks = map(plain, run_events(record))
    assert [begin["eventType"], end["eventType"]] == ["START", "COMPLETE"]
    assert begin["run"]["runId"] == end["run"]["runId"] == record.run_id
    assert (end["job"]["namespace"], end["job"]["name"]) == ("sanitizer", "people")
    assert begin["eventTime"] <= end["eventTime"]
    assert end["inputs"][0]["namespace"] == "file" and end["inputs"][0]["name"].endswith("/in.csv")
    assert end["outputs"][0]["name"].endswith("/out.parquet")
    assert [each["job"]["name"] for each in checks] == ["people.people_clean"] * 2


def test_runs_that_follow_each_other_within_a_second_are_told_in_that_order(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name\nAda\n")
    recipe = Recipe.model_validate({"name": "r"})
    # Six, so that two of them begin within one second.
    records = [run(tmp_path / "in.csv", recipe, tmp_path / f"{number}.parquet").record for number in range(6)]
    events = [plain(event) for record in records for event in run_events(record)]
    moments = [dt.datetime.fromisoformat(event["eventTime"]) for event in events]
    assert moments == sorted(moments)


def test_the_contract_is_a_run_within_that_read_the_output(record: RunRecord) -> None:
    *_, begin, end = map(plain, run_events(record))
    assert [begin["eventType"], end["eventType"]] == ["START", "COMPLETE"]
    (checked,) = end["inputs"]
    assert checked["name"].endswith("/out.parquet")
    assertions = checked["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert {(each["name"], each["success"]) for each in assertions} >= {("name.str_length", True)}
    assert checked["inputFacets"]["dataQualityMetrics"]["rowCount"] == 2
    assert end["run"]["facets"]["parent"]["run"]["runId"] == record.run_id


def test_relative_paths_of_another_process_stay_as_they_are() -> None:
    assert dataset_name("in.csv", here=False) == DatasetName("file", "in.csv")


def test_the_parent_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    run = "0193a3c0-0000-7000-8000-000000000000"
    monkeypatch.setenv("OPENLINEAGE_PARENT_ID", f"airflow/dag/task/{run}")
    assert Parent.from_environment() == Parent(run, "airflow", "dag/task")
    monkeypatch.setenv("OPENLINEAGE_ROOT_PARENT_ID", f"airflow/dag/{run}")
    assert Parent.from_environment() == Parent(run, "airflow", "dag/task", Parent(run, "airflow", "dag"))
    for wrong in ("", "airflow/dag", "airflow/dag/seven"):
        monkeypatch.setenv("OPENLINEAGE_PARENT_ID", wrong)
        assert Parent.from_environment() is None


def test_every_event_is_as_the_specification_has_it(record: RunRecord) -> None:
    from sanitizer_api.lineage.spec import read

    root = Parent("0193a3c0-0000-7000-8000-000000000001", "airflow", "dag")
    parent = Parent("0193a3c0-0000-7000-8000-000000000000", "airflow", "dag.task", root)
    failed = record.model_copy(update={"status": "failed"})
    now = dt.datetime.now(dt.UTC)
    events = [*run_events(record, parent=parent), *run_events(failed), failed_event("x", "p", now)]
    events.append(restored_event(record, "again.csv", 2, record.run_id, now))
    for each in map(plain, events):
        read(each)


def test_each_column_says_what_it_comes_from_and_how(record: RunRecord) -> None:
    (output,) = plain(run_events(record)[1])["outputs"]
    fields = output["facets"]["columnLineage"]["fields"]
    told = {
        name: [
            (each["field"], each["transformations"][0]["subtype"], each["transformations"][0]["masking"])
            for each in field["inputFields"]
        ]
        for name, field in fields.items()
    }
    assert told == {
        "name": [("name", "TRANSFORMATION", False)],
        "email": [("email", "TRANSFORMATION", True)],
        "city": [("city", "IDENTITY", False)],
        "both": [("name", "TRANSFORMATION", False), ("city", "TRANSFORMATION", False)],
    }


def test_schema_counts_and_assertions_are_told(record: RunRecord) -> None:
    event = plain(run_events(record)[1])
    (output,) = event["outputs"]
    assert [each["name"] for each in output["facets"]["schema"]["fields"]] == ["name", "email", "city", "both"]
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 2
    read = event["inputs"][0]["inputFacets"]["dataQualityMetrics"]
    assert read["rowCount"] == 2
    assert {name: (each["nullCount"], each["count"]) for name, each in read["columnMetrics"].items()} == {
        "name": (0, 2), "email": (0, 2), "city": (1, 2)
    }  # fmt: skip
    written = output["facets"]["dataQualityMetrics"]["columnMetrics"]
    assert {name: each["nullCount"] for name, each in written.items()} == {"name": 0, "email": 0, "city": 1, "both": 0}
    assertions = output["facets"]["dataQualityAssertions"]["assertions"]
    assert {(each["name"], each["success"]) for each in assertions} >= {("name.str_length", True)}
    assert {each["status"] for each in event["run"]["facets"]["test"]["tests"]} == {"pass"}


def test_a_parent_is_named(record: RunRecord) -> None:
    root = Parent("0193a3c0-0000-7000-8000-000000000001", "airflow", "dag")
    parent = Parent("0193a3c0-0000-7000-8000-000000000000", "airflow", "dag.task", root)
    begun, *_, checked = (plain(each)["run"]["facets"]["parent"] for each in run_events(record, parent=parent))
    assert (begun["run"]["runId"], begun["job"]["name"]) == (parent.run_id, "dag.task")
    assert begun["root"]["run"]["runId"] == checked["root"]["run"]["runId"] == root.run_id
    assert checked["job"]["name"] == "people", "the check of the contract is a part of the run"


def test_what_failed_says_why(record: RunRecord) -> None:
    failed = record.model_copy(update={"status": "failed"})
    told = plain(run_events(failed)[1])
    assert told["eventType"] == "FAIL" and told["run"]["facets"]["errorMessage"]["message"]
    event = plain(failed_event("it broke", "people", dt.datetime.now(dt.UTC)))
    assert (event["eventType"], event["run"]["facets"]["errorMessage"]["message"]) == ("FAIL", "it broke")


def test_the_command_line_prints_the_events_of_a_run(record: RunRecord) -> None:
    folder = Path(record.artifacts["run"]).parent
    command = [sys.executable, "-c", "from sanitizer_core.cli import main; main()", "lineage", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [json.loads(each)["eventType"] for each in told] == ["START", "COMPLETE", "START", "COMPLETE"]


def test_no_event_holds_a_cell(record: RunRecord) -> None:
    text = json.dumps([plain(each) for each in run_events(record)])
    assert "example.com" not in text and "Bob" not in text


@pytest.mark.parametrize(
    ("address", "namespace", "name"),
    [
        ("s3://bucket/a/b.csv", "s3://bucket", "a/b.csv"),
        (
            "postgresql://ada:secret@db.example:5433/shop?table=raw.customers",
            "postgres://db.example:5433",
            "shop.raw.customers",
        ),
        ("postgresql://db.example/shop?table=customers", "postgres://db.example:5432", "shop.public.customers"),
        ("/data/a.csv", "file", "/data/a.csv"),
        ("-", "memory", "-"),
    ],
)
def test_datasets_are_called_as_others_call_them(address: str, namespace: str, name: str) -> None:
    assert dataset_name(address) == DatasetName(namespace, name)
