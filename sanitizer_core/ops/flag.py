"""Boolean columns that say something of another column's cells."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.errors import PlanError, Where
from sanitizer_core.ops.effects import AddColumn, Rewrite
from sanitizer_core.schema import BOOLEAN, Column, Schema
from sanitizer_core.sql import column, literal
from sanitizer_core.sql.logic import any_of


def flag(cell: Column, word: str, condition: exp.Expr, reason: str, schema: Schema) -> AddColumn | Rewrite:
    """A column ``<name>_<word>`` behind a column, true where the condition is.

    Where there is such a boolean column already, what it says stays true: cleaning twice flags the same.

    Raises:
        PlanError: there is a column of that name that is not boolean.
    """
    name = f"{cell.name}_{word}"
    taken = next((each for each in schema if each.name.lower() == name.lower()), None)
    if taken is None:
        return AddColumn(name, condition, BOOLEAN, (cell.name,), reason, after=cell.name)
    if taken.type != BOOLEAN or taken.name != name:
        raise PlanError(
            f"the column {name!r} cannot be added, for there is a column {taken.name!r} ({taken.type}) already",
            where=Where(column=cell.name),
            hint="Rename that one with rename_columns in a step before.",
        )
    before = exp.Coalesce(this=column(name), expressions=[literal(False)])
    return Rewrite(name, (any_of([before, condition]),), BOOLEAN, reason, inputs=(cell.name,))
