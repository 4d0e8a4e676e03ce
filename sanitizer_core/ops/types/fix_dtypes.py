"""The operation ``fix_dtypes``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field
from sqlglot import exp

from sanitizer_core.ops.base import Operation
from sanitizer_core.ops.effects import Effect, Rewrite
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Schema
from sanitizer_core.sql import call, column
from sanitizer_core.types_by_name import TypeName, type_named


class FixDtypes(Operation):
    """Gives columns a type."""

    op: ClassVar[str] = "fix_dtypes"
    family: ClassVar[str] = "types"

    columns: dict[str, TypeName] = Field(description="Type by column.")

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        return tuple(
            Rewrite(name, (call("try_integer", column(name)),), type_named(word), f"converted to {word}")
            for name, word in self.columns.items()
        )
