"""``encode_categoricals`` and ``bucket_numeric`` give what pandas gives."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated_columns import alike, came_of, finite, wholes, words
from sanitizer_core.engines.duckdb import DuckDBEngine

texts = st.lists(words, max_size=12)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=2) as opened:
        yield opened


@settings(max_examples=25)
@given(texts)
def test_one_column_for_each_category(engine: DuckDBEngine, values: list[str | None]) -> None:
    came = came_of(engine, {"t": values}, {}, {"op": "encode_categoricals", "params": {"keep_original": True}})
    dummies = pd.get_dummies(pd.Series(values, dtype=object))
    spread = {name: cells for name, cells in came.columns.items() if name != "t"}
    assert list(spread.values()) == [[int(cell) for cell in dummies[category]] for category in sorted(dummies)]
    assert len({name.lower() for name in came.columns}) == len(came.columns)


@settings(max_examples=25)
@given(texts)
def test_places_in_sorted_order(engine: DuckDBEngine, values: list[str | None]) -> None:
    came = came_of(engine, {"t": values}, {}, {"op": "encode_categoricals", "params": {"method": "label"}})
    codes, _ = pd.factorize(pd.Series(values, dtype=object), sort=True)
    assert came.columns["t"] == [None if code == -1 else int(code) for code in codes]


@settings(max_examples=25)
@given(texts)
def test_shares(engine: DuckDBEngine, values: list[str | None]) -> None:
    came = came_of(engine, {"t": values}, {}, {"op": "encode_categoricals", "params": {"method": "frequency"}})
    shares = pd.Series(values, dtype=object).value_counts(normalize=True)
    assert alike(came.columns["t"], [None if value is None else float(shares[value]) for value in values])


@settings(max_examples=25)
@given(
    st.lists(st.one_of(st.none(), finite), max_size=12),
    st.lists(st.integers(-100, 100), min_size=2, max_size=5, unique=True).map(sorted),
    st.sampled_from(["left", "right"]),
)
def test_ranges_between_edges(engine: DuckDBEngine, values: list[float | None], edges: list[int], closed: str) -> None:
    labels = [str(index) for index in range(len(edges) - 1)]
    step = {"op": "bucket_numeric", "params": {"edges": edges, "labels": labels, "closed": closed}}
    came = came_of(engine, {"x": values}, {"x": "float"}, step)
    outer = [float(edge) for edge in edges]
    if closed == "left":
        outer[-1] = math.nextafter(outer[-1], math.inf)  # pandas leaves the last edge out, and this operation does not.
    cut = pd.cut(pd.Series(values, dtype="float64"), outer, labels=labels, right=closed == "right", include_lowest=True)
    assert came.columns["x"] == [None if pd.isna(label) else str(label) for label in cut]


@settings(max_examples=25)
@given(st.lists(wholes, max_size=15), st.integers(2, 5))
def test_ranges_between_quantiles(engine: DuckDBEngine, values: list[int | None], count: int) -> None:
    came = came_of(engine, {"n": values}, {"n": "integer"}, {"op": "bucket_numeric", "params": {"quantiles": count}})
    series = pd.Series([value for value in values if value is not None], dtype="float64")
    ends = [series.quantile(index / count) for index in range(1, count)]
    for value, label in zip(values, came.columns["n"], strict=True):
        if value is None:
            assert label is None
        else:
            near = 1e-9 * max(1.0, abs(value))
            low = sum(end < value - near for end in ends)
            assert label in {f"Q{1 + low}", f"Q{1 + sum(end < value + near for end in ends)}"}
