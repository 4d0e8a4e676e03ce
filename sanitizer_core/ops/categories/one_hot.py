"""One column for each category."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from sanitizer_core.ops.categories.known import Known
from sanitizer_core.ops.effects import AddColumn
from sanitizer_core.ops.wording import said
from sanitizer_core.schema import INTEGER, Schema
from sanitizer_core.sql import cast_to, column, literal
from sanitizer_core.sql.logic import choose, is_null


@dataclass(frozen=True)
class OneHot:
    """How a column is spread.

    Args:
        other: whether there is a column for all that has none of its own.
        missing: whether there is a column for null.
        null: whether null is null in every column, rather than 0.
        drop_first: whether the first category has no column, so that the others do not add up to 1.
    """

    other: bool = False
    missing: bool = False
    null: bool = False
    drop_first: bool = False

    def columns(self, known: Known, names: Names) -> Iterator[AddColumn]:
        """The columns of 0 and 1, in the order of the categories, right behind the one they are made from."""
        cell, after = known.cell, known.cell.name
        for word, condition, reason in self._parts(known):
            name = names.free(f"{cell.name}_{word}")
            yield AddColumn(
                name,
                self._digit(known, condition),
                INTEGER,
                (cell.name,),
                f"1 where {cell.name!r} is {reason}",
                after=after,
            )
            after = name

    def _parts(self, known: Known) -> Iterator[tuple[str, exp.Expr, str]]:
        value = column(known.cell.name)
        for category in known.kept[1:] if self.drop_first else known.kept:
            yield in_name(category), exp.EQ(this=value.copy(), expression=known.constant(category)), said(category)
        if self.other:
            yield "other", known.is_none_of_kept(), "another category"
        if self.missing:
            yield "missing", is_null(value), "null"

    def _digit(self, known: Known, condition: exp.Expr) -> exp.Expr:
        one, zero = (cast_to(literal(digit), INTEGER) for digit in (1, 0))
        if self.null:
            return choose((is_null(column(known.cell.name)), exp.Null()), (condition, one), otherwise=zero)
        return choose((condition, one), otherwise=zero)


def in_name(category: Any) -> str:
    """A category as part of a column's name: letters, digits and ``_``."""
    text = str(category).lower() if isinstance(category, bool) else str(category)
    if isinstance(category, (int, float)) and text.startswith("-"):
        text = f"minus {text[1:]}"
    return re.sub(r"\W+", "_", text).strip("_") or "blank"


class Names:
    """Gives out names that no column has, in whatever case."""

    def __init__(self, schema: Schema) -> None:
        self.taken = {name.lower() for name in schema.names}

    def free(self, wanted: str) -> str:
        """The name, or the name with the first number from 2 that makes it free."""
        name, number = wanted, 1
        while name.lower() in self.taken:
            number += 1
            name = f"{wanted}_{number}"
        self.taken.add(name.lower())
        return name
