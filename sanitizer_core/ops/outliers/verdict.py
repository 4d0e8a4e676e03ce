"""Whether a cell of a column is an outlier, as trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from sanitizer_core.ops.constant import typed
from sanitizer_core.ops.measured import Measured
from sanitizer_core.ops.outliers.fences import Fences, Rule, bounds_of
from sanitizer_core.ops.wording import listed, said
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sql import call, column
from sanitizer_core.sql.logic import all_of, any_of, choose, negated
from sanitizer_core.sql.lookup import Lookup, found


@dataclass(frozen=True)
class Verdict:
    """The fences of a column as trees.

    Args:
        low, high: what outliers are clipped to.
        below, above: whether the cell is beyond one or the other.
        told: the fences, for the log.
        lookup: where the trees find the fences of the row's group.
        inputs: the columns that form groups.
    """

    cell: Column
    low: exp.Expr
    high: exp.Expr
    below: exp.Expr
    above: exp.Expr
    told: str
    lookup: Lookup | None = None
    inputs: tuple[str, ...] = ()

    @property
    def outlier(self) -> exp.Expr:
        """Whether the cell is an outlier: null for null."""
        return any_of([self.below, self.above])

    @property
    def unchanged(self) -> exp.Expr:
        """The cell as it is."""
        return column(self.cell.name)

    @property
    def clipped(self) -> exp.Expr:
        """The cell, brought to the nearer fence where it is an outlier."""
        clipped = choose((self.below, self.low), (self.above, self.high), otherwise=self.unchanged)
        narrow = self.lookup is not None and (self.cell.type.native or "").upper() == "FLOAT"
        return exp.cast(clipped, "FLOAT") if narrow else clipped


def verdict(cell: Column, fences: Fences) -> Verdict:
    """The verdict on a column by one pair of fences."""
    low, high = (typed(bound, cell.type) for bound in fences.bounds(cell.type))
    below, above = _beyond(cell, *(_constant(bound, cell) for bound in fences.tested(cell.type)))
    return Verdict(cell, low, high, below, above, _told(fences))


def verdict_measured(cell: Column, rule: Rule, values: Measured) -> Verdict | None:
    """The verdict on a column by fences that the statement measures; ``None`` where they cannot be said so."""
    if rule.trees is None or cell.type.kind == "decimal" or (cell.type.native or "").upper() in ("FLOAT", "REAL"):
        return None
    low, high = rule.trees(values, *(values.of(stat) for stat in rule.stats(cell.name, ())))
    clipped, tested = bounds_of(values, low, high, cell.type)
    below, above = _beyond(cell, *tested)
    nothing = exp.Null()
    return Verdict(cell, clipped[0] or nothing, clipped[1] or nothing, below, above, f"the fences ({rule.words})")


def _constant(bound: Any, cell: Column) -> exp.Expr | None:
    """A bound to compare with: as a double for any float, however narrow."""
    if bound is None:
        return None
    return typed(bound, cell.type) if cell.type.kind != "float" else exp.cast(exp.Literal.number(repr(bound)), "DOUBLE")


def verdict_by_group(
    cell: Column, groups: Mapping[tuple[Any, ...], Fences], by: tuple[str, ...], words: str, schema: Schema
) -> Verdict:
    """The verdict on a column by the fences of each group; a group without is left alone."""
    rows = tuple((*key, *fences.bounds(cell.type), *fences.tested(cell.type)) for key, fences in groups.items())
    kinds = tuple(schema[name].type for name in by)
    lookup = Lookup(tuple(map(column, by)), kinds, cell.type, rows, further=(cell.type,) * 3)
    below, above = _beyond(cell, found(3), found(4))
    told = f"the fences of its group by {listed(by)} ({words})"
    return Verdict(cell, found(), found(2), below, above, told, lookup, by)


def _beyond(cell: Column, low: exp.Expr | None, high: exp.Expr | None) -> tuple[exp.Expr, exp.Expr]:
    """Whether the cell lies below and above; engines sort NaN above all numbers, but it is none."""
    value = column(cell.name)
    low, high = low and low.copy(), high and high.copy()
    below = exp.LT(this=value.copy(), expression=low) if low is not None else exp.false()
    above: exp.Expr = exp.GT(this=value.copy(), expression=high) if high is not None else exp.false()
    if high is not None and cell.type.kind == "float":
        above = all_of([above, negated(call("is_nan", value))])
    return below, above


def _told(fences: Fences) -> str:
    bounds = [said(bound) for bound in (fences.low, fences.high) if bound is not None]
    if len(bounds) == 2:
        return f"the fences {bounds[0]} and {bounds[1]} ({fences.told})"
    return f"the {'lower' if fences.low is not None else 'upper'} fence {bounds[0]} ({fences.told})"
