"""The operation ``remove_duplicates``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from sqlglot import exp

from sanitizer_core.ops.base import ColumnsOperation
from sanitizer_core.ops.effects import Effect, RemoveRepeats
from sanitizer_core.ops.missing.fill import missing
from sanitizer_core.ops.order import Order
from sanitizer_core.ops.spelling import spelled
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.ops.wording import listed
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sql import call, column, literal
from sanitizer_core.sql.logic import choose, sum_of

Keep = Annotated[
    Literal["first", "last", "most_complete", "none"],
    spelled({"false": "none", "no": "none", "complete": "most_complete"}),
]


class RemoveDuplicates(ColumnsOperation):
    """Removes rows that repeat another: rows that agree in all columns, or in those that are named.

    ```yaml
    - op: remove_duplicates
      params: {columns: [email], ignore_case: true, keep: last, order: updated_at}
    ```

    Of rows that agree, one stays:

    - `first`: the one that comes first, by `order` or else as the rows stand;
    - `last`: the one that comes last;
    - `most_complete`: the one with the most cells filled (of all columns, blank text not counting as filled), and of
      several such the first;
    - `none`: none of them stays; only rows that are like no other do.

    Cells are compared as earlier steps left them. Null agrees with null, and NaN with NaN; -0.0 agrees with 0.0. Text
    agrees when it is the same code point for code point, unless `ignore_case` or `ignore_space` say otherwise; those
    compare the cells another way and change none. A row that has no value in an `order` column comes after those
    that have one, for `last` too. Rows that tie in `order` are taken as they stand.

    Under `when` only the rows for which it is true are compared and removed.

    Removed rows are kept whole, each with the number of the row that stayed in its place (rows count from 0), and undo
    puts them back. Nothing is fitted: repeats are found within the rows at hand, so that a fitted recipe cannot know
    a row of an earlier batch again.

    The rows are grouped by a hash of what is compared, and only those that share theirs are compared as a whole.
    """

    op: ClassVar[str] = "remove_duplicates"
    family: ClassVar[str] = "duplicates"

    keep: Keep = Field(default="first", description="Which of the rows that agree stays.")
    order: Order = Field(
        default=(), description="Which row comes before which, for `first`, `last` and ties of `most_complete`."
    )
    ignore_case: bool = Field(default=False, description="Compare text without regard to case.")
    ignore_space: bool = Field(
        default=False,
        description="Compare text without white space at its ends, and with every run of it as one blank.",
    )

    @model_validator(mode="after")
    def _order_matters(self) -> RemoveDuplicates:
        if self.keep == "none" and self.order:
            raise ValueError("'order' says which row stays, but with keep 'none' no row does")
        return self

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        cells = self.chosen(schema)
        if not cells:
            return ()
        repeats = RemoveRepeats(
            columns=tuple(cell.name for cell in cells),
            order=self._order(schema),
            keep_none=self.keep == "none",
            reason=self._reason(cells, schema),
            last=self.keep == "last",
            compared=tuple(map(self._compared, cells)),
        )
        return (repeats,)

    def _order(self, schema: Schema) -> tuple[exp.Ordered, ...]:
        order = [each.ordered(schema) for each in self.order]
        if self.keep == "last":
            order = [exp.Ordered(this=each.this, desc=not each.args["desc"], nulls_first=False) for each in order]
        if self.keep == "most_complete":
            order.insert(0, exp.Ordered(this=_filled(schema), desc=True, nulls_first=False))
        return tuple(order)

    def _compared(self, cell: Column) -> exp.Expr:
        value: exp.Expr = column(cell.name)
        if cell.type.is_text and self.ignore_space:
            value = call("strip", call("collapse_space", value))
        if cell.type.is_text and self.ignore_case:
            value = call("lower", value)
        return value

    def _reason(self, cells: tuple[Column, ...], schema: Schema) -> str:
        all_columns = len(cells) == len(schema)
        same = "equal" if all_columns else f"with the same {listed(cell.name for cell in cells)}"
        if self.keep == "none":
            return f"one of several rows {same}" if not all_columns else "one of several equal rows"
        return "repeats" if all_columns else f"has the same {listed(cell.name for cell in cells)} as"


def _filled(schema: Schema) -> exp.Expr:
    """How many cells of a row are filled."""
    return sum_of([choose((missing(cell, blank=True), literal(0)), otherwise=literal(1)) for cell in schema])
