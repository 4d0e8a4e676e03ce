"""Tables of thousands of columns: they take another way through a run, to the same end."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

import sanitizer_core.audit.changes as changes
import sanitizer_core.engines.duckdb as engine
import sanitizer_core.pipeline.clean as clean
from sanitizer_core.pipeline.restoring import restore
from sanitizer_core.pipeline.running import RunResult, run
from sanitizer_core.recipe import Recipe

RECIPE = """
name: wide
steps:
  - {op: clean_text, when: "id <> '3'"}
  - {op: nullify, params: {custom: {b: [x]}}}
  - {op: handle_missing, params: {columns: [b, n], strategy: mode}}
  - {op: clean_text, params: {columns: [a, c], case: title}}
  - {op: remove_duplicates, params: {columns: [a, b, c]}}
  - {op: sort_rows, params: {by: [a]}}
"""

TABLE = """id,a,b,c,n,d
1, Ada  Lovelace,x,N/A,1,2020-01-01
2,ada lovelace ,X,-,2,2020-01-02
3, Alan,, é ,3,
4,Grace,y,n/a,,2020-01-04
5,grace , Y,,5,2020-01-05
6,GRACE,z,hopper,x,2020-01-06
"""


def _read(result: RunResult, name: str) -> list[tuple[Any, ...]]:
    columns = "* EXCLUDE run" if name == "changes" else "*"
    # Only the clean table has an order to hold; the others carry their rows' numbers.
    order = "" if name == "clean" else " ORDER BY ALL"
    return duckdb.execute(f"SELECT {columns} FROM '{result.folder}/{name}.parquet'{order}").fetchall()


def test_the_wide_way_gives_what_the_narrow_way_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in.csv").write_text(TABLE, encoding="utf-8")
    narrow = run(tmp_path / "in.csv", Recipe.loads(RECIPE), tmp_path / "narrow.parquet")
    monkeypatch.setattr(engine, "WIDE", 1)
    monkeypatch.setattr(clean, "ALIKE", 1)
    monkeypatch.setattr(changes, "MOST_SCANS", 0)
    monkeypatch.setattr(changes, "PAIRS_A_SCAN", 3)
    wide = run(tmp_path / "in.csv", Recipe.loads(RECIPE), tmp_path / "wide.parquet")
    for name in ("clean", "changes", "removed", "rejected"):
        assert _read(wide, name) == _read(narrow, name), name
    assert wide.record.score == narrow.record.score
    assert len(_read(wide, "changes")) > 10
    restore(str(wide.folder), tmp_path / "back.parquet")
    back = duckdb.execute(f"SELECT * FROM '{tmp_path}/back.parquet'").fetchall()
    assert back == duckdb.execute(f"SELECT * FROM read_csv('{tmp_path}/in.csv', all_varchar = true)").fetchall()


@pytest.mark.slow
def test_five_thousand_columns_are_cleaned_and_undone(tmp_path: Path) -> None:
    dice = random.Random(5)
    names = [f"c{index}" for index in range(5000)]
    rows = [[dice.choice((" Ada ", "N/A", "7", "ada")) for _ in names] for _ in range(19)]
    rows.append([cell.lower() for cell in rows[4]])
    text = "\n".join(",".join(row) for row in [names, *rows]) + "\n"
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    recipe = "name: wide\nsteps: [{op: clean_text}, {op: nullify}, {op: remove_duplicates}]"
    result = run(tmp_path / "in.csv", Recipe.loads(recipe), tmp_path / "out.parquet")
    cells = [cell for row in rows for cell in row]
    # The row that is removed as a repeat has no entries in the log: it is kept whole.
    kept = cells[: -len(names)]
    untidy = sum(cell in (" Ada ", "N/A") for cell in kept)
    missing = sum(cell.lower() == "n/a" for cell in kept)
    assert (result.record.rows.out, result.record.rows.removed) == (19, 1)
    assert result.record.cells_changed == untidy
    assert sum(sum(step.changed.values()) for step in result.record.steps) == untidy + missing
    page = (Path(str(result.folder)) / "report.html").read_text(encoding="utf-8")
    assert "Shown are the first 200 columns; 4,800 more are in run.json." in page
    restore(str(result.folder), tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_text(encoding="utf-8") == text
