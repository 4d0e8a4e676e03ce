"""Excel and OpenDocument sheets (``.xlsx``, ``.xlsb``, ``.xls``, ``.ods``), by calamine.

A cell keeps the type that the sheet gives it, for that is what its author typed: a column of one type gets it (whole
numbers are integers, for Excel itself knows no difference). A column of several types becomes text, by one canonical
text for each type; so does a column with an error such as ``#N/A`` in it. Formulas give their last computed value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from sanitizer_core.errors import MissingExtraError, SourceError, did_you_mean
from sanitizer_core.sources.cells import canonical_text, column_of, kind_of, whole
from sanitizer_core.sources.names import unique_names
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sources.tables import open_arrow

if TYPE_CHECKING:
    import pyarrow as pa
    from python_calamine import CalamineSheet, CalamineWorkbook

_BATCH = 65536
_RANGE = re.compile(r"\$?([A-Z]{1,3})?\$?(\d+)?(?::\$?([A-Z]{1,3})?\$?(\d+)?)?", re.IGNORECASE)
_ERROR = re.compile(r"Error\((\w+)\)")
_ERRORS = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!",
    "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!", "GettingData": "#GETTING_DATA",
}  # fmt: skip


@dataclass(frozen=True)
class _Area:
    """Cells by row and column from 0, the last ones included; ``None`` is as far as there are any."""

    top: int = 0
    left: int | None = None
    bottom: int | None = None
    right: int | None = None


@dataclass(frozen=True)
class _Grid:
    """The rows of a sheet, as often as asked.

    Args:
        start: the first column that calamine gives.
        left, width: the columns that are read.
        errors: the error in a cell, by row and column; calamine's cells leave it out.
    """

    sheet: CalamineSheet
    area: _Area
    start: int
    left: int
    width: int
    errors: dict[tuple[int, int], str]

    def rows(self) -> Iterator[list[Any]]:
        stop = None if self.area.bottom is None else self.area.bottom + 1
        for number, row in islice(enumerate(self.sheet.iter_rows()), self.area.top, stop):
            yield [self._cell(number, row, place) for place in range(self.left, self.left + self.width)]

    def _cell(self, number: int, row: list[Any], place: int) -> Any:
        found = row[place - self.start] if self.start <= place < self.start + len(row) else ""
        return self.errors.get((number, place)) if found == "" else whole(found)


def open_excel(path: Path, connection: duckdb.DuckDBPyConnection, options: ReadOptions, shown: str) -> Opened:
    """Open a sheet, the first one unless another is named.

    Raises:
        SourceError: no such sheet or range, no cells in it, a password, a damaged file.
        MissingExtraError: the extra ``excel`` is not installed.
    """
    with _damage(shown):
        return _open(path, connection, options, shown)


def _open(path: Path, connection: duckdb.DuckDBPyConnection, options: ReadOptions, shown: str) -> Opened:
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_path(path)
    name = _sheet_name(workbook, options.sheet, shown)
    sheet = workbook.get_sheet_by_name(name)
    header = 1 if options.header is None else int(options.header)
    grid = _grid(sheet, _area(options.range), _error_cells(path, name, sheet))
    names, first = _names(grid, options.skip or 0, header) if grid else ([], 0)
    if grid is None or not names:
        where = f"the range {options.range} of " if options.range else ""
        raise SourceError(f"{where}the sheet {name!r} of {shown} is empty", hint=_other_sheets(workbook, name))
    table, mixed = _table(grid, first, names)
    names, renamed = unique_names(names)
    if not header:
        renamed = []
    notes = [
        f"column {names[place]!r} holds several kinds of cells ({kinds}); it is read as text" for place, kinds in mixed
    ]
    facts = {"format": "excel", "sheet": name, "range": options.range, "header": header, "skipped": first - header}
    return open_arrow(table.rename_columns(names), [*renamed, *notes], connection, shown, facts, path.stat().st_size)


@contextmanager
def _damage(shown: str) -> Iterator[None]:
    """What either binding of calamine says about a workbook, as a SourceError."""
    try:
        import fastexcel
        import python_calamine
    except ImportError as error:
        raise MissingExtraError(error.name or "python-calamine", "excel") from error
    try:
        yield
    except python_calamine.PasswordError as error:
        raise SourceError(f"{shown} is protected by a password", hint="Save it without one, and read that.") from error
    except (python_calamine.CalamineError, fastexcel.FastExcelError) as error:
        hint = "It may be damaged, cut short, or no Excel file."
        raise SourceError(f"{shown} cannot be read as Excel: {str(error).splitlines()[0]}", hint=hint) from error


def _sheet_name(workbook: CalamineWorkbook, wanted: str | int | None, shown: str) -> str:
    names = workbook.sheet_names
    if isinstance(wanted, int) and 1 <= wanted <= len(names):
        return names[wanted - 1]
    if isinstance(wanted, int):
        raise SourceError(f"{shown} has no sheet number {wanted}", hint=f"It has {len(names)}: {', '.join(names)}.")
    if wanted is not None and wanted not in names:
        raise SourceError(f"{shown} has no sheet {wanted!r}", hint=did_you_mean(wanted, names))
    return names[0] if wanted is None else wanted


def _area(text: str | None) -> _Area:
    if text is None:
        return _Area()
    found = _RANGE.fullmatch(text.strip())
    if found is None or ":" not in text:
        raise SourceError(f"{text!r} is no range of cells", hint="Such as B3:F200, B:F or 3:200.")
    left, top, right, bottom = found.groups()
    area = _Area(
        top=int(top) - 1 if top else 0,
        left=_column_number(left) if left else None,
        bottom=int(bottom) - 1 if bottom else None,
        right=_column_number(right) if right else None,
    )
    if (area.bottom is not None and area.bottom < area.top) or (
        area.right is not None and area.right < (area.left or 0)
    ):
        raise SourceError(f"the range {text!r} ends before it begins", hint="Such as B3:F200.")
    return area


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _error_cells(path: Path, name: str, sheet: CalamineSheet) -> dict[tuple[int, int], str]:
    """The cells with an error in them; only the other binding of calamine tells them from empty ones."""
    import fastexcel

    if sheet.start is None:
        return {}
    read = fastexcel.read_excel(path).load_sheet(
        name, header_row=None, skip_rows=0, schema_sample_rows=1, dtypes="string"
    )
    _, found = read.to_arrow_with_errors()
    cells = {}
    for broken in found.errors if found else ():
        kind = _ERROR.search(broken.detail)
        row, place = broken.position
        cells[row, place + sheet.start[1]] = _ERRORS.get(kind[1], f"#{kind[1]}") if kind else "#ERROR"
    return cells


def _grid(sheet: CalamineSheet, area: _Area, errors: dict[tuple[int, int], str]) -> _Grid | None:
    if sheet.start is None or sheet.end is None:
        return None
    left = sheet.start[1] if area.left is None else area.left
    right = sheet.end[1] if area.right is None else area.right
    return _Grid(sheet, area, sheet.start[1], left, max(right - left + 1, 0), errors)


def _names(grid: _Grid, skip: int, header: int) -> tuple[list[str], int]:
    """The raw names of the columns, and the first row of data; empty rows in front are passed over."""
    rows = islice(enumerate(grid.rows()), skip, None)
    start = next((number for number, row in rows if any(cell is not None for cell in row)), None)
    if start is None:
        return [], 0
    lines = list(islice(grid.rows(), start, start + header))
    texts = [[canonical_text(line[place]) for line in lines if line[place] is not None] for place in range(grid.width)]
    return [" ".join(parts) for parts in texts], start + header


def _table(grid: _Grid, first: int, names: list[str]) -> tuple[pa.Table, list[tuple[int, str]]]:
    """The data as an Arrow table, and which columns hold several kinds of cells.

    Types need all rows, so the sheet is gone through twice; a sheet has a million rows at most.
    """
    import pyarrow as pa

    kinds: list[set[str]] = [set() for _ in names]
    for row in islice(grid.rows(), first, None):
        for seen, cell in zip(kinds, row, strict=True):
            if cell is not None:
                seen.add(kind_of(cell))
    settled = [_settled(seen) for seen in kinds]
    chunks = [
        pa.table(_columns(rows, settled), [str(place) for place in range(len(names))]) for rows in _batches(grid, first)
    ]
    mixed = [
        (place, ", ".join(sorted(seen))) for place, seen in enumerate(settled) if len(seen) > 1 and _is_mixed(seen)
    ]
    empty = pa.table([column_of([], seen)[0] for seen in settled], [str(place) for place in range(len(names))])
    return pa.concat_tables(chunks or [empty]), mixed


def _settled(seen: set[str]) -> frozenset[str]:
    """Integers among fractions are numbers like them."""
    return frozenset(seen - {"integer"} if "float" in seen and seen <= {"integer", "float"} else seen)


def _is_mixed(seen: frozenset[str]) -> bool:
    return seen != {"date", "timestamp"}


def _batches(grid: _Grid, first: int) -> Iterator[list[list[Any]]]:
    rows = islice(grid.rows(), first, None)
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _columns(rows: list[list[Any]], kinds: list[frozenset[str]]) -> list[pa.Array]:
    return [_column([row[place] for row in rows], seen) for place, seen in enumerate(kinds)]


def _column(cells: list[Any], seen: frozenset[str]) -> pa.Array:
    if seen == {"float"}:
        return column_of([None if cell is None else float(cell) for cell in cells], seen)[0]
    return column_of(cells, seen)[0]


def _other_sheets(workbook: CalamineWorkbook, name: str) -> str | None:
    others = [other for other in workbook.sheet_names if other != name]
    return f"Other sheets: {', '.join(others)}." if others else None
