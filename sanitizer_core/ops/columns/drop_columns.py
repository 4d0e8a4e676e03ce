"""The operation ``drop_columns``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from sanitizer_core.errors import PlanError
from sanitizer_core.ops.base import SchemaOp
from sanitizer_core.ops.effects import DropColumn, Effect
from sanitizer_core.ops.selector import Columns
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Schema


class DropColumns(SchemaOp):
    """Drops columns.

    ```yaml
    - op: drop_columns
      params: {columns: [internal_id, "tmp_*"]}
    ```

    Their cells are kept with the run, and undo puts them back. A column that is named and not there is an error, unless
    the step is `optional: true`. At least one column has to stay.
    """

    op: ClassVar[str] = "drop_columns"
    family: ClassVar[str] = "columns"

    columns: Columns = Field(alias="cols", description="The columns that go.")

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        gone = self.columns.resolve(schema)
        if len(gone) == len(schema):
            raise PlanError("no column would be left", hint="Leave at least one column.")
        return tuple(DropColumn(cell.name, "dropped by name") for cell in gone)
