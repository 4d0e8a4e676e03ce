"""The operation ``sort_rows``."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from sqlglot import exp

from sanitizer_core.errors import PlanError, Problem, Where
from sanitizer_core.ops.base import FITS, Needs, Operation
from sanitizer_core.ops.effects import Effect
from sanitizer_core.ops.effects import SortRows as InOrder
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import DataType, Schema
from sanitizer_core.sql import column
from sanitizer_core.sql.expression import ExpressionText, typed
from sanitizer_core.sql.needs import needs_of


class SortKey(BaseModel):
    """One thing to sort by: a column, or an expression."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str | None = Field(default=None, description="The column to sort by.")
    expression: ExpressionText | None = Field(default=None, description="What to sort by instead of a column.")
    descending: bool = Field(default=False, description="The greatest first.")

    @model_validator(mode="after")
    def _one_of_both(self) -> SortKey:
        if (self.column is None) == (self.expression is None):
            raise ValueError("a key to sort by is either a 'column' or an 'expression'")
        return self


def _from_name(key: Any) -> Any:
    return {"column": key} if isinstance(key, str) else key


def _as_list(keys: Any) -> Any:
    return [keys] if isinstance(keys, (str, dict)) else keys


class SortRows(Operation):
    """Puts the rows in an order.

    ```yaml
    - op: sort_rows
      params: {by: [country, {column: joined, descending: true}]}
    - op: sort_rows
      params: {by: {expression: "lower(name)"}}
    ```

    Each key counts where those before it are equal. Rows that are equal in all of them stay in the order in which they
    were, so a later `sort_rows` keeps the order of an earlier one among its own ties.

    **Order.** Numbers and dates by size, NaN above all numbers; text by code point (`Z` before `a`, `é` after `z`) on
    every engine, whatever its locale; `false` before `true`. Nulls come last, also when `descending`. Text that holds
    numbers sorts as text (`10` before `9`): convert it in a step before.

    Cells are not changed and nothing is logged; the change log and undo name rows by their place in the input.
    """

    op: ClassVar[str] = "sort_rows"
    family: ClassVar[str] = "rows"

    by: Annotated[tuple[Annotated[SortKey, BeforeValidator(_from_name)], ...], BeforeValidator(_as_list)] = Field(
        min_length=1, description="Columns by name, or keys with `column` or `expression` and `descending`."
    )

    def demands(self, schema: Schema) -> dict[str, Needs]:
        wanted: dict[str, Needs] = {}
        for key in self.by:
            wanted |= needs_of(key.expression, schema)
            if key.column is not None and key.column in schema:
                kind = schema[key.column].type
                wanted[key.column] = next((need for need in _SIZES if FITS[need](kind)), "any")
        return wanted

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        missing = [
            no_such_column(key.column, schema) for key in self.by if key.column is not None and key.column not in schema
        ]
        if missing:
            raise PlanError("columns are missing", found=missing)
        return (InOrder(tuple(_ordered(key, schema) for key in self.by)),)


_SIZES: tuple[Needs, ...] = ("numeric", "temporal")


def _ordered(key: SortKey, schema: Schema) -> exp.Ordered:
    tree, kind = _value(key, schema)
    if kind is not None and kind.kind == "other":
        message = f"rows cannot be sorted by {key.column or key.expression!r}, which is {kind.native}"
        raise PlanError(
            message, found=[Problem(message, Where(column=key.column), "Sort by text, numbers, dates or booleans.")]
        )
    return exp.Ordered(this=tree, desc=key.descending, nulls_first=False)


def _value(key: SortKey, schema: Schema) -> tuple[exp.Expr, DataType | None]:
    if key.column is not None:
        return column(key.column), schema[key.column].type
    found = typed(key.expression or "", schema)
    return found.tree, found.type
