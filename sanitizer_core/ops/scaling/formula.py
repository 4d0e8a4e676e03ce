"""The formulas of the scales."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.ops.outliers.fences import HALF_A_DIGIT
from sanitizer_core.ops.stat import Measure
from sanitizer_core.ops.wording import said
from sanitizer_core.schema import FLOAT
from sanitizer_core.sql import call, cast_to, literal, value_of
from sanitizer_core.sql.logic import all_of, choose, is_null, negated

Passes = tuple[exp.Expr, ...]


@dataclass(frozen=True)
class Formula:
    """A scale.

    Args:
        asks: what it measures.
        passes: from the cell as a double, and what was measured, to the trees of its new value.
        told: the formula with its numbers, for the log.
        trees: as ``passes``, of measured values as trees.
        above: the bound that numbers have to be above, where the scale is not for all.
    """

    asks: tuple[tuple[Measure, float | None], ...]
    passes: Callable[[exp.Expr, Sequence[float]], Passes]
    told: Callable[[Sequence[float]], str]
    above: float | None = None
    trees: Callable[[exp.Expr, Sequence[exp.Expr]], Passes] | None = None


def _shifted(value: exp.Expr, by: float, unit: float) -> exp.Expr:
    """``(value - by) / unit``; the unit is not 0."""
    difference = exp.Paren(this=exp.Sub(this=value, expression=literal(by)))
    return exp.Div(this=difference, expression=literal(unit))


def _scaled(value: exp.Expr, by: float, spread: float) -> exp.Expr:
    """``(value - by) / spread``; without spread only shifted, and 0 where just the rounding of ``by`` is between."""
    if spread > 0:
        return _shifted(value, by, spread)
    difference = exp.Sub(this=value, expression=literal(by))
    near = exp.LTE(this=exp.Abs(this=difference), expression=literal(abs(by) * HALF_A_DIGIT))
    return choose((near, literal(0.0)), otherwise=difference)


def _scaled_by(value: exp.Expr, by: exp.Expr, spread: exp.Expr) -> exp.Expr:
    """As ``_scaled``, of trees."""
    difference = exp.Paren(this=exp.Sub(this=value, expression=by.copy()))
    reach = exp.Mul(this=exp.Abs(this=by.copy()), expression=literal(HALF_A_DIGIT))
    near = all_of(
        [
            exp.LTE(this=spread.copy(), expression=literal(0.0)),
            exp.LTE(this=exp.Abs(this=difference.copy()), expression=reach),
        ]
    )
    shared = exp.Div(this=difference.copy(), expression=spread.copy())
    return choose((is_null(by), value), (near, literal(0.0)), (_positive(spread), shared), otherwise=difference)


def _positive(number: exp.Expr) -> exp.Expr:
    return exp.GT(this=number.copy(), expression=literal(0.0))


def _written(by: float, unit: float) -> str:
    return f"(x − {said(by)}) / {said(unit)}"


def standard() -> Formula:
    """The mean becomes 0 and the standard deviation 1."""
    return Formula(
        (("mean", None), ("stddev", None)),
        lambda value, found: (_scaled(value, found[0], found[1]),),
        lambda found: f"{_written(found[0], found[1] or 1.0)}, the mean and the standard deviation",
        trees=lambda value, found: (_scaled_by(value, found[0], found[1]),),
    )


def robust(lower: float, upper: float) -> Formula:
    """The median becomes 0 and the distance between two quantiles 1."""
    return Formula(
        (("median", None), ("quantile", lower), ("quantile", upper)),
        lambda value, found: (_scaled(value, found[0], found[2] - found[1]),),
        lambda found: (
            f"{_written(found[0], (found[2] - found[1]) or 1.0)}, the median and the distance of the quantiles {said(lower)} and {said(upper)}"
        ),
        trees=lambda value, found: (
            _scaled_by(value, found[0], exp.Paren(this=exp.Sub(this=found[2].copy(), expression=found[1].copy()))),
        ),
    )


def min_max(low: float, high: float, *, clip: bool) -> Formula:
    """The least value becomes one end of the range, the greatest the other."""

    def unit(found: Sequence[float]) -> float:
        return found[1] - found[0] if found[1] > found[0] else 1.0

    def passes(value: exp.Expr, found: Sequence[float]) -> Passes:
        share = _shifted(value, found[0], unit(found))
        scaled = share
        if (low, high) != (0.0, 1.0):
            scaled = exp.Add(
                this=literal(low), expression=exp.Mul(this=exp.Paren(this=share), expression=literal(high - low))
            )
        return (scaled, _within(low, high)) if clip else (scaled,)

    def told(found: Sequence[float]) -> str:
        return f"from {said(found[0])}–{said(found[1])} to {said(low)}–{said(high)}"

    def trees(value: exp.Expr, found: Sequence[exp.Expr]) -> Passes:
        least, greatest = (cast_to(each.copy(), FLOAT) for each in found)
        whole = exp.Paren(this=exp.Sub(this=greatest, expression=least.copy()))
        distance = choose((_positive(whole), whole), otherwise=literal(1.0))
        share = exp.Div(this=exp.Paren(this=exp.Sub(this=value, expression=least)), expression=distance)
        scaled: exp.Expr = choose((is_null(found[0]), value), otherwise=share)
        if (low, high) != (0.0, 1.0):
            moved = exp.Mul(this=exp.Paren(this=share.copy()), expression=literal(high - low))
            scaled = choose((is_null(found[0]), value), otherwise=exp.Add(this=literal(low), expression=moved))
        return (scaled, _within(low, high)) if clip else (scaled,)

    return Formula((("min", None), ("max", None)), passes, told, trees=trees)


def _within(low: float, high: float) -> exp.Expr:
    """The value of the pass before, kept between two bounds; engines sort NaN above all numbers, but it is none."""
    value = value_of()
    below = exp.LT(this=value, expression=literal(low))
    above = all_of([exp.GT(this=value.copy(), expression=literal(high)), negated(call("is_nan", value.copy()))])
    return choose((below, literal(low)), (above, literal(high)), otherwise=value)


def log(base: str, *, shift: int = 0) -> Formula:
    """The logarithm of x, or of 1 + x; null where there is none."""
    function = {"e": "ln", "2": "log2", "10": "log10"}[base]

    def passes(value: exp.Expr, found: Sequence[float]) -> Passes:
        moved = exp.Add(this=literal(float(shift)), expression=value) if shift else value
        return (call(function, moved),)

    written = f"{function}({'1 + ' if shift else ''}x)"
    return Formula((("min", None),), passes, lambda found: written, above=float(-shift))
