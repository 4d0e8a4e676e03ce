"""Where a column's outliers begin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlglot import exp

from sanitizer_core.ops.measured import Measured, where_positive
from sanitizer_core.ops.stat import Measure, Stat
from sanitizer_core.ops.wording import said
from sanitizer_core.schema import INTEGER, DataType
from sanitizer_core.sql import call, cast_to, literal
from sanitizer_core.sql.logic import choose
from sanitizer_core.sql.measures import rounded

CONSISTENCY = 0.6745
"""The upper quartile of the standard normal distribution, as Iglewicz and Hoaglin (1993) round it: with it the median
absolute deviation of normal data is its standard deviation."""

HALF_A_DIGIT = 6e-12
"""Fitted values have 12 significant digits: a value this near to one, in its proportion, is on it. (A half of the last
digit is 5e-12 at most, and the numbers themselves are rounded to binary ones.)"""


@dataclass(frozen=True)
class Fences:
    """The least and the greatest value that is no outlier; ``None`` where there is no such bound.

    Args:
        told: what each is made of, for the log.
        exact: whether a user named them, so that no rounding stands between them and the data.
    """

    low: float | None
    high: float | None
    told: str = ""
    exact: bool = False

    def bounds(self, kind: DataType) -> tuple[Any, Any]:
        """What outliers are clipped to, as values of the column's type."""
        return (_finite(self.low), _finite(self.high)) if kind.kind == "float" else self.tested(kind)

    def tested(self, kind: DataType) -> tuple[Any, Any]:
        """What is compared: a value below the first or above the second is an outlier.

        For whole numbers and decimals the fences are the values of that type between them (or, where there is none,
        around them); for floats they are wider by what rounding may have taken.
        """
        low = None if self.low is None else self.low - self._slack(self.low)
        high = None if self.high is None else self.high + self._slack(self.high)
        if kind.kind == "float":
            return _finite(low), _finite(high)
        least, greatest = _stepped(low, kind, ROUND_CEILING), _stepped(high, kind, ROUND_FLOOR)
        if least is not None and greatest is not None and least > greatest:
            return _stepped(low, kind, ROUND_FLOOR), _stepped(high, kind, ROUND_CEILING)
        return least, greatest

    def _slack(self, bound: float) -> float:
        return 0.0 if self.exact else abs(bound) * HALF_A_DIGIT


def _finite(bound: float | None) -> float | None:
    """The bound; ``None`` where it is beyond the range of a float, for then it bounds nothing."""
    return bound if bound is not None and math.isfinite(bound) else None


def _stepped(bound: float | None, kind: DataType, rounding: str) -> int | Decimal | None:
    """The bound as a value of the type; ``None`` where the type cannot reach it, for then it bounds nothing."""
    if bound is None or not math.isfinite(bound):
        return None
    scale = kind.scale or 0
    digits = (kind.precision or 18) - scale
    limit = 2**63 if kind.kind == "integer" else 10**digits
    if abs(bound) >= limit:
        return None
    value = Decimal(repr(bound)).quantize(Decimal(1).scaleb(-scale), rounding)
    return int(value) if kind.kind == "integer" else value


@dataclass(frozen=True)
class Rule:
    """How fences are made from what is measured.

    Args:
        asks: the measures it needs, each with its argument.
        fences: the fences from their values, in the same order; ``None`` where nothing is an outlier.
        words: how the log speaks of the fences of groups.
        trees: the fences as trees, of the measured values as trees; null where nothing is an outlier.
    """

    asks: tuple[tuple[Measure, float | None], ...]
    fences: Callable[..., Fences | None]
    words: str
    spread: str = ""
    trees: Callable[..., tuple[exp.Expr | None, exp.Expr | None]] | None = None

    def stats(self, column: str, by: tuple[str, ...]) -> Iterable[Stat]:
        """What has to be measured of a column."""
        return [Stat(column, measure, argument, by) for measure, argument in self.asks]


