"""Sudden changes of scores."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from registry.dirty_runs import run_here
from sanitizer_core.quality.history import LEAST, Point, judge

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
"""A Monday."""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("run")
    result = run_here(folder, "name,age\n Ada ,36\nBob,\n Ada ,36\n", "name: people\nsteps:\n  - op: clean_text\n")
    told: dict[str, Any] = json.loads(result.record.model_dump_json(by_alias=True))
    return told


def day(record: dict[str, Any], number: int, score: float, **changes: Any) -> dict[str, Any]:
    """The run of a day, with this score before cleaning."""
    before = record["score"]["before"] | {"overall": score}
    started = (START + timedelta(days=number)).isoformat()
    run = {"run_id": str(uuid.uuid4()), "started": started, "score": record["score"] | {"before": before}}
    return record | run | changes


def report_all(who: Any, records: list[dict[str, Any]]) -> None:
    for each in records:
        answer = who.http.post("/runs", json=each)
        assert answer.status_code == 201, answer.text


def test_a_score_that_falls_suddenly_is_marked_with_its_evidence(join: Any, record: dict[str, Any]) -> None:
    ada, eve = join(), join()
    usual = [90.0, 91.0, 89.0, 90.5, 89.5, 90.0, 91.0, 90.0]
    report_all(ada, [day(record, number, score) for number, score in enumerate(usual)])
    assert ada.http.get("/anomalies").json()["items"] == []
    fallen = day(record, 8, 70.0)
    report_all(ada, [fallen])
    (found,) = ada.http.get("/anomalies").json()["items"]
    assert (found["run_id"], found["moment"], found["dimension"]) == (fallen["run_id"], "before", "overall")
    evidence = found["evidence"]
    assert evidence["history"] == usual and evidence["median"] == 90.0 and evidence["mad"] == 0.5
    assert found["z"] == evidence["z"] == pytest.approx(0.6745 * (70 - 90) / 0.5)
    assert ada.http.get("/anomalies", params={"dimension": "completeness"}).json()["items"] == []
    assert ada.http.get("/anomalies", params={"run_id": fallen["run_id"]}).json()["items"] == [found]
    points = ada.http.get("/scores").json()["items"]
    assert [each["before_z"] for each in points] == [found["z"], *[None] * 8]
    assert eve.http.get("/anomalies").json()["items"] == []
    ada.http.post("/runs", json=fallen)
    assert len(ada.http.get("/anomalies").json()["items"]) == 1


def test_runs_of_another_dataset_or_recipe_are_no_history(join: Any, record: dict[str, Any]) -> None:
    ada = join()
    report_all(ada, [day(record, number, 90.0) for number in range(9)])
    report_all(ada, [
        day(record, 9, 40.0, source=record["source"] | {"address": "another.csv"}),
        day(record, 9, 40.0, recipe=record["recipe"] | {"name": "another"}),
    ])  # fmt: skip
    assert ada.http.get("/anomalies").json()["items"] == []


def test_a_monday_is_judged_by_mondays_where_weeks_repeat_themselves(join: Any, record: dict[str, Any]) -> None:
    ada = join()
    weeks = [day(record, number, 60.0 if number % 7 == 0 else 90.0 + number % 3) for number in range(35)]
    report_all(ada, weeks)
    marked = {each["started_at"][:10] for each in ada.http.get("/anomalies").json()["items"]}
    assert "2026-02-02" not in marked, "the fifth Monday is as Mondays are"
    report_all(ada, [day(record, 35, 90.0)])
    (found, *_) = ada.http.get("/anomalies").json()["items"]
    assert found["started_at"].startswith("2026-02-09") and found["evidence"]["basis"] == "same weekday"
    assert found["evidence"]["history"] == [60.0] * 5


def at(number: int, value: float) -> Point:
    return Point(START + timedelta(days=number), value)


def test_nothing_is_judged_by_a_short_history() -> None:
    assert judge(at(9, 0.0), [at(number, 90.0) for number in range(LEAST - 1)]) is None
    assert judge(at(3, 0.0), [at(number, 90.0) for number in range(20)]) is None, "what came later is no history"


def test_a_score_that_never_moved_is_not_alarmed_by_a_tenth() -> None:
    history = [at(number, 100.0) for number in range(10)]
    small, large = judge(at(10, 99.9), history), judge(at(10, 90.0), history)
    assert small is not None and not small.is_sudden
    assert large is not None and large.is_sudden and (large.mad, large.spread) == (0.0, 0.5)
