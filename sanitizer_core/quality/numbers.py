"""Cells as numbers, and the fences beyond which a number is an outlier."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.quality.scores import FAR_OUT
from sanitizer_core.schema import DataType
from sanitizer_core.sql import call, literal
from sanitizer_core.sql.logic import any_of, choose

Fence = tuple[float, float]


def number_of(cell: exp.Expr, kind: DataType) -> exp.Expr:
    """The cell as a finite double, else null; a portable tree."""
    if kind.is_text:
        return call("loose_float", cell)
    return call("finite", cell) if kind.kind == "float" else exp.cast(cell.copy(), "DOUBLE")


def fence_of(first: float | None, third: float | None) -> Fence | None:
    """The outer fences; none where there is no number, or where the middle half is one value."""
    if first is None or third is None or third == first:
        return None
    reach = FAR_OUT * (third - first)
    return first - reach, third + reach


def beyond(number: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    """1 where a number is beyond the fences, else null."""
    outside = any_of([exp.LT(this=number, expression=low), exp.GT(this=number.copy(), expression=high)])
    return choose((outside, literal(1)))