def iqr(factor: float) -> Rule:
    """Tukey's fences: the quartiles, and ``factor`` times the distance between them beyond each."""

    def fences(q1: float, q3: float) -> Fences | None:
        spread = rounded(q3 - q1)
        if spread <= 0:
            return None
        low, high = rounded(q1 - factor * spread), rounded(q3 + factor * spread)
        part = f"{said(factor)} × IQR {said(spread)}"
        return Fences(low, high, f"Q1 {said(q1)} − {part}, Q3 {said(q3)} + {part}")

    def trees(values: Measured, q1: exp.Expr, q3: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
        spread = values.once(_minus(q3, q1), rounded=True)
        reach = _times(factor, spread)
        low, high = (
            values.once(where_positive(spread, each), rounded=True) for each in (_minus(q1, reach), _plus(q3, reach))
        )
        return low, high

    words = f"Q1 − {said(factor)} × IQR, Q3 + {said(factor)} × IQR"
    return Rule((("quantile", 0.25), ("quantile", 0.75)), fences, words, "IQR", trees)


def zscore(threshold: float) -> Rule:
    """``threshold`` standard deviations (of the population) around the mean."""

    def fences(mean: float, deviation: float) -> Fences | None:
        if deviation <= 0:
            return None
        low, high = rounded(mean - threshold * deviation), rounded(mean + threshold * deviation)
        return Fences(low, high, f"mean {said(mean)} ± {said(threshold)} × standard deviation {said(deviation)}")

    return Rule(
        (("mean", None), ("stddev", None)),
        fences,
        f"mean ± {said(threshold)} × standard deviation",
        "standard deviation",
        lambda values, mean, deviation: _around(values, mean, deviation, _times(threshold, deviation)),
    )


def mad(threshold: float) -> Rule:
    """The modified z-score of Iglewicz and Hoaglin (1993): 0.6745 × (x − median) / MAD."""

    def fences(median: float, deviation: float) -> Fences | None:
        if deviation <= 0:
            return None
        reach = threshold * deviation / CONSISTENCY
        told = f"median {said(median)} ± {said(threshold)} × MAD {said(deviation)} / {CONSISTENCY}"
        return Fences(rounded(median - reach), rounded(median + reach), told)

    def trees(values: Measured, median: exp.Expr, deviation: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
        reach = exp.Div(this=_times(threshold, deviation), expression=literal(CONSISTENCY))
        return _around(values, median, deviation, reach)

    words = f"median ± {said(threshold)} × MAD / {CONSISTENCY}"
    return Rule((("median", None), ("mad", None)), fences, words, "MAD", trees)


def percentile(lower: float, upper: float) -> Rule:
    """Two quantiles; 0 and 1 are no bounds."""

    def fences(low: float, high: float) -> Fences | None:
        told = f"quantiles {said(lower)} and {said(upper)}"
        return Fences(None if lower <= 0 else low, None if upper >= 1 else high, told)

    def trees(values: Measured, low: exp.Expr, high: exp.Expr) -> tuple[exp.Expr | None, exp.Expr | None]:
        return None if lower <= 0 else low, None if upper >= 1 else high

    words = f"quantiles {said(lower)} and {said(upper)}"
    return Rule((("quantile", lower), ("quantile", upper)), fences, words, trees=trees)


def fixed(low: float | None, high: float | None) -> Rule:
    """Bounds that a user names."""
    return Rule((), lambda: Fences(low, high, "as the recipe says", exact=True), "as the recipe says")


def _minus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Sub(this=left.copy(), expression=right.copy()))


def _plus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Add(this=left.copy(), expression=right.copy()))


def _times(factor: float, number: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Mul(this=literal(factor), expression=number.copy()))


def _around(values: Measured, middle: exp.Expr, deviation: exp.Expr, reach: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    low, high = (
        values.once(where_positive(deviation, each), rounded=True)
        for each in (_minus(middle, reach), _plus(middle, reach))
    )
    return low, high


def bounds_of(
    values: Measured, low: exp.Expr | None, high: exp.Expr | None, kind: DataType
) -> tuple[tuple[exp.Expr | None, exp.Expr | None], tuple[exp.Expr | None, exp.Expr | None]]:
    """What outliers are clipped to, and what is compared, as ``Fences.bounds`` and ``Fences.tested`` have it."""
    slack = literal(HALF_A_DIGIT)
    wide_low = low and _minus(low, _product(exp.Abs(this=low.copy()), slack))
    wide_high = high and _plus(high, _product(exp.Abs(this=high.copy()), slack))
    if kind.kind == "float":
        return (low, high), (wide_low and values.once(wide_low), wide_high and values.once(wide_high))
    least = wide_low and values.once(call("ceil", wide_low))
    greatest = wide_high and values.once(call("floor", wide_high))
    if least is not None and greatest is not None and wide_low is not None and wide_high is not None:
        crossed = exp.GT(this=least.copy(), expression=greatest.copy())
        least, greatest = (
            choose((crossed, call("floor", wide_low)), otherwise=least),
            choose((crossed, call("ceil", wide_high)), otherwise=greatest),
        )
    steps = tuple(each and values.once(_integer(each)) for each in (least, greatest))
    return (steps[0], steps[1]), (steps[0], steps[1])


def _product(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Mul(this=left, expression=right.copy())


def _integer(value: exp.Expr) -> exp.Expr:
    """The whole number, null where it is beyond 64 bits and so bounds nothing."""
    within = exp.LT(this=exp.Abs(this=value.copy()), expression=literal(9.2e18))
    return choose((within, cast_to(value, INTEGER)))
