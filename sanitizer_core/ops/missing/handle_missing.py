"""The operation ``handle_missing``."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from sanitizer_core.ops.base import CellOp, Needs
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sql import literal


class HandleMissing(CellOp):
    """Fills what is missing."""

    op: ClassVar[str] = "handle_missing"
    family: ClassVar[str] = "missing"
    needs: ClassVar[Needs] = "numeric"

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        return tuple(Stat(cell.name, "median") for cell in self.chosen(schema))

    def rewrite(self, cell: Column, value: exp.Expression, fitted: Fitted) -> exp.Expression:
        return exp.Coalesce(this=value, expressions=[literal(fitted.get(cell.name, "median"))])

    def reason(self, cell: Column, fitted: Fitted) -> str:
        return f"missing: filled with the median {fitted.get(cell.name, 'median')}"
