"""``remove_duplicates`` keeps the rows that pandas keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated_columns import came_of, words
from sanitizer_core.engines.duckdb import DuckDBEngine

rows = st.lists(st.tuples(words, st.sampled_from([1, 2, None]), st.sampled_from([0.5, -0.0, 0.0, None])), max_size=15)
KINDS = {"n": "integer", "x": "float"}


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=2) as opened:
        yield opened


def columns(drawn: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[index] for row in drawn] for index, name in enumerate(["t", "n", "x"])}


@settings(max_examples=25)
@given(rows, st.sampled_from(["first", "last", "none"]), st.sampled_from([["t"], ["t", "n"], ["t", "n", "x"]]))
def test_the_same_rows_stay(engine: DuckDBEngine, drawn: list[tuple[Any, ...]], keep: str, compared: list[str]) -> None:
    cells = columns(drawn)
    came = came_of(engine, cells, KINDS, {"op": "remove_duplicates", "params": {"columns": compared, "keep": keep}})
    frame = pd.DataFrame(cells, dtype=object)
    kept: Any = False if keep == "none" else keep
    assert came.rows == list(frame.drop_duplicates(subset=compared, keep=kept).index)


@settings(max_examples=25)
@given(rows, st.sampled_from(["first", "last"]))
def test_an_order_decides_which_row_stays(engine: DuckDBEngine, drawn: list[tuple[Any, ...]], keep: str) -> None:
    cells = columns(drawn)
    step = {"op": "remove_duplicates", "params": {"columns": ["t"], "keep": keep, "order": ["n"]}}
    came = came_of(engine, cells, KINDS, step)
    for word in set(cells["t"]):
        group = [index for index, value in enumerate(cells["t"]) if value == word]
        there = [index for index in group if cells["n"][index] is not None] or group
        ranked = sorted(there, key=lambda index: (cells["n"][index] or 0, index))
        assert [row for row in came.rows if cells["t"][row] == word] == [ranked[0 if keep == "first" else -1]]


@settings(max_examples=25)
@given(rows)
def test_the_fullest_row_stays(engine: DuckDBEngine, drawn: list[tuple[Any, ...]]) -> None:
    cells = columns(drawn)
    came = came_of(
        engine, cells, KINDS, {"op": "remove_duplicates", "params": {"columns": ["n"], "keep": "most_complete"}}
    )
    filled = [sum(cell is not None and str(cell).strip() != "" for cell in row) for row in drawn]
    for number in set(cells["n"]):
        group = [index for index, value in enumerate(cells["n"]) if value == number]
        best = max(group, key=lambda index: (filled[index], -index))
        assert [row for row in came.rows if cells["n"][row] == number] == [best]
