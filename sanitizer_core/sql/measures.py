"""Statistics as SQL, per dialect.

NaN and the infinities are left out of every statistic, for engines differ in where they sort them and in what
a sum with them is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from sanitizer_core.errors import CompileError
from sanitizer_core.schema import DataType
from sanitizer_core.sql.dialects.postgres.measures import MEASURES as POSTGRES
from sanitizer_core.sql.dialects.spark.measures import MEASURES as SPARK
from sanitizer_core.sql.lower import fill, lower
from sanitizer_core.sql.pattern import pattern_for
from sanitizer_core.sql.tree import call, literal

_TEMPLATES: dict[str, dict[str, str]] = {
    "rows": {"duckdb": "count(*)"},
    "count": {"duckdb": "count(:value)"},
    "min": {"duckdb": "min(:value)"},
    "max": {"duckdb": "max(:value)"},
    # The sums of whole numbers are exact, whatever their order.
    "mean": {"duckdb": "avg(:value)"},
    # Beside the mean the mean of the distances from 0, which says how many of its digits are sure.
    "float mean": {"duckdb": "[favg(CAST(:value AS DOUBLE)), favg(abs(CAST(:value AS DOUBLE)))]"},
    # Equal numbers have a deviation of exactly 0, which the running sums would miss by a hair.
    "stddev": {
        "duckdb": "CASE WHEN min(:value) = max(:value) THEN CAST(0 AS DOUBLE) ELSE stddev_pop(CAST(:value AS DOUBLE)) END"
    },
    # Whole numbers below 10^9: from exact sums of 128 bits.
    "integer stddev": {
        "duckdb": "CASE WHEN min(:value) = max(:value) THEN CAST(0 AS DOUBLE)"
        " WHEN min(:value) > -1000000000 AND max(:value) < 1000000000 THEN sqrt(CAST(count(:value)"
        " * sum(CASE WHEN :value BETWEEN -1000000000 AND 1000000000 THEN CAST(:value AS HUGEINT) * :value END)"
        " - sum(:value) * sum(:value) AS DOUBLE)) / count(:value)"
        " ELSE stddev_pop(CAST(:value AS DOUBLE)) END"
    },
    "quantiles": {"duckdb": "quantile_cont(CAST(:value AS DOUBLE), :argument)"},
    "mad": {"duckdb": "mad(CAST(:value AS DOUBLE))"},
    "matches": {"duckdb": "count(*) FILTER (WHERE regexp_matches(:value, :argument))"},
}

_OF_DIALECT: dict[str, Mapping[str, str]] = {"postgres": POSTGRES, "spark": SPARK}
"""Measures in the words of a dialect that has them all in a file of its own."""

_BY_KIND = {("mean", "float"): "float mean", ("stddev", "integer"): "integer stddev"}
"""Measures that are made another way for a kind of column."""

ROUNDED: frozenset[str] = frozenset({"mean", "stddev", "median", "quantile", "mad"})
"""Measures whose result is a float that parallel sums can disturb in its last digits."""


def measure(name: str, value: exp.Expr, argument: Any, dialect: str, kind: DataType | None = None) -> exp.Expr:
    """The aggregate for a measure of a column of this type.

    Raises:
        CompileError: the dialect cannot measure it.
    """
    if kind is not None and kind.kind == "float" and name not in ("rows", "count"):
        value = lower(call("finite", value), dialect)
    called = _BY_KIND.get((name, kind.kind if kind else ""), name)
    template = _TEMPLATES.get(called, {}).get(dialect) or _OF_DIALECT.get(dialect, {}).get(called)
    if template is None:
        raise CompileError(f"{dialect} cannot measure {name!r}")
    # White space is that of Unicode, on every engine.
    constant = literal(pattern_for(argument, dialect)) if name == "matches" else _constant(argument)
    return fill(template, dialect, {"value": value, "argument": constant})


def _constant(argument: Any) -> exp.Expr:
    return (
        exp.Array(expressions=[literal(each) for each in argument])
        if isinstance(argument, tuple)
        else literal(argument)
    )


def settled(name: str, value: Any) -> Any:
    """What was measured, without the digits that the order of a parallel sum could show in."""
    if value is None or name not in ROUNDED:
        return value
    return _sure(value) if isinstance(value, Sequence) else rounded(value)


def _sure(pair: Sequence[float | None]) -> float | None:
    """A mean near 0 of large numbers has fewer sure digits than 12."""
    mean, distance = pair
    if mean is None:
        return None
    if not distance or not math.isfinite(distance):
        return rounded(mean)
    return rounded(round(mean, 13 - math.floor(math.log10(distance))))


def rounded(value: float) -> float:
    """A float to 12 significant digits, so that the order of a parallel sum cannot show."""
    return float(f"{value:.12g}")
