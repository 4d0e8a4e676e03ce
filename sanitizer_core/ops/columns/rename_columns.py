"""The operation ``rename_columns``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from sanitizer_core.errors import PlanError, Problem, Where
from sanitizer_core.ops.base import SchemaOp
from sanitizer_core.ops.effects import Effect, RenameColumn
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Schema


class RenameColumns(SchemaOp):
    """Gives columns other names.

    ```yaml
    - op: rename_columns
      params: {mapping: {cust_nm: name, dob: date_of_birth}}
    ```

    All columns are renamed at once, so names can be swapped. A name that another column has, or that differs from
    another one only in case, is refused: tables on most engines could not have both. With `optional: true` on the step, it
    is left out where a column is missing.

    No cell is changed. The change log and undo name columns as they are called in the input.
    """

    op: ClassVar[str] = "rename_columns"
    family: ClassVar[str] = "columns"

    mapping: dict[str, str] = Field(min_length=1, description="New name by old name.")

    @model_validator(mode="after")
    def _names_are_sound(self) -> RenameColumns:
        seen: dict[str, str] = {}
        for old, new in self.mapping.items():
            if not new:
                raise ValueError(f"the new name of {old!r} is empty")
            other = seen.setdefault(new.lower(), old)
            if other != old:
                raise ValueError(f"{other!r} and {old!r} would both be called {new!r}")
        return self

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        missing = [no_such_column(old, schema) for old in self.mapping if old not in schema]
        if missing:
            raise PlanError("columns are missing", found=missing)
        kept = {name.lower(): name for name in schema.names if name not in self.mapping}
        taken = [self._taken(old, new, kept[new.lower()]) for old, new in self.mapping.items() if new.lower() in kept]
        if taken:
            raise PlanError("names are taken", found=taken)
        return tuple(RenameColumn(old, new) for old, new in self.mapping.items() if old != new)

    def _taken(self, old: str, new: str, other: str) -> Problem:
        message = f"{old!r} cannot be called {new!r}, for there is a column {other!r}"
        return Problem(message, Where(column=old), "Rename or drop that one too.")
