"""Decides which lines of a text file name its columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from sanitizer_core.sources.csv.shapes import TYPED, columns, fits, shape

_MOST_HEADER_LINES = 6
_LONGEST_NAME = 100

# How sure it is that a row names columns: not at all, by custom, or because the rows below hold other things.
Sureness = Literal["no", "by custom", "by contrast"]


def typed_columns(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """The columns that hold numbers, dates and the like, with the shape of each."""
    return {i: name for i, (name, share) in enumerate(columns(rows)) if name in TYPED and share >= 0.8}


def names_columns(row: Sequence[str], below: Sequence[Sequence[str]]) -> Sureness:
    """Whether a row names the columns of the rows below it.

    By contrast, when a column of numbers (dates, ...) has a word on top; when no column tells, by custom: a first
    row of short, different words that its own columns do not repeat is a header.
    """
    below = [other for other in below if list(other) != list(row)]
    typed = typed_columns(below) if below else {}
    filled = {i: kind for i, kind in typed.items() if shape(row[i]) != "missing"}
    unlike = sum(not fits(row[i], kind) for i, kind in filled.items())
    if filled and _counts_up([row[i] for i in filled], [[other[i] for i in filled] for other in below]):
        return "by contrast"
    if filled:
        return "by contrast" if unlike * 2 > len(filled) and _are_names(row, skip=set(filled)) else "no"
    if not _are_names(row) or any(_repeats(row[i], i, below) for i in range(len(row))):
        return "no"
    return "by custom"


def _are_names(row: Sequence[str], skip: frozenset[int] | set[int] = frozenset()) -> bool:
    """Whether cells could be names: short, and none a number or a date."""
    cells = [cell for i, cell in enumerate(row) if i not in skip and cell.strip()]
    if not any(cell.strip() for cell in row):
        return False
    return all(len(cell) <= _LONGEST_NAME and shape(cell) not in TYPED for cell in cells)


def _repeats(cell: str, column: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether a cell comes again in its own column, as values do and names do not."""
    return bool(cell.strip()) and any(other[column] == cell for other in below)


def _counts_up(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether numbers on top are names after all, such as the years 2019, 2020, 2021, which the rows do not follow."""

    def steady(numbers: Sequence[str]) -> bool:
        if len(numbers) < 3 or not all(number.isdecimal() for number in numbers):
            return False
        return {int(after) - int(before) for before, after in pairwise(numbers)} == {1}

    return steady(cells) and not any(steady(other) for other in below[:20])


def header_lines(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows name the columns: none, one, or several (groups, names, units)."""
    if not rows or names_columns(rows[0], rows[1:]) == "no":
        return 0
    count = 1
    while count < min(_MOST_HEADER_LINES, len(rows) - 1) and _goes_on(rows[0], rows[count], rows[count + 1 :]):
        count += 1
    return count


def _goes_on(first: Sequence[str], row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row goes on naming columns: it repeats the first, or is unlike the rows below in every typed column."""
    if list(row) == list(first):
        return True
    typed = typed_columns([other for other in below if list(other) != list(row)])
    unlike = [i for i, kind in typed.items() if not fits(row[i], kind) and not any(c.isdigit() for c in row[i])]
    return len(typed) >= 2 and len(unlike) == len(typed) and _are_names(row)


def could_be_names(row: Sequence[str], width: int) -> bool:
    """Whether a line of a little more or fewer fields than there are columns could have been meant to name them."""
    return abs(len(row) - width) <= max(2, width // 4) and len(row) > 1 and _are_names(row)


def fitted_names(row: Sequence[str], width: int) -> list[str]:
    """The names of a line that has too many or too few for the columns: empty ones go first, none is made up."""
    names = list(row)
    for index in [i for i, name in enumerate(names) if not name.strip()]:
        if len(names) > width:
            names.pop(index - (len(row) - len(names)))
    return names[:width] + [""] * (width - len(names))


def joined_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column out of several header lines."""
    return [" ".join(part for part in parts if part.strip()) for parts in zip(*rows, strict=True)]
