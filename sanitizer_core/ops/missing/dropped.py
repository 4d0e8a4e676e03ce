"""Rows in which something is missing."""

from __future__ import annotations

from collections.abc import Sequence

from sanitizer_core.ops.effects import RemoveRows
from sanitizer_core.ops.missing.fill import Fill
from sanitizer_core.ops.wording import listed
from sanitizer_core.sql import literal
from sanitizer_core.sql.logic import all_of, any_of, choose


def incomplete_rows(cells: Sequence[Fill], how: str) -> tuple[RemoveRows, ...]:
    """The removal of rows in which any, or all, of these cells are missing; none where there are no cells."""
    if not cells:
        return ()
    names = listed(each.cell.name for each in cells)
    if how == "all":
        return (RemoveRows(all_of(each.missing for each in cells), f"missing in all of {names}"),)
    told = choose(*((each.missing, literal(f"{each.cell.name!r} is missing")) for each in cells))
    return (RemoveRows(any_of(each.missing for each in cells), f"missing in one of {names}", told=told),)
