"""Generated columns, and steps carried out on them, for tests that hold an operation against another's results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from sanitizer_core.compile import output_query
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.pipeline.clean import clean
from sanitizer_core.plan import ROW
from sanitizer_core.recipe import Recipe

ARROW = {"integer": pa.int64(), "float": pa.float64(), "text": pa.string(), "boolean": pa.bool_()}

numbers = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 1.0, 1.5, 2.5, -3.25, 100.0, 0.1, 1e9, math.nan]),
    st.floats(-1e6, 1e6, allow_subnormal=False),
)
"""Floats with nulls, NaN and repeats."""

finite = st.one_of(
    st.sampled_from([0.0, 1.0, 1.5, 2.5, -3.25, 100.0, 0.1]), st.floats(-1e6, 1e6, allow_subnormal=False)
)
"""Floats without null and NaN."""

wholes = st.one_of(st.none(), st.integers(-5, 5), st.integers(-(10**9), 10**9))
"""Whole numbers with nulls and repeats."""

words = st.one_of(st.none(), st.sampled_from(["a", "b", "A", "", " ", "é", "b'c", "null"]))
"""Text with nulls and repeats."""


@dataclass(frozen=True)
class Came:
    """What came of some steps.

    Args:
        columns: the cells of the output.
        rows: the number of the input row of each output row.
        fitted: what was measured.
    """

    columns: dict[str, list[Any]]
    rows: list[int]
    fitted: Mapping[int, Mapping[str, Any]]
    notes: tuple[str, ...]


def came_of(
    engine: DuckDBEngine,
    cells: Mapping[str, Sequence[Any]],
    kinds: Mapping[str, str],
    *steps: Mapping[str, Any],
    fitted: Mapping[int, Mapping[str, Any]] | None = None,
) -> Came:
    """Carries steps out on a table of these cells; text is the kind of a column that is not named."""
    table = pa.table({name: pa.array(values, ARROW[kinds.get(name, "text")]) for name, values in cells.items()})
    engine.connection.register("generated", table)
    engine.execute('CREATE OR REPLACE TEMP TABLE "source" AS SELECT * FROM generated')
    engine.connection.unregister("generated")
    recipe = Recipe.model_validate({"name": "generated", "steps": list(steps)})
    cleaned = clean(engine, "source", engine.schema_of("source"), recipe, fitted=fitted)
    found = engine.execute(output_query(cleaned.chain, with_row=True))
    names = [str(each[0]) for each in found.description]
    rows = found.fetchall()
    columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    return Came(
        {name: values for name, values in columns.items() if name != ROW}, columns[ROW], cleaned.fitted, cleaned.notes
    )


def alike(left: Sequence[Any], right: Sequence[Any]) -> bool:
    """Whether two columns hold the same: null only like null, NaN like NaN, floats to nine digits."""
    return len(left) == len(right) and all(map(_alike, left, right))


def _alike(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, (int, float)) and not isinstance(right, bool):
        return (math.isnan(left) and math.isnan(right)) or math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return bool(left == right) and (left is None) is (right is None)


def present(values: Sequence[float | None]) -> list[float]:
    """The numbers among the cells."""
    return [value for value in values if value is not None and math.isfinite(value)]
