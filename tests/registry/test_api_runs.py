"""Reporting runs, and their scores."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from sanitizer_core import run


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a real run wrote down."""
    folder: Path = tmp_path_factory.mktemp("run")
    (folder / "in.csv").write_text("name,age\n Ada ,36\nBob,\n Ada ,36\n")
    (folder / "recipe.yaml").write_text(
        "name: people\nversion: 3\nsteps:\n  - op: clean_text\n  - op: remove_duplicates\n"
    )
    run(folder / "in.csv", folder / "recipe.yaml", folder / "out.csv")
    told: dict[str, Any] = json.loads((folder / "out.run" / "run.json").read_text())
    return told


def again(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return record | {"run_id": str(uuid.uuid4())} | changes


def test_a_run_is_reported_once_however_often_it_is_sent(join: Any, record: dict[str, Any]) -> None:
    ada, sent = join(), again(record)
    answers = [ada.http.post("/runs", json=sent) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 200]
    view = ada.http.get(f"/runs/{sent['run_id']}").json()
    assert view["record"]["rows"] == {"in": 3, "out": 2, "removed": 1, "rejected": 0}
    assert (view["recipe_name"], view["recipe_version"], view["rows_removed"]) == ("people", 3, 1)
    assert len(ada.http.get("/runs").json()["items"]) == 1


def test_another_run_of_the_same_id_is_refused(join: Any, record: dict[str, Any]) -> None:
    ada, sent = join(), again(record)
    ada.http.post("/runs", json=sent)
    assert ada.http.post("/runs", json=sent | {"cells_changed": 99}).status_code == 409


def test_runs_of_one_id_in_two_organisations_are_two_runs(join: Any, record: dict[str, Any]) -> None:
    ada, eve, sent = join(), join(), again(record)
    assert ada.http.post("/runs", json=sent).status_code == 201
    assert eve.http.get(f"/runs/{sent['run_id']}").status_code == 404
    assert eve.http.post("/runs", json=sent | {"cells_changed": 99}).status_code == 201
    assert ada.http.get(f"/runs/{sent['run_id']}").json()["cells_changed"] == record["cells_changed"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"score": {"before": "good"}}, "score.before"),
        ({"score": {"after": {"overall": "good"}}}, "score.after.overall"),
        ({"score": {"after": {"overall": float("nan")}}}, "score.after.overall"),
        ({"score": {"after": {"columns": [1]}}}, "score.after.columns"),
        ({"score": {"after": {"columns": {"age": 1}}}}, "score.after.columns.age"),
        ({"status": "failed", "contract": {"checks": 3}}, "contract.checks"),
        ({"status": "failed", "contract": {"checks": [{"passed": False}]}}, "contract.checks.0.id"),
        ({"engine": "a\0b"}, "NUL"),
        ({"engine": "half of \ud83d"}, "no Unicode"),
        ({"source": {"address": "".join(uuid.uuid4().hex for _ in range(1000))}}, "too long"),
    ],
)
def test_a_record_that_no_run_writes_is_refused(
    join: Any, record: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    ada = join()
    sent = json.dumps(again(record, **changes))
    answer = ada.http.post("/runs", content=sent, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422 and said in answer.json()["detail"], answer.text
    assert ada.http.get("/runs").json()["items"] == []


def test_runs_are_listed_by_what_is_asked_for(join: Any, record: dict[str, Any]) -> None:
    ada = join()
    ada.http.post("/runs", json=again(record))
    ada.http.post("/runs", json=again(record, recipe=record["recipe"] | {"name": "other"}))
    assert len(ada.http.get("/runs").json()["items"]) == 2
    (found,) = ada.http.get("/runs", params={"recipe": "other"}).json()["items"]
    assert found["recipe_name"] == "other"
    assert ada.http.get("/runs", params={"status": "failed"}).json()["items"] == []


def test_scores_over_the_runs_of_a_dataset_by_dimension_and_column(join: Any, record: dict[str, Any]) -> None:
    ada = join()
    for _ in range(3):
        ada.http.post("/runs", json=again(record))
    points = ada.http.get("/scores", params={"dataset": record["source"]["address"]}).json()["items"]
    told = record["score"]
    assert [(each["before"], each["after"]) for each in points] == [
        (told["before"]["overall"], told["after"]["overall"])
    ] * 3
    (point, *_) = ada.http.get("/scores", params={"dimension": "completeness", "column": "age"}).json()["items"]
    assert point["before"] == pytest.approx(told["before"]["columns"]["age"]["completeness"])


@pytest.mark.parametrize("change", [{"run_id": "seven"}, {"started": "yesterday"}, {"rows": {}}, {"surprise": 1}])
def test_a_record_that_is_wrong_is_refused(join: Any, record: dict[str, Any], change: dict[str, Any]) -> None:
    assert join().http.post("/runs", json=record | change).status_code in (400, 422)


def test_a_reported_run_meets_what_others_tell_of_its_datasets(join: Any, record: dict[str, Any]) -> None:
    from registry.openlineage_events import dataset, event

    ada = join()
    raw, clean = "postgresql://db.example/shop?table=raw", "postgresql://db.example/shop?table=clean"
    sent = again(record, source=record["source"] | {"address": raw}, artifacts={"output": clean})
    assert ada.http.post("/runs", json=sent).status_code == 201
    loaded = event("COMPLETE", "dag.load", outputs=[dataset("shop.public.raw")])
    read = event("COMPLETE", "model.mart", namespace="dbt", inputs=[dataset("shop.public.clean")])
    assert ada.http.post("/lineage", json=[loaded, read]).status_code == 200
    graph = ada.http.get("/lineage", params={"nodeId": "job:dbt:model.mart"}).json()["graph"]
    jobs = {each["id"] for each in graph if each["type"] == "JOB"}
    assert jobs == {"job:airflow:dag.load", "job:sanitizer:people", "job:dbt:model.mart"}
    node = "datasetField:postgres://db.example:5432:shop.public.clean:name"
    columns = ada.http.get("/column-lineage", params={"nodeId": node}).json()["graph"]
    assert [each["data"]["dataset"] for each in columns] == ["shop.public.clean", "shop.public.raw"]
    assert ada.http.get(f"/jobs/runs/{sent['run_id']}").json()["state"] == "COMPLETED"


def test_a_record_that_says_no_events_is_kept_all_the_same(join: Any, record: dict[str, Any]) -> None:
    ada = join()
    changes: list[dict[str, Any]] = [
        {"contract": {"contract": "x"}},
        {"source": {}},
        {"recipe": record["recipe"] | {"name": ""}},
    ]
    for change in changes:
        assert ada.http.post("/runs", json=again(record, **change)).status_code == 201
    assert ada.http.get("/events/lineage").json()["totalCount"] == 0
