"""Statistics as SQL, per dialect."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.lower import fill, lower
from sanitizer_core.sql.tree import call, literal

_TEMPLATES: dict[str, dict[str, str]] = {
    "rows": {"duckdb": "count(*)"},
    "count": {"duckdb": "count(:value)"},
    "min": {"duckdb": "min(:value)"},
    "max": {"duckdb": "max(:value)"},
    "mean": {"duckdb": "favg(CAST(:value AS DOUBLE))"},
    "stddev": {"duckdb": "stddev_pop(CAST(:value AS DOUBLE))"},
    "median": {"duckdb": "quantile_cont(CAST(:value AS DOUBLE), 0.5)"},
    "quantile": {"duckdb": "quantile_cont(CAST(:value AS DOUBLE), :argument)"},
    "mad": {"duckdb": "mad(CAST(:value AS DOUBLE))"},
    "matches": {"duckdb": "count_if(regexp_matches(:value, :argument))"},
}


def measure(name: str, value: exp.Expression, argument: Any, dialect: str) -> exp.Expression:
    """The aggregate for a measure of a column.

    Raises:
        CompileError: the dialect cannot measure it.
    """
    if name == "dates":
        return _date_counts(value, argument, dialect)
    template = _TEMPLATES.get(name, {}).get(dialect)
    if template is None:
        raise CompileError(f"{dialect} cannot measure {name!r}")
    return fill(template, dialect, {"value": value, "argument": literal(argument)})


def _date_counts(value: exp.Expression, formats: tuple[str, ...], dialect: str) -> exp.Expression:
    """How many cells each format can read, as one struct of numbers in the order of the formats."""
    counts = [exp.Count(this=lower(call("parse_timestamp", value, literal(each)), dialect)) for each in formats]
    return exp.Array(expressions=counts)


ROUNDED: frozenset[str] = frozenset({"mean", "stddev", "median", "quantile", "mad"})
"""Measures whose result is a float that parallel sums can disturb in its last digits."""


def rounded(value: float) -> float:
    """A float to 12 significant digits, so that the order of a parallel sum cannot show."""
    return float(f"{value:.12g}")

