"""Excel (``.xlsx``), written row by row in constant memory.

What Excel cannot hold as a number or a date becomes text: integers and decimals of more than 15 digits, NaN and the
infinities, dates before 1900, times finer than a millisecond, instants with a zone, nested values. Fractions are
rounded to 16 digits; Excel itself shows 15. Text is always written as text, so that
no cell can become a formula.
"""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from sanitizer_core.errors import MissingExtraError
from sanitizer_core.schema import from_duckdb
from sanitizer_core.sinks.failures import failed, nothing_changed
from sanitizer_core.sinks.shapes import as_text
from sanitizer_core.sources.views import columns_of
from sanitizer_core.sql.tree import column

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
_MOST_DIGITS = 10**15
_BATCH = 8192
_AS_TEXT = frozenset({"timestamptz", "other", "binary"})


def write_excel(connection: duckdb.DuckDBPyConnection, table: exp.Query, path: Path, sheet: str, shown: str) -> int:
    """Write a table as one sheet; gives its rows.

    Raises:
        SinkError: it has more rows or columns than a sheet, or a text longer than a cell.
        MissingExtraError: the extra ``excel`` is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtraError("xlsxwriter", "excel") from error
    columns = columns_of(connection, table)
    _refuse_too_large(connection, table, len(columns), shown)
    # Its scratch files lie beside the output: the disk that must hold the output holds them.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=path.stem) as scratch:
        workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": scratch})
        page = workbook.add_worksheet(sheet)
        try:
            rows = _write_sheet(connection, _readable(table, columns), workbook, page, shown)
            workbook.close()
        except xlsxwriter.exceptions.XlsxFileError as error:
            raise failed(shown, getattr(error.args[0], "strerror", None) or str(error)) from error
        finally:
            _release(page)
    return rows


def _release(page: Worksheet) -> None:
    """Close what XlsxWriter leaves open when it does not come to its end; a full disk was told of before."""
    with suppress(OSError):
        page.row_data_fh.close()


_FORMATS: dict[type, str] = {dt.date: "yyyy-mm-dd", dt.time: "hh:mm:ss.000", dt.datetime: "yyyy-mm-dd hh:mm:ss.000"}


def _refuse_too_large(connection: duckdb.DuckDBPyConnection, table: exp.Query, width: int, shown: str) -> None:
    counted = exp.select(exp.Count(this=exp.Star())).from_(table.subquery("written"))
    rows = (connection.execute(counted.sql(dialect="duckdb")).fetchone() or (0,))[0]
    hint = "Write it as Parquet or CSV."
    if rows > MOST_ROWS:
        raise nothing_changed(f"{shown} would have {rows} rows; a sheet holds {MOST_ROWS} below its header", hint)
    if width > MOST_COLUMNS:
        raise nothing_changed(f"{shown} would have {width} columns; a sheet holds {MOST_COLUMNS}", hint)


def _readable(table: exp.Query, columns: list[tuple[str, str]]) -> exp.Query:
    """The table with what Excel has no type for as text, by DuckDB."""
    texts = [from_duckdb(native).kind in _AS_TEXT for _, native in columns]
    shown = [
        exp.alias_(as_text(column(name)) if text else column(name), name, quoted=True)
        for (name, _), text in zip(columns, texts, strict=True)
    ]
    return exp.select(*shown).from_(table.subquery("written"))


def _write_sheet(
    connection: duckdb.DuckDBPyConnection, table: exp.Query, workbook: Workbook, page: Worksheet, shown: str
) -> int:
    formats = {kind: workbook.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
    result, number = connection.execute(table.sql(dialect="duckdb")), 0
    for place, (name, *_) in enumerate(result.description or ()):
        page.write_string(0, place, name)
    while batch := result.fetchmany(_BATCH):
        for row in batch:
            number += 1
            for place, value in enumerate(row):
                if value is not None:
                    _write_cell(page, number, place, value, formats, shown)
    return number


def _write_cell(page: Worksheet, row: int, place: int, value: Any, formats: dict[type, Any], shown: str) -> None:
    match value:
        case bool():
            page.write_boolean(row, place, value)
        case int() | Decimal() if _few_digits(value):
            page.write_number(row, place, value)
        case float() if math.isfinite(value):
            page.write_number(row, place, value)
        case dt.datetime() | dt.date() | dt.time() if _holds(value):
            page.write_datetime(row, place, value, formats[type(value)])
        case _:
            page.write_string(row, place, _text(str(value), row, shown))


def _text(text: str, row: int, shown: str) -> str:
    if len(text) > LONGEST_TEXT:
        message = f"{shown} would have a text of {len(text)} characters in row {row}; a cell holds {LONGEST_TEXT}"
        raise nothing_changed(message, "Write it as Parquet or CSV.")
    return text


def _holds(value: dt.date | dt.time) -> bool:
    """Whether Excel has the day, and holds the time of it to its last digit (milliseconds)."""
    return getattr(value, "year", 1900) >= 1900 and getattr(value, "microsecond", 0) % 1000 == 0


def _few_digits(value: int | Decimal) -> bool:
    digits = int("".join(map(str, value.as_tuple().digits))) if isinstance(value, Decimal) else abs(value)
    return digits < _MOST_DIGITS
