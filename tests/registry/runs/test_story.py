"""The story of a row or a cell over the runs of a dataset."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from registry.dirty_runs import every_item, run_here
from registry.served import Somebody
from sanitizer_core import RunResult, run
from sanitizer_core.audit.asking import KeptRun
from sanitizer_core.audit.files import RunFiles
from sanitizer_core.audit.story import tell

RECIPE = """
name: people
steps:
  - {op: clean_text, params: {columns: [name], case: title}}
  - remove
  - {op: handle_missing, params: {columns: [age], strategy: constant, value: 0}}
"""
REMOVE = "{op: filter_rows, params: {drop: \"name = 'Nobody'\"}}"
SORT = "{op: sort_rows, params: {by: [id]}}"
FIRST = "id,name,age\n3, ada ,36\n1,nobody,1\n2,bob,\n"
SECOND = "id,name,age\n1,nobody,1\n2,BOB,41\n9,eve,5\n3,ada,\n"


@pytest.fixture(scope="module")
def twice(folder: Path) -> list[RunResult]:
    """Two runs on one file, which holds other rows in another order the second time."""
    made = []
    for number, rows in enumerate((FIRST, SECOND)):
        place = folder / "shared" / "story"
        place.mkdir(parents=True, exist_ok=True)
        (place / "people.csv").write_text(rows)
        (place / "recipe.yaml").write_text(RECIPE.replace("remove", REMOVE, 1))
        made.append(run(place / "people.csv", place / "recipe.yaml", artifacts=place / f"{number}.run"))
    return made


@pytest.fixture
def told(join: Any, twice: list[RunResult]) -> tuple[Somebody, str]:
    ada: Somebody = join()
    for day, each in enumerate(twice, 1):
        # Both began within a second, which is all that a record tells.
        dated = each.record.model_copy(update={"started": f"2026-01-0{day}T06:00:00+00:00"})
        ada.http.post("/runs", json=dated.model_dump(mode="json", by_alias=True)).raise_for_status()
    return ada, str(twice[0].record.source["address"])


def test_a_row_is_followed_by_its_key_through_the_runs(told: tuple[Somebody, str], twice: list[RunResult]) -> None:
    ada, dataset = told
    chapters = every_item(ada, "/story", dataset=dataset, key="id", value="3", limit=1)
    assert [each["run_id"] for each in chapters] == [each.record.run_id for each in twice]
    first, second = (each["rows"][0] for each in chapters)
    assert (first["row"], second["row"]) == (0, 3)
    assert [(each["column"], each["old"], each["new"]) for each in first["changes"]] == [("name", " ada ", "Ada")]
    assert [(each["column"], each["old"], each["new"]) for each in second["changes"]] == [
        ("name", "ada", "Ada"), ("age", None, "0"),
    ]  # fmt: skip
    assert first["cells"] == {"id": "3", "name": "Ada", "age": "36"} and second["gone"] is None


def test_one_cell_of_it_alone(told: tuple[Somebody, str]) -> None:
    ada, dataset = told
    chapters = every_item(ada, "/story", dataset=dataset, key="id", value="2", column="age")
    assert [each["rows"][0]["cells"] for each in chapters] == [{"age": "0"}, {"age": "41"}]
    assert [len(each["rows"][0]["changes"]) for each in chapters] == [1, 0]


def test_a_row_that_went_is_found_by_what_was_read_of_it(told: tuple[Somebody, str]) -> None:
    ada, dataset = told
    chapters = every_item(ada, "/story", dataset=dataset, key=["id", "name"], value=["1", "nobody"])
    for chapter in chapters:
        (row,) = chapter["rows"]
        assert row["gone"]["op"] == "filter_rows" and row["cells"] is None
    nobody = every_item(ada, "/story", dataset=dataset, key="id", value="77")
    assert [each["rows"] for each in nobody] == [[], []]


def test_a_run_upon_the_output_goes_on_with_the_story(told: tuple[Somebody, str], twice: list[RunResult]) -> None:
    ada, dataset = told
    path = f"/runs/{twice[0].record.run_id}/review"
    cell = {"row": 1, "column": "name", "action": "set", "value": "Robert"}
    ada.http.post(path, json={"reason": "so he writes", "cells": [cell]}).raise_for_status()
    new = ada.http.post(f"{path}/apply").json()["id"]
    for asked in ({"key": "id", "value": "2"}, {"row": 2}):
        chapters = {each["run_id"]: each for each in every_item(ada, "/story", dataset=dataset, **asked)}
        (row,) = chapters[new]["rows"]
        assert (row["row"], row["changes"][0]["reason"], row["cells"]["name"]) == (1, "so he writes", "Robert"), asked


def test_a_run_whose_files_are_gone_says_so_and_the_others_are_told(
    told: tuple[Somebody, str], twice: list[RunResult]
) -> None:
    ada, dataset = told
    lost = twice[0].record.model_copy(
        update={"run_id": str(uuid.uuid4()), "artifacts": {}, "started": "2020-01-01T00:00:00+00:00"}
    )
    ada.http.post("/runs", json=lost.model_dump(mode="json", by_alias=True)).raise_for_status()
    chapters = every_item(ada, "/story", dataset=dataset, key="id", value="3")
    assert chapters[0]["run_id"] == lost.run_id and "files-out-of-reach" in chapters[0]["problem"]["type"]
    assert [each["problem"] for each in chapters[1:]] == [None, None]


@pytest.mark.parametrize(
    "asked",
    [{}, {"row": 1, "key": "id", "value": "1"}, {"key": "id"}, {"key": ["id", "id"], "value": ["1", "2"]}, {"row": -1}],
)
def test_the_row_is_said_in_one_way(told: tuple[Somebody, str], asked: dict[str, Any]) -> None:
    ada, dataset = told
    assert ada.http.get("/story", params={"dataset": dataset, **asked}).status_code in (400, 422)


def test_a_registered_dataset_has_its_story(told: tuple[Somebody, str], join: Any) -> None:
    ada, dataset = told
    made = ada.http.post("/datasets", json={"name": "people", "address": dataset}).json()["id"]
    assert len(every_item(ada, f"/datasets/{made}/story", row=0)) == 2
    eve = join()
    assert eve.http.get(f"/datasets/{made}/story", params={"row": 0}).status_code == 404
    assert every_item(eve, "/story", dataset=dataset, row=0) == []


@pytest.mark.parametrize("step", [REMOVE, f"{REMOVE}\n  - {SORT}"])
def test_every_row_of_an_output_is_found_by_its_key_and_its_number(tmp_path: Path, step: str) -> None:
    rows = "id,name,age\n" + "".join(
        f"{number},{'nobody' if number % 3 == 0 else 'x'},1\n" for number in range(9, 0, -1)
    )
    result = run_here(tmp_path, rows, RECIPE.replace("remove", step, 1))
    with KeptRun.open(RunFiles.at(str(result.folder))) as kept:
        for row, number in enumerate(range(9, 0, -1)):
            by_key, by_number = tell(kept, key={"id": str(number)}), tell(kept, row=row)
            assert by_key == by_number and by_key[0].row == row
            assert (by_key[0].gone is None) == (number % 3 != 0)
            assert by_key[0].gone or (by_key[0].cells or {})["id"] == str(number)
