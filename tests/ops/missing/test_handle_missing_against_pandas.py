"""``handle_missing`` fills what pandas fills."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import mean, median
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated_columns import alike, came_of, numbers, present, wholes, words
from sanitizer_core.engines.duckdb import DuckDBEngine

rows = st.lists(st.tuples(numbers, wholes, words, st.sampled_from(["p", "q", None]), st.integers(0, 3)), max_size=12)
KINDS = {"x": "float", "n": "integer", "k": "integer"}


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=2) as opened:
        yield opened


def columns(drawn: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[index] for row in drawn] for index, name in enumerate(["x", "n", "t", "g", "k"])}


def is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


@settings(max_examples=25)
@given(rows)
def test_the_median_and_the_mean_fill_numbers(engine: DuckDBEngine, drawn: list[tuple[Any, ...]]) -> None:
    cells = columns(drawn)
    for strategy, measure in (("median", median), ("mean", mean)):
        came = came_of(
            engine, cells, KINDS, {"op": "handle_missing", "params": {"strategy": strategy, "columns": ["x"]}}
        )
        there = present(cells["x"])
        expected = [(measure(there) if there else value) if is_missing(value) else value for value in cells["x"]]
        assert alike(came.columns["x"], expected)


@settings(max_examples=25)
@given(rows)
def test_whole_numbers_stay_whole(engine: DuckDBEngine, drawn: list[tuple[Any, ...]]) -> None:
    cells = columns(drawn)
    came = came_of(engine, cells, KINDS, {"op": "handle_missing", "params": {"strategy": "median", "columns": ["n"]}})
    there = present(cells["n"])
    for before, after in zip(cells["n"], came.columns["n"], strict=True):
        assert after == before if before is not None or not there else abs(after - median(there)) <= 0.5


@settings(max_examples=25)
@given(rows)
def test_the_smallest_of_the_commonest_values_fills_a_column(
    engine: DuckDBEngine, drawn: list[tuple[Any, ...]]
) -> None:
    cells = columns(drawn)
    came = came_of(
        engine, cells, KINDS, {"op": "handle_missing", "params": {"strategy": "mode", "columns": ["n", "t"]}}
    )
    for name in ("n", "t"):
        modes = sorted(pd.Series(cells[name], dtype=object).dropna().mode())
        assert came.columns[name] == [
            (modes[0] if modes else None) if value is None else value for value in cells[name]
        ]


@settings(max_examples=25)
@given(rows)
def test_a_group_is_filled_with_its_own_mean(engine: DuckDBEngine, drawn: list[tuple[Any, ...]]) -> None:
    cells = columns(drawn)
    came = came_of(
        engine, cells, KINDS, {"op": "handle_missing", "params": {"strategy": "mean", "columns": ["x"], "by": "g"}}
    )
    for index, value in enumerate(cells["x"]):
        group = present([x for x, g in zip(cells["x"], cells["g"], strict=True) if g == cells["g"][index]])
        whole = present(cells["x"])
        expected = (mean(group or whole) if whole else value) if is_missing(value) else value
        assert alike([came.columns["x"][index]], [expected])


@settings(max_examples=25)
@given(rows, st.sampled_from(["ffill", "bfill"]))
def test_values_are_carried_over_as_pandas_does(
    engine: DuckDBEngine, drawn: list[tuple[Any, ...]], strategy: str
) -> None:
    cells = columns(drawn)
    step = {"op": "handle_missing", "params": {"strategy": strategy, "columns": ["t"], "by": ["g"], "order": ["k"]}}
    came = came_of(engine, cells, KINDS, step)
    frame = pd.DataFrame({name: pd.Series(cells[name], dtype=object) for name in ("t", "g", "k")}).sort_values(
        "k", kind="stable"
    )
    filled = getattr(frame.groupby("g", dropna=False)["t"], strategy)().sort_index() if len(frame) else frame["t"]
    assert came.columns["t"] == [None if pd.isna(value) else value for value in filled]
