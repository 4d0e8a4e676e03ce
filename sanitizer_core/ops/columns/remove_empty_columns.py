"""The operation ``remove_empty_columns``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from sanitizer_core.ops.base import ColumnsOperation
from sanitizer_core.ops.effects import DropColumn, Effect, Note
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.ops.wording import listed
from sanitizer_core.schema import Column, Schema

_BLANK = r"^\s*$"


class RemoveEmptyColumns(ColumnsOperation):
    r"""Drops columns in which too little stands.

    ```yaml
    - op: remove_empty_columns
      params: {threshold: 0.95}
    ```

    A column goes when the share of its cells that are empty is at or above `threshold`:
    (nulls + blank texts) / rows. A blank text is empty or holds only white space (`\s`); with `blank: false` only nulls
    count. Tokens such as `N/A` count as values: use `nullify` in a step before. A threshold of 1 drops only columns in which
    there is nothing at all.

    The shares are measured when the recipe is fitted: a fitted recipe drops the same columns from the next table,
    whatever stands in them there. In a table without rows nothing is dropped. If every column would go, the one that is
    filled most stays, and a note says so.

    The cells of dropped columns are kept with the run, and undo puts them back.
    """

    op: ClassVar[str] = "remove_empty_columns"
    family: ClassVar[str] = "columns"

    threshold: float = Field(
        default=0.8, gt=0, le=1, description="The share of empty cells at or above which a column goes."
    )
    blank: bool = Field(default=True, description="Whether text of nothing but white space is empty.")

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        chosen = self.chosen(schema)
        blanks = [Stat(cell.name, "matches", _BLANK) for cell in chosen if self._may_be_blank(cell)]
        return (Stat("", "rows"), *(Stat(cell.name, "count") for cell in chosen), *blanks)

    def _may_be_blank(self, cell: Column) -> bool:
        return self.blank and cell.type.is_text

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        rows = fitted.get("", "rows")
        if not rows:
            return ()
        shares = {cell.name: 1 - self._filled(cell, fitted) / rows for cell in self.chosen(schema)}
        gone = [name for name, share in shares.items() if share >= self.threshold]
        notes: list[Effect] = []
        if len(gone) == len(schema):
            kept = min(gone, key=lambda name: shares[name])
            gone.remove(kept)
            notes.append(Note(f"every column is empty; {kept!r} stays, for a table needs one"))
        if gone:
            notes.append(Note(f"empty columns were dropped: {listed(gone)}"))
        return (*(DropColumn(name, self._reason(shares[name])) for name in gone), *notes)

    def _filled(self, cell: Column, fitted: Fitted) -> int:
        blank = fitted.get(cell.name, "matches", _BLANK) if self._may_be_blank(cell) else 0
        return int(fitted.get(cell.name, "count") or 0) - int(blank or 0)

    def _reason(self, share: float) -> str:
        return f"{share * 100:.4g} % of its cells are empty (threshold {self.threshold * 100:.4g} %)"

    def outline(self, schema: Schema) -> tuple[Effect, ...] | None:
        """Which columns go is not known before they are measured."""
        self.chosen(schema)
        return None
