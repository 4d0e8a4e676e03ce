"""Reviewing what a run left to be looked at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from registry.dirty_runs import cells_of, every_item, report, run_here
from registry.served import Served, Somebody
from sanitizer_core import RunResult

PEOPLE = "id,name,age,city\n1,Ada,36,Rome\n2,Bob,400,\n3,Cy,,Oslo\n4,Dee,29,Bern\n5,Eve,-7,\n5,Eve,-7,\n"
RECIPE = """
name: people
version: 2
steps:
  - op: remove_duplicates
  - {op: handle_outliers, params: {columns: [age], method: range, min: 0, max: 120, action: flag}}
"""


@pytest.fixture
def ada(join: Any) -> Somebody:
    who: Somebody = join()
    return who


@pytest.fixture(scope="module")
def people(folder: Path) -> RunResult:
    return run_here(folder / "shared" / "people", PEOPLE, RECIPE)


@pytest.fixture
def path(ada: Somebody, people: RunResult) -> str:
    """The run, reported by an organisation that nobody else is of."""
    return report(ada, people)


def open_cells(who: Somebody, path: str, kind: str, **asked: Any) -> list[tuple[int, str, str | None]]:
    found = every_item(who, f"{path}/review", kind=kind, limit=2, **asked)
    return [(each["row"], each["column"], each["value"]) for each in found]


def decide(who: Somebody, path: str, reason: str, *cells: dict[str, Any], **more: Any) -> int:
    answer = who.http.post(f"{path}/review", json={"reason": reason, "cells": list(cells), **more})
    assert answer.status_code == 201, answer.text
    decided: int = answer.json()["decided"]
    return decided


def test_flagged_outliers_and_missing_cells_wait_to_be_looked_at(ada: Somebody, path: str) -> None:
    assert open_cells(ada, path, "outlier") == [(1, "age", "400"), (4, "age", "-7")]
    assert open_cells(ada, path, "missing") == [(2, "age", None), (1, "city", None), (4, "city", None)]
    assert open_cells(ada, path, "missing", column="city") == [(1, "city", None), (4, "city", None)]
    (first, *_) = ada.http.get(f"{path}/review", params={"kind": "outlier"}).json()["items"]
    assert first["cells"] == {"id": "2", "name": "Bob", "age": "400", "age_outlier": "true", "city": None}
    wrong = ada.http.get(f"{path}/review", params={"kind": "missing", "column": "town"})
    assert wrong.status_code == 422


def test_decisions_are_kept_with_who_why_and_when_and_the_last_counts(ada: Somebody, path: str, served: Served) -> None:
    decide(ada, path, "no idea", {"row": 1, "column": "age", "action": "keep"})
    decide(ada, path, "typing error", {"row": 1, "column": "age", "action": "set", "value": 40})
    assert open_cells(ada, path, "outlier") == [(4, "age", "-7")]
    (decided,) = every_item(ada, f"{path}/review", kind="outlier", state="decided")
    assert decided["decision"]["reason"] == "typing error" and decided["decision"]["value"] == 40
    told = every_item(ada, f"{path}/review/decisions")
    assert [each["reason"] for each in told] == ["typing error", "no idea"]
    assert {each["decided_by"] for each in told} == {ada.me["id"]} and all(each["created_at"] for each in told)
    with psycopg.connect(served.database) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("UPDATE review_decisions SET reason = 'another'")
    with psycopg.connect(served.database) as connection:
        connection.execute("SET ROLE sanitizer_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE review_decisions SET reason = 'another'")


def test_many_are_decided_at_once(ada: Somebody, path: str) -> None:
    assert decide(ada, path, "seen", {"row": 1, "column": "city", "action": "set", "value": "Paris"}) == 1
    every = {"kind": "missing", "column": "city", "action": "set", "value": "unknown"}
    assert decide(ada, path, "nobody knows", every=every) == 1, "the one that was open"
    assert decide(ada, path, "nobody knows", every=every) == 0
    assert open_cells(ada, path, "missing") == [(2, "age", None)]


def test_applying_gives_a_run_whose_log_holds_the_decisions_and_which_can_be_undone(ada: Somebody, path: str) -> None:
    decide(ada, path, "typing error", {"row": 1, "column": "age", "action": "set", "value": 40})
    decide(ada, path, "as he says", {"row": 4, "column": "age", "action": "remove"},
           {"row": 2, "column": "age", "action": "keep"})  # fmt: skip
    decide(ada, path, "looked up", {"row": 1, "column": "city", "action": "set", "value": "Paris"})
    before = ada.http.get(f"{path}/download", params={"format": "csv"}).text
    applied = ada.http.post(f"{path}/review/apply")
    assert applied.status_code == 201, applied.text
    made = applied.json()
    new = f"/runs/{made['id']}"
    assert path.endswith(made["parent"]) and made["record"]["parent"] == made["parent"]
    assert (made["recipe_name"], made["rows_in"], made["rows_out"], made["rows_removed"]) == ("people.review", 5, 4, 1)
    log = every_item(ada, f"{new}/changes")
    assert sorted((each["op"], each["row"], each["column"], each["old"], each["new"], each["reason"]) for each in log) == [
        ("review", 1, "age", "400", "40", "typing error"),
        ("review", 1, "city", None, "Paris", "looked up"),
    ]  # fmt: skip
    (removed,) = every_item(ada, f"{new}/removed")
    assert (removed["row"], removed["op"], removed["reasons"]) == (4, "review", ["as he says"])
    assert "Somebody" in made["record"]["steps"][0]["description"]
    after = cells_of(ada.http.get(f"{new}/download", params={"format": "csv"}).text)
    assert after[2] == ["2", "Bob", "40", "true", "Paris"] and len(after) == 5
    undone = ada.http.post(f"{new}/restore", json={"format": "csv"})
    assert cells_of(undone.text) == cells_of(before)
    again = ada.http.post(f"{path}/review/apply")
    assert (again.status_code, again.json()["id"]) == (200, made["id"])
    assert "own" not in str(made["record"]["artifacts"]), "where the store is, is the registry's own affair"
    assert {"decide", "apply-decisions"} <= {each["action"] for each in ada.http.get("/audit").json()["items"]}


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ({"row": 1, "column": "age", "action": "set", "value": "many"}, 422),
        ({"row": 5, "column": "age", "action": "keep"}, 422),
        ({"row": -1, "column": "age", "action": "keep"}, 422),
        ({"row": 1, "column": "agee", "action": "keep"}, 422),
        ({"row": 1, "column": "age", "action": "forget"}, 422),
    ],
)
def test_a_decision_that_speaks_of_no_cell_is_refused(
    ada: Somebody, path: str, cell: dict[str, Any], status: int
) -> None:
    answer = ada.http.post(f"{path}/review", json={"reason": "why", "cells": [cell]})
    assert answer.status_code == status, answer.text
    assert every_item(ada, f"{path}/review/decisions") == []


def test_two_who_apply_at_once_make_one_run_that_keeps_its_files(ada: Somebody, path: str) -> None:
    decide(ada, path, "typing error", {"row": 1, "column": "age", "action": "set", "value": 40})
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: ada.http.post(f"{path}/review/apply"), range(3)))
    assert sorted(each.status_code for each in found) == [200, 200, 201], [each.text for each in found]
    (made,) = {each.json()["id"] for each in found}
    assert len(every_item(ada, f"/runs/{made}/changes")) == 1


def test_nothing_to_apply_is_said(ada: Somebody, path: str) -> None:
    decide(ada, path, "fine", {"row": 1, "column": "age", "action": "keep"})
    assert ada.http.post(f"{path}/review/apply").status_code == 409


def test_reviews_are_of_members_and_of_their_organisation(join: Any, ada: Somebody, path: str) -> None:
    eve, viewer = join(), join(ada, "viewer")
    cell = {"row": 1, "column": "age", "action": "keep"}
    for who, status in ((eve, 404), (viewer, 403)):
        assert who.http.post(f"{path}/review", json={"reason": "x", "cells": [cell]}).status_code == status
        assert who.http.post(f"{path}/review/apply").status_code == status
    assert eve.http.get(f"{path}/review", params={"kind": "missing"}).status_code == 404
    assert viewer.http.get(f"{path}/review", params={"kind": "missing"}).status_code == 200
