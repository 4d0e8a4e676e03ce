"""``handle_outliers`` draws the fences that NumPy and the formulas give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated_columns import alike, came_of, finite, numbers, present, wholes
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe

METHODS = ["iqr", "zscore", "mad", "percentile"]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=2) as opened:
        yield opened


def fences(method: str, values: list[float]) -> tuple[float, float] | None:
    data = np.array(values)
    if not len(data) or (method != "percentile" and data.min() == data.max()):
        return None
    if method == "percentile":
        return float(np.quantile(data, 0.1)), float(np.quantile(data, 0.9))
    if method == "zscore":
        return float(data.mean() - data.std()), float(data.mean() + data.std())
    if method == "iqr":
        q1, q3 = np.quantile(data, [0.25, 0.75])
        return (float(q1 - (q3 - q1)), float(q3 + (q3 - q1))) if q3 > q1 else None
    middle = np.median(data)
    deviation = np.median(np.abs(data - middle))
    reach = 2 * deviation / 0.6745
    return (float(middle - reach), float(middle + reach)) if deviation > 0 else None


def step(method: str, action: str, column: str) -> dict[str, Any]:
    own: dict[str, dict[str, Any]] = {
        "iqr": {"factor": 1},
        "zscore": {"threshold": 1},
        "mad": {"threshold": 2},
        "percentile": {"lower": 0.1, "upper": 0.9},
    }
    return {"op": "handle_outliers", "params": {"columns": [column], "method": method, "action": action, **own[method]}}


@settings(max_examples=25)
@given(st.lists(st.one_of(numbers, finite), max_size=15), st.sampled_from(METHODS))
def test_floats_are_clipped_to_the_fences(engine: DuckDBEngine, values: list[float | None], method: str) -> None:
    came = came_of(engine, {"x": values}, {"x": "float"}, step(method, "clip", "x"))
    found = fences(method, present(values))
    expected = (
        values
        if found is None
        else [value if value is None or value != value else min(max(value, found[0]), found[1]) for value in values]
    )
    # A fence near 0 between large numbers has the digits that their twelve leave it.
    unit = 1 + max(map(abs, present(values)), default=0.0)
    assert alike([each and each / unit for each in came.columns["x"]], [each and each / unit for each in expected])


@settings(max_examples=25)
@given(st.lists(wholes, max_size=15), st.sampled_from(METHODS))
def test_whole_numbers_are_clipped_to_whole_numbers_within_the_fences(
    engine: DuckDBEngine, values: list[int | None], method: str
) -> None:
    came = came_of(engine, {"n": values}, {"n": "integer"}, step(method, "clip", "n"))
    found = fences(method, present(values))
    for before, after in zip(values, came.columns["n"], strict=True):
        if before is None or found is None:
            assert after == before
        else:
            slack = 1 + 1e-9 * max(map(abs, found))  # Where no whole number lies between, the one around is taken.
            assert found[0] - slack < after < found[1] + slack
            assert after == before or before < found[0] + slack or before > found[1] - slack


@settings(max_examples=25)
@given(st.lists(st.one_of(numbers, finite), max_size=15), st.sampled_from(METHODS))
def test_every_action_speaks_of_the_same_cells(engine: DuckDBEngine, values: list[float | None], method: str) -> None:
    flagged = came_of(engine, {"x": values}, {"x": "float"}, step(method, "flag", "x")).columns["x_outlier"]
    emptied = came_of(engine, {"x": values}, {"x": "float"}, step(method, "null", "x")).columns["x"]
    removed = came_of(engine, {"x": values}, {"x": "float"}, step(method, "remove", "x")).rows
    clipped = came_of(engine, {"x": values}, {"x": "float"}, step(method, "clip", "x")).columns["x"]
    assert removed == [index for index, outlier in enumerate(flagged) if not outlier]
    assert alike(emptied, [None if outlier else value for value, outlier in zip(values, flagged, strict=True)])
    assert all(
        outlier or alike([after], [before]) for before, after, outlier in zip(values, clipped, flagged, strict=True)
    )


@pytest.mark.parametrize("method", ["zscore", "iqr", "mad"])
def test_fences_beyond_the_range_of_floats_bound_nothing(method: str, tmp_path: Path) -> None:
    numbers = [1e308, -1e308, 1e308, 1.0, 2.0, -1e308, 3.0]
    recipe = Recipe.model_validate({"name": "r", "steps": [step(method, "clip", "f")]})
    result = run(pd.DataFrame({"f": numbers}), recipe, tmp_path / "out.parquet")
    assert pd.read_parquet(tmp_path / "out.parquet")["f"].tolist() == numbers
    assert (Path(result.folder or "") / "report.html").exists()
