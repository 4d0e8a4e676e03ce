"""The operation ``bucket_numeric``."""

from __future__ import annotations

import math
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator
from sqlglot import exp

from sanitizer_core.ops.base import AnyCase, ColumnsOperation, Needs
from sanitizer_core.ops.categories.one_hot import Names
from sanitizer_core.ops.categories.ranges import Range, between, interval_labels, parse_ranges
from sanitizer_core.ops.effects import AddColumn, Effect, Note, Rewrite
from sanitizer_core.ops.outliers.fences import HALF_A_DIGIT
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.ops.wording import said
from sanitizer_core.schema import TEXT, Column, Schema
from sanitizer_core.sql import call, cast_to, column, literal
from sanitizer_core.sql.logic import all_of, choose, is_null


def _texts(value: Any) -> Any:
    """One text of ranges, a list of them, or a mapping of label to range."""
    if isinstance(value, str):
        return tuple(part for part in value.split(",") if part.strip())
    if isinstance(value, dict):
        return tuple(f"{label}: {written}" for label, written in value.items())
    return value


class BucketNumeric(ColumnsOperation):
    """Puts numbers into named ranges: ages into `0-18, 19-35, 36-60, 60+`.

    The ranges are given in one of three ways:

    ```yaml
    - op: bucket_numeric
      params: {columns: [age], buckets: "0-18, 19-35, 36-60, 60+"}
    - op: bucket_numeric
      params: {columns: [income], edges: [0, 20000, 50000, .inf], labels: [low, middle, high]}
    - op: bucket_numeric
      params: {columns: [score], quantiles: 4}
    ```

    **`buckets`**: ranges as one writes them, separated by commas, or as a list, or as a mapping of label to range. A
    range is `0-18` (or `0 to 18`, `0..18`), `60+` (or `>= 60`), `> 60`, `< 0`, `<= 0`, or one number; it may have a label in
    front (`child: 0-18`), else its own text is the label. Both bounds are inside. A bound that two ranges share belongs
    to the one written first: 60 is in `36-60`, and 60.5 in `60+`. Where one range ends a single step of its last digit before
    the next begins, as `0-18` before `19-35`, what lies between belongs to the lower one: 18.5 is in `0-18`. Wider gaps are
    gaps. Ranges that overlap in more than a bound are refused.

    **`edges`**: each range goes from one edge to the next and holds its left edge (with `closed: right` its right one,
    as pandas.cut has it); the outermost edges are both inside. Without `labels` a range is called `[0, 18)`.

    **`quantiles`**: so many ranges with about as many cells in each, between quantiles that are fitted (interpolated,
    type 7), named `Q1`, `Q2`, … A value belongs to the first range whose upper end is not below it, as pandas.qcut has
    it. The outermost ranges are open, so that no number of a later batch falls outside. Where many cells are equal some
    ranges stay empty.

    A number in no range becomes null, or what `outside` says. Null stays null, and NaN becomes null. The column becomes
    text, or stays as it is with the label beside it in `<name>_bucket` (`keep_original`). Undo gives the numbers back.

    **Cleaning twice is not cleaning once here**: a label is no number any more.
    """

    op: ClassVar[str] = "bucket_numeric"
    family: ClassVar[str] = "categories"
    needs: ClassVar[Needs] = "numeric"
    idempotent: ClassVar[bool] = False

    buckets: Annotated[tuple[str, ...], BeforeValidator(_texts)] = Field(
        default=(),
        description="The ranges as text: `0-18, 19-35, 36-60, 60+`; or a list of such, or a mapping of label to range.",
    )
    edges: tuple[float, ...] = Field(
        default=(), description="The numbers between which the ranges lie, in rising order; `.inf` for no end."
    )
    quantiles: Annotated[int, Field(ge=2, le=1000)] | None = Field(
        default=None, description="How many ranges with about equally many cells."
    )
    labels: tuple[str, ...] = Field(default=(), description="What the ranges are called, in order.")
    closed: Annotated[Literal["left", "right"], AnyCase] = Field(
        default="left", description="For `edges`: which edge a range holds."
    )
    outside: str | None = Field(default=None, description="What a number in no range becomes; null when left out.")
    keep_original: bool = Field(
        default=False, description="Keep the numbers, with the label beside them in `<name>_bucket`."
    )

    @field_validator("buckets")
    @classmethod
    def _ranges_can_be_read(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        if texts:
            parse_ranges(texts)
        return texts

    @field_validator("edges")
    @classmethod
    def _edges_rise(cls, edges: tuple[float, ...]) -> tuple[float, ...]:
        if edges and (len(edges) < 2 or any(not low < high for low, high in pairwise(edges))):
            raise ValueError("at least two numbers, each greater than the one before")
        return edges

    @model_validator(mode="after")
    def _one_way_with_labels_for_all(self) -> BucketNumeric:
        ways = [name for name in ("buckets", "edges", "quantiles") if getattr(self, name)]
        if len(ways) != 1:
            raise ValueError(
                "say the ranges in one way: 'buckets', 'edges' or 'quantiles'"
                + (f", not {' and '.join(ways)}" if ways else "")
            )
        count = len(self.buckets) or self.quantiles or len(self.edges) - 1
        if self.labels and len(self.labels) != count:
            raise ValueError(f"{count} ranges need as many labels, got {len(self.labels)}")
        if self.quantiles and self.outside is not None:
            raise ValueError("no number is outside of quantiles, whose outermost ranges are open")
        if "closed" in self.model_fields_set and not self.edges:
            raise ValueError("'closed' belongs to 'edges'")
        return self

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        return tuple(stat for cell in self.chosen(schema) for stat in self._quantiles(cell))

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        names = Names(schema)
        return tuple(effect for cell in self.chosen(schema) for effect in self._cell(cell, fitted, names))

    def _quantiles(self, cell: Column) -> tuple[Stat, ...]:
        count = self.quantiles or 1
        return tuple(Stat(cell.name, "quantile", index / count) for index in range(1, count))

    def _cell(self, cell: Column, fitted: Fitted, names: Names) -> list[Effect]:
        inner = [fitted[stat] for stat in self._quantiles(cell)]
        ranges = self._ranges(cell, inner)
        notes: list[Effect] = [Note(f"{cell.name!r} holds no numbers to put into ranges")] if None in inner else []
        label, reason = _labelled(cell, ranges, self.outside), _told(ranges)
        if not self.keep_original:
            return [*notes, Rewrite(cell.name, (label,), TEXT, reason)]
        return [
            *notes,
            AddColumn(names.free(f"{cell.name}_bucket"), label, TEXT, (cell.name,), reason, after=cell.name),
        ]

    def _ranges(self, cell: Column, inner: list[Any]) -> tuple[Range, ...]:
        if self.buckets:
            ranges = parse_ranges(self.buckets)
            labels = self.labels or tuple(each.label for each in ranges)
            return tuple(
                Range(label, each.low, each.high, each.above, each.below)
                for label, each in zip(labels, ranges, strict=True)
            )
        if self.edges:
            right = self.closed == "right"
            return between(self.edges, self.labels or interval_labels(self.edges, right=right), right=right)
        labels = self.labels or tuple(f"Q{number}" for number in range(1, len(inner) + 2))
        ends = [None if end is None else _end(float(end), cell) for end in inner]
        return (
            ()
            if None in ends
            else tuple(Range(label, None, end) for label, end in zip(labels, [*ends, None], strict=True))
        )


def _end(quantile: float, cell: Column) -> Decimal:
    """The upper end of a range between quantiles; the fitted value may be less than the cell it was by what rounding took."""
    reach = Decimal(repr(quantile + abs(quantile) * HALF_A_DIGIT))
    return reach.quantize(Decimal(1), ROUND_FLOOR) if cell.type.kind == "integer" and math.isfinite(quantile) else reach


def _labelled(cell: Column, ranges: tuple[Range, ...], outside: str | None) -> exp.Expr:
    value = column(cell.name)
    branches = [(is_null(value), cast_to(exp.Null(), TEXT))]
    if cell.type.kind == "float":
        branches.append((call("is_nan", value), cast_to(exp.Null(), TEXT)))
    branches += [(_within(value, each, cell), literal(each.label)) for each in ranges]
    return choose(*branches, otherwise=cast_to(literal(outside), TEXT))


def _within(value: exp.Expr, each: Range, cell: Column) -> exp.Expr:
    conditions: list[exp.Expr] = []
    if each.low is not None:
        conditions.append((exp.GT if each.above else exp.GTE)(this=value.copy(), expression=_bound(each.low, cell)))
    if each.high is not None:
        conditions.append((exp.LT if each.below else exp.LTE)(this=value.copy(), expression=_bound(each.high, cell)))
    return all_of(conditions)


def _bound(bound: Decimal, cell: Column) -> exp.Expr:
    return literal(float(bound)) if cell.type.kind == "float" else literal(bound)


def _told(ranges: tuple[Range, ...]) -> str:
    shown = ", ".join(each.label for each in ranges[:8])
    ends = ", ".join(said(float(each.high)) for each in ranges if each.low is None and each.high is not None)
    told = f"put into a range: {shown}" + (", …" if len(ranges) > 8 else "")
    return told + (f" (ending at {ends})" if ends and all(each.low is None for each in ranges) else "")
