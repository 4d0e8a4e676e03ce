"""Somebody's rows go from all that a run kept; all others can still be explained and undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from sanitizer_core.audit.asking import ask
from sanitizer_core.pipeline.erasing import erase
from sanitizer_core.pipeline.restoring import restore
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe
from sanitizer_core.record import RunRecord

pytestmark = pytest.mark.slow

ADA = "ada@example.com"
CSV = f"""email,name,city,age
{ADA}, Ada ,Wien,3636
bob@example.com,Bob,Rom,41
 ADA@example.com,Ada II,Bonn,37
eve@example.com,Eve,Oslo,
{ADA},Ada again,Wien,200
bob@example.com,Bob,Rom,41
zoe@example.com,Zoe,Kiel,not a number
this line,has,too,many,cells {ADA}
"""
RECIPE = """
name: customers
steps:
  - {op: clean_text, params: {columns: [email, name], case: lower}}
  - {op: drop_columns, params: {columns: [city]}}
  - {op: filter_rows, params: {drop: "age = '200'"}}
  - {op: remove_duplicates}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_text(CSV)
    run(str(tmp_path / "in.csv"), Recipe.loads(RECIPE), artifacts=str(tmp_path / "run"))
    return tmp_path / "run"


def everything(folder: Path) -> str:
    """All that stands in the files of a run, as text."""
    found = [path.read_bytes().decode(errors="replace") for path in folder.iterdir() if path.suffix != ".parquet"]
    with duckdb.connect() as connection:
        for path in folder.glob("*.parquet"):
            found += map(str, connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall())
    return "\n".join(found)


def undone(folder: Path, to: Path) -> list[tuple[Any, ...]]:
    restore(folder, str(to))
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?)", [str(to)]).fetchall()


def test_nothing_is_left_of_the_rows_and_the_rest_can_be_undone(folder: Path, tmp_path: Path) -> None:
    before = undone(folder, tmp_path / "before.parquet")
    assert ADA in everything(folder)
    erased = erase(str(folder), "email", [ADA])
    left = everything(folder)
    for trace in (ADA, "Ada", "ada again", "Wien", "Bonn", "3636", "ADA@"):
        assert trace not in left, trace
    after = undone(folder, tmp_path / "after.parquet")
    mine = {0, 2, 4}
    assert [row for place, row in enumerate(after) if place not in mine] == [
        row for place, row in enumerate(before) if place not in mine
    ]
    assert all(cell is None for place in mine for cell in after[place])
    assert erased.looked_at == 8 and erased.entries["clean"] == 2
    assert erased.entries["removed"] == 1 and erased.entries["lines"] == 1


def test_the_record_still_adds_up_and_tells_that_rows_went(folder: Path) -> None:
    before = RunRecord.load(folder)
    erased = erase(str(folder), "email", [ADA])
    after = RunRecord.load(folder)
    assert erased.record == after
    assert after.rows.in_ == after.rows.out + after.rows.removed + after.rows.rejected == before.rows.in_
    assert after.rows.out == before.rows.out - 2
    assert "erased" in after.notes[-1]
    assert [each["what"] for each in ask(folder, row=0).gone] == ["removed"]
    assert [each["op"] for each in ask(folder, row=0).gone] == ["erased"]
    assert not ask(folder, row=0).entries


def test_every_file_that_changed_is_told_by_its_digests(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    erased = erase(str(folder), "email", [ADA])
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    with duckdb.connect() as connection:
        clean = connection.execute("SELECT * FROM read_parquet(?)", [str(folder / "clean.parquet")])
        assert [each[0] for each in clean.description] == ["email", "name", "age"]
    assert {each.name for each in erased.files} == {name for name in before if before[name] != after.get(name)}
    assert [each.name for each in erased.files if each.after is None] == ["report.html"]


def test_twice_finds_nothing_and_changes_nothing(folder: Path) -> None:
    assert erase(str(folder), "email", [ADA]).found
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = erase(str(folder), "email", [ADA])
    assert again.searched and not again.found and not any(again.entries.values())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(("name", "values"), [("email", ["nobody@example.com"]), ("no_such_column", [ADA])])
def test_what_is_not_there_changes_nothing(folder: Path, name: str, values: list[str]) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    erased = erase(str(folder), name, values)
    assert not erased.found and erased.searched == (name == "email")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_by_a_column_that_was_dropped(folder: Path) -> None:
    erased = erase(str(folder), "city", ["Oslo"])
    assert erased.entries["clean"] == 1 and "eve" not in everything(folder)


def test_what_others_are_doing_is_not_seen_half(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sanitizer_core.pipeline import erasing

    def stopped(content: Any, values: Any) -> Any:
        raise KeyboardInterrupt

    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(erasing, "_without", stopped)
    with pytest.raises(KeyboardInterrupt):
        erase(str(folder), "email", [ADA])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
