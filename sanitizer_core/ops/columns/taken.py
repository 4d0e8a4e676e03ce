"""Names that are not free, and columns that are not there."""

from __future__ import annotations

from collections.abc import Iterable

from sanitizer_core.errors import PlanError, Problem, Where
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.schema import Schema


def refuse_taken(names: Iterable[str], schema: Schema, hint: str) -> None:
    """Holds that no column is called so, in whatever case.

    Raises:
        PlanError: with every name that is taken.
    """
    there = {name.lower(): name for name in schema.names}
    taken = [
        Problem(f"there is a column {there[name.lower()]!r} already", Where(column=name), hint)
        for name in names
        if name.lower() in there
    ]
    if taken:
        raise PlanError("names are taken", found=taken)


def refuse_unknown(name: str | None, schema: Schema) -> None:
    """Holds that there is such a column, when one is named.

    Raises:
        PlanError: there is none, with the nearest name.
    """
    if name is not None and name not in schema:
        raise PlanError("columns are missing", found=[no_such_column(name, schema)])
