"""``scale_numeric`` gives what the formulas give in NumPy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated_columns import alike, came_of, finite, numbers, present
from sanitizer_core.engines.duckdb import DuckDBEngine


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=2) as opened:
        yield opened


def scaled(method: str, values: list[float | None]) -> list[float | None]:
    data = np.array(present(values))
    if not len(data):
        return values
    q1, middle, q3 = np.quantile(data, [0.25, 0.5, 0.75])
    shift, unit = {
        "standard": (data.mean(), data.std() if data.min() < data.max() else 0.0),
        "minmax": (data.min(), data.max() - data.min()),
        "robust": (middle, q3 - q1),
    }[method]
    return [None if value is None else (value - shift) / (unit or 1.0) for value in values]


@settings(max_examples=25)
@given(st.lists(st.one_of(numbers, finite), max_size=15), st.sampled_from(["standard", "minmax", "robust"]))
def test_columns_come_to_a_common_scale(engine: DuckDBEngine, values: list[float | None], method: str) -> None:
    data = present(values)
    spread = max(data) - min(data) if data else 0.0
    # Where the spread is small beside the numbers, the twelve digits of the fitted values show in the ninth of the result.
    if 0 < spread < 0.1 * max(map(abs, data)):
        return
    came = came_of(engine, {"x": values}, {"x": "float"}, {"op": "scale_numeric", "params": {"method": method}})
    expected = scaled(method, values)
    unit = 1 + max((abs(each) for each in expected if each is not None and each == each), default=0.0)
    assert alike([each and each / unit for each in came.columns["x"]], [each and each / unit for each in expected])


@settings(max_examples=25)
@given(st.lists(st.one_of(st.none(), st.floats(1e-3, 1e6)), max_size=10), st.sampled_from(["e", 2, 10]))
def test_logarithms(engine: DuckDBEngine, values: list[float | None], base: str | int) -> None:
    came = came_of(
        engine, {"x": values}, {"x": "float"}, {"op": "scale_numeric", "params": {"method": "log", "base": base}}
    )
    function = {"e": np.log, 2: np.log2, 10: np.log10}[base]
    assert alike(came.columns["x"], [None if value is None else float(function(value)) for value in values])
