"""The operation ``merge_columns``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field
from sqlglot import exp

from sanitizer_core.errors import PlanError
from sanitizer_core.ops.base import Needs, SchemaOp
from sanitizer_core.ops.columns.order import as_named
from sanitizer_core.ops.columns.taken import refuse_taken
from sanitizer_core.ops.effects import AddColumn, DropColumn, Effect, OrderColumns, Rewrite
from sanitizer_core.ops.selector import Columns
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.ops.wording import listed
from sanitizer_core.schema import TEXT, Column, Schema
from sanitizer_core.sql import call, column, literal
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.logic import all_of, any_of, choose, is_null


class MergeColumns(SchemaOp):
    """Joins the cells of several columns into one text.

    ```yaml
    - op: merge_columns
      params: {columns: [street, house_number], into: address}
    - op: merge_columns
      params: {columns: [city, region, country], into: place, separator: ", ", keep: true}
    ```

    The cells come in the order in which the columns are named, with the separator between them. Numbers and dates are
    written as text the way the change log writes them (dates as ISO 8601, no `.0` behind whole floats).

    **Nulls** are left out, and their separator with them; a row in which all are null gives null. With
    `skip_nulls: false` one null makes the whole null. Empty text is text, unless `skip_empty` leaves it out too.

    The new column stands where the first of them stood; the columns go unless `keep` is set. It may have the name of one
    of them: then that column's cells are rewritten, and logged. **Undo** brings all columns back.

    Running it twice is refused, since the columns are gone or the new one is there.
    """

    op: ClassVar[str] = "merge_columns"
    family: ClassVar[str] = "columns"
    idempotent: ClassVar[bool] = False

    columns: Columns = Field(alias="cols", description="The columns, in the order of their parts.")
    into: str = Field(min_length=1, description="The name of the new column.")
    separator: str = Field(default=" ", description="What stands between the parts.")
    skip_nulls: bool = Field(default=True, description="Whether nulls are left out rather than making the whole null.")
    skip_empty: bool = Field(default=False, description="Whether empty text is left out like null.")
    keep: bool = Field(default=False, description="Whether the columns stay.")

    def demands(self, schema: Schema) -> dict[str, Needs]:
        return {cell.name: "text" for cell in self.columns.resolve(schema)}

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        parts = as_named(self.columns, schema)
        names = [cell.name for cell in parts]
        if len(parts) < 2:
            raise PlanError(f"merge_columns needs two columns at least, got {listed(names) or 'none'}")
        if self.into not in names or self.keep:
            refuse_taken([self.into], schema, "Choose another name in 'into'.")
        reason = f"made of {listed(names)}"
        made: list[Effect] = []
        if self.into in names:
            others = tuple(name for name in names if name != self.into)
            made.append(Rewrite(self.into, (self._tree(parts),), TEXT, reason, inputs=others))
        else:
            made.append(AddColumn(self.into, self._tree(parts), TEXT, tuple(names), reason))
        if not self.keep:
            made += [DropColumn(name, f"merged into {self.into!r}") for name in names if name != self.into]
        return (*made, OrderColumns(self._order(schema, names)))

    def _tree(self, parts: tuple[Column, ...]) -> exp.Expr:
        texts = [self._text(cell) for cell in parts]
        missing = [is_null(text) for text in texts]
        if not self.skip_nulls:
            joined = texts[0]
            for text in texts[1:]:
                joined = _joined(_joined(joined, literal(self.separator)), text)
            return choose((any_of(missing), exp.Null()), otherwise=joined)
        led = [exp.Coalesce(this=_joined(literal(self.separator), text), expressions=[literal("")]) for text in texts]
        whole: exp.Expr = led[0]
        for part in led[1:]:
            whole = _joined(whole, part)
        cut = call("substring", whole, literal(len(self.separator) + 1))
        return choose((all_of(missing), exp.cast(exp.Null(), "TEXT")), otherwise=cut)

    def _text(self, cell: Column) -> exp.Expr:
        text = canonical_text(column(cell.name), cell.type)
        return exp.Nullif(this=text, expression=literal("")) if self.skip_empty else text

    def _order(self, schema: Schema, names: list[str]) -> tuple[str, ...]:
        first = next(name for name in schema.names if name in names)
        order: list[str] = []
        for name in schema.names:
            order += [self.into] if name == first else []
            order += [name] if name not in names or (self.keep and name != self.into) else []
        return tuple(order)


def _joined(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.DPipe(this=left.copy(), expression=right.copy())
