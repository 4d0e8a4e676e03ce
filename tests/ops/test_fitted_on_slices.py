"""A fitted step gives on each slice of a table what it gives on the whole, whatever the number of threads."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated_columns import alike, came_of, numbers, wholes, words
from sanitizer_core.engines.duckdb import DuckDBEngine

STEPS: list[dict[str, Any]] = [
    {"op": "nullify", "params": {"also": ["b"], "custom": {"n": [0]}}},
    {
        "op": "handle_missing",
        "params": {"strategy": "median", "custom": {"t": {"strategy": "mode"}}, "by": "g", "indicator": True},
    },
    {"op": "handle_missing", "params": {"strategy": "mean"}},
    {"op": "handle_outliers", "params": {"factor": 0.5}},
    {"op": "handle_outliers", "params": {"method": "zscore", "threshold": 1, "action": "remove", "by": "g"}},
    {"op": "handle_outliers", "params": {"method": "mad", "threshold": 1, "action": "flag", "by": ["g", "t"]}},
    {"op": "handle_outliers", "params": {"method": "percentile", "lower": 0.2, "upper": 0.8, "action": "null"}},
    {"op": "scale_numeric", "params": {"method": "standard"}},
    {"op": "scale_numeric", "params": {"method": "minmax", "range": [-1, 1]}},
    {"op": "scale_numeric", "params": {"method": "robust"}},
    {"op": "encode_categoricals", "params": {"columns": ["t", "g"], "nulls": "column", "min_frequency": 2}},
    {"op": "encode_categoricals", "params": {"columns": ["t"], "method": "label", "max_categories": 2}},
    {"op": "encode_categoricals", "params": {"columns": ["t"], "method": "frequency"}},
    {"op": "bucket_numeric", "params": {"quantiles": 3}},
]
KINDS = {"x": "float", "n": "integer"}
rows = st.lists(st.tuples(numbers, wholes, words, st.sampled_from(["p", "q", None])), max_size=12)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=2) as opened:
        yield opened


def columns(drawn: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[index] for row in drawn] for index, name in enumerate(["x", "n", "t", "g"])}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step['op']} {step['params']}")
@settings(max_examples=15)
@given(drawn=rows, cut=st.integers(0, 12))
def test_slices_come_out_as_the_whole(
    engine: DuckDBEngine, step: dict[str, Any], drawn: list[tuple[Any, ...]], cut: int
) -> None:
    whole = came_of(engine, columns(drawn), KINDS, step)
    parts = [came_of(engine, columns(part), KINDS, step, fitted=whole.fitted) for part in (drawn[:cut], drawn[cut:])]
    assert whole.rows == [*parts[0].rows, *(row + len(drawn[:cut]) for row in parts[1].rows)]
    assert [list(part.columns) for part in parts] == [list(whole.columns)] * 2
    for name, cells in whole.columns.items():
        assert alike(cells, [*parts[0].columns[name], *parts[1].columns[name]])


@pytest.mark.slow
def test_what_is_measured_does_not_depend_on_the_number_of_threads() -> None:
    chance = random.Random(7)
    cells: dict[str, list[Any]] = {
        "x": [chance.gauss(0, 1) * 10 ** chance.randint(-3, 3) for _ in range(300_000)],
        "n": [chance.randint(1900, 2100) for _ in range(300_000)],
        "t": [chance.choice("abcdefg") for _ in range(300_000)],
        "g": [chance.choice(["p", "q"]) for _ in range(300_000)],
    }
    measured = []
    for threads in (1, 2, 3):
        with DuckDBEngine.open(threads=threads) as engine:
            steps: list[dict[str, Any]] = [
                {"op": "scale_numeric"},
                {"op": "handle_missing", "params": {"strategy": "mean", "by": "g"}},
            ]
            measured.append(came_of(engine, cells, KINDS, *steps).fitted)
    assert measured[0] == measured[1] == measured[2]
