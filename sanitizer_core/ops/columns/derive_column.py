"""The operation ``derive_column``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from sanitizer_core.errors import PlanError, Where
from sanitizer_core.ops.base import Needs, SchemaOp
from sanitizer_core.ops.columns.taken import refuse_taken, refuse_unknown
from sanitizer_core.ops.effects import AddColumn, Effect, Rewrite
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Schema
from sanitizer_core.sql.conversion import converted
from sanitizer_core.sql.expression import ExpressionText, columns_of, typed
from sanitizer_core.sql.needs import needs_of
from sanitizer_core.sql.typed import Typed
from sanitizer_core.types_by_name import TypeName, type_named


class DeriveColumn(SchemaOp):
    """Adds a column that is made from others by a portable expression.

    ```yaml
    - op: derive_column
      params: {name: total, expression: "price * quantity", type: "decimal(12,2)"}
    - op: derive_column
      params:
        name: age_group
        expression: "CASE WHEN age < 18 THEN 'minor' WHEN age >= 18 THEN 'adult' END"
        after: age
    ```

    An expression is SQL's scalar subset: arithmetic, comparisons, `CASE`, `CAST` and functions over the cells of one row,
    with columns by name and text in single quotes. Its type is inferred, and columns and types are checked before any
    data is read; `type` converts the result (what the type cannot hold is null).

    **Nulls** follow SQL: what is made from null is null, but for `COALESCE`, `CASE`, `CONCAT` and tests for null. A
    division by zero and a number out of range are null. With `when`, the other rows get null in a new column, and keep
    their cells in one that is replaced.

    `replace: true` writes over a column that is there, and its changes are logged; without it that is an error. Undo
    takes a new column away, and gives a replaced one its cells back.

    Running it twice adds the column twice, which is refused; a replaced column that is made from itself changes again.
    """

    op: ClassVar[str] = "derive_column"
    family: ClassVar[str] = "columns"
    idempotent: ClassVar[bool] = False

    name: str = Field(min_length=1, description="The name of the column.")
    expression: ExpressionText = Field(description="What it is made of.")
    type: TypeName | None = Field(default=None, description="The type to convert to; else that of the expression.")
    replace: bool = Field(default=False, description="Whether a column of this name is written over.")
    after: str | None = Field(default=None, description="The column that a new one stands behind; else at the end.")

    def demands(self, schema: Schema) -> dict[str, Needs]:
        return dict(needs_of(self.expression, schema))

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        found = self._value(schema)
        inputs = columns_of(self.expression, schema)
        reason = f"made by {self.expression}"
        if self.replace and self.name in schema:
            return (Rewrite(self.name, (found.tree,), found.known, reason, inputs=inputs),)
        hint = (
            "Choose another name, or write 'replace: true'."
            if not self.replace
            else "Write the name as the table has it."
        )
        refuse_taken([self.name], schema, hint)
        refuse_unknown(self.after, schema)
        return (AddColumn(self.name, found.tree, found.known, inputs, reason, after=self.after),)

    def _value(self, schema: Schema) -> Typed:
        found = typed(self.expression, schema)
        if self.type is not None:
            found = converted(found, type_named(self.type))
        if found.type is None:
            raise PlanError(
                f"{self.expression} has no type", where=Where(column=self.name), hint="Name it with 'type'."
            )
        return found
