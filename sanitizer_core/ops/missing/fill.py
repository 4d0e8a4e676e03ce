"""How the missing cells of one column are filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

from sqlglot import exp

from sanitizer_core.ops.constant import Scalar, constant, typed
from sanitizer_core.ops.effects import CarryOver, Effect, Note, Rewrite
from sanitizer_core.ops.measured import Measured
from sanitizer_core.ops.order import OrderBy
from sanitizer_core.ops.spelling import spelled
from sanitizer_core.ops.stat import UNFITTED, Fitted, Measure, Stat
from sanitizer_core.ops.wording import listed, said
from sanitizer_core.schema import INTEGER, Column, DataType, Schema
from sanitizer_core.sql import call, cast_to, column, literal
from sanitizer_core.sql.logic import any_of, choose, is_null, negated
from sanitizer_core.sql.lookup import Lookup, found

Strategy = Annotated[
    Literal["median", "mean", "mode", "constant", "ffill", "bfill", "drop_rows", "none"],
    spelled({
        "average": "mean", "most_frequent": "mode", "value": "constant", "drop": "drop_rows", "leave": "none",
        "forward_fill": "ffill", "forward": "ffill", "backward_fill": "bfill", "backward": "bfill",
    }),
]  # fmt: skip
"""What is done about missing cells."""

MEASURED: dict[str, Measure] = {"median": "median", "mean": "mean", "mode": "mode"}
CARRIED = ("ffill", "bfill")
GUESSED = 0.5
"""The confidence of a value that the data suggests but does not hold."""

_CALLED = {"median": "the median", "mean": "the mean", "mode": "the commonest value"}


@dataclass(frozen=True)
class Fill:
    """What is done about the missing cells of a column.

    Args:
        cell: the column.
        value: of the strategy ``constant``.
        by: columns that form groups.
        blank: whether blank text counts as missing.
    """

    cell: Column
    strategy: Strategy
    value: Scalar | None = None
    by: tuple[str, ...] = ()
    order: tuple[OrderBy, ...] = ()
    blank: bool = False

    @property
    def missing(self) -> exp.Expr:
        """Whether the cell is missing: null, NaN, and blank text where that counts."""
        return missing(self.cell, blank=self.blank)

    def stats(self) -> Iterator[Stat]:
        """What has to be measured: over all rows, and by group where there are groups."""
        if self.strategy in MEASURED:
            yield self._stat(())
            if self.by:
                yield self._stat(self.by)

    def _stat(self, by: tuple[str, ...]) -> Stat:
        filled = "filled" if self.strategy == "mode" and self.blank and self.cell.type.is_text else None
        return Stat(self.cell.name, MEASURED[self.strategy], filled, by)

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        """The new cells."""
        if self.strategy == "constant" and self.value is not None:
            return (self._rewrite(constant(self.value, self.cell), f"filled with {said(self.value)}", 1.0),)
        if self.strategy in CARRIED:
            return (self._carried(schema),)
        return self._measured(schema, fitted) if self.strategy in MEASURED else ()

    def _measured(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        raw = fitted[self._stat(())]
        if raw is None:
            what = _CALLED[self.strategy]
            return (Note(f"{self.cell.name!r} holds nothing that {what} could be taken of, and is left as it is"),)
        overall = in_type(raw, self.cell.type)
        if not self.by:
            return (self._rewrite(typed(overall, self.cell.type), f"filled with {self._told(raw, overall)}", GUESSED),)
        rows = _rows(fitted[self._stat(self.by)] or (), self.cell.type)
        kinds = tuple(schema[name].type for name in self.by)
        lookup = Lookup(tuple(map(column, self.by)), kinds, self.cell.type, rows)
        value = exp.Coalesce(this=found(), expressions=[typed(overall, self.cell.type)])
        reason = f"filled with {_CALLED[self.strategy]} of its group by {listed(self.by)} ({said(overall)} where the group has none)"
        return (self._rewrite(value, reason, GUESSED, lookup),)

    def measured(self, schema: Schema, values: Measured) -> tuple[Effect, ...] | None:
        """The new cells where the statement measures; ``None`` for groups, commonest values and decimals."""
        if self.strategy not in MEASURED:
            return self.effects(schema, UNFITTED)
        narrow = (self.cell.type.native or "").upper() in ("FLOAT", "REAL", "FLOAT4")
        if self.by or self.strategy == "mode" or self.cell.type.kind == "decimal" or narrow:
            return None
        found = values.of(self._stat(()))
        if self.cell.type.kind == "integer":
            found = values.once(_nearest(found))
        value = exp.Coalesce(this=found, expressions=[column(self.cell.name)])
        return (self._rewrite(value, f"filled with {_CALLED[self.strategy]}", GUESSED),)

    def _told(self, raw: Any, value: Any) -> str:
        """``the median 30.5, rounded to 31``."""
        rounded = "" if not isinstance(raw, float) or raw == float(value) else f", rounded to {said(value)}"
        return f"{_CALLED[self.strategy]} {said(raw)}{rounded}"

    def _rewrite(self, value: exp.Expr, reason: str, confidence: float, lookup: Lookup | None = None) -> Rewrite:
        now = column(self.cell.name)
        filled = choose((self.missing, value), otherwise=now)
        inputs = self.by if lookup is not None else ()
        return Rewrite(
            self.cell.name, (filled,), self.cell.type, f"missing: {reason}", confidence, inputs, lookup=lookup
        )

    def _carried(self, schema: Schema) -> CarryOver:
        order = tuple(each.ordered(schema) for each in self.order)
        side = "after" if self.strategy == "bfill" else "before"
        told = [f"by {listed(self.by)}"] if self.by else []
        told += [f"ordered by {listed(each.column for each in self.order)}"] if self.order else []
        reason = f"missing: filled with the value {side} it" + (f" ({', '.join(told)})" if told else "")
        present = choose((negated(self.missing), column(self.cell.name)))
        return CarryOver(self.cell.name, present, self.by, order, side == "after", reason, GUESSED)


def _nearest(value: exp.Expr) -> exp.Expr:
    """The nearest whole number, halves away from 0."""
    half = literal(0.5)
    up = call("floor", exp.Add(this=value.copy(), expression=half))
    down = call("ceil", exp.Sub(this=value.copy(), expression=half.copy()))
    above = exp.GTE(this=value.copy(), expression=literal(0.0))
    return cast_to(choose((above, up), otherwise=down), INTEGER)


def missing(cell: Column, *, blank: bool) -> exp.Expr:
    """Whether a cell is missing: null, NaN, and blank text where that counts."""
    value = column(cell.name)
    conditions = [is_null(value)]
    if cell.type.kind == "float":
        conditions.append(call("is_nan", value))
    if cell.type.is_text and blank:
        conditions.append(call("is_blank", value))
    return any_of(conditions)


def in_type(value: Any, kind: DataType) -> Any:
    """A measured value as the column can hold it: whole numbers and decimals are rounded, halves away from 0."""
    if isinstance(value, float) and kind.kind in ("integer", "decimal"):
        step = Decimal(1).scaleb(-(kind.scale or 0))
        rounded = Decimal(repr(value)).quantize(step, ROUND_HALF_UP)
        return int(rounded) if kind.kind == "integer" else rounded
    return value


def _rows(measured: Any, kind: DataType) -> tuple[tuple[Any, ...], ...]:
    """``(key, ..., value)`` of the groups that have a value, each key once."""
    values = {tuple(key): in_type(value, kind) for *key, value in measured if value is not None}
    return tuple((*key, value) for key, value in values.items())
