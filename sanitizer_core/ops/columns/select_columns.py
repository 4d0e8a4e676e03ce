"""The operation ``select_columns``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from sanitizer_core.errors import PlanError
from sanitizer_core.ops.base import SchemaOp
from sanitizer_core.ops.columns.order import as_named
from sanitizer_core.ops.effects import DropColumn, Effect, OrderColumns
from sanitizer_core.ops.selector import Columns
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Schema


class SelectColumns(SchemaOp):
    """Keeps some columns, in the order in which they are named, and drops the others.

    ```yaml
    - op: select_columns
      params: {columns: [id, name, "price_*"]}
    - op: select_columns
      params: {columns: {include: all, except: [notes]}}
    ```

    Columns that one word selects (`price_*`, `all numeric`) stay in the order of the table. To put some columns in front
    and keep the rest, name them and then `all`: `columns: [id, name, all]`. With `reorder: false` all columns stay where
    they were.

    The cells of dropped columns are kept with the run, and undo puts them back.
    """

    op: ClassVar[str] = "select_columns"
    family: ClassVar[str] = "columns"

    columns: Columns = Field(alias="cols", description="The columns that stay.")
    reorder: bool = Field(default=True, description="Whether they come in the order in which they are named.")

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        chosen = as_named(self.columns, schema) if self.reorder else self.columns.resolve(schema)
        kept = tuple(cell.name for cell in chosen)
        if not kept:
            raise PlanError("no column would be left", hint="Select at least one column.")
        gone = [DropColumn(name, "not selected") for name in schema.names if name not in set(kept)]
        return (*gone, OrderColumns(kept))
