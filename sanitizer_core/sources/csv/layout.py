"""Finds where the table stands in a text file: behind which remarks, under which header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sanitizer_core.sources.csv.dialect import Dialect
from sanitizer_core.sources.csv.header import could_be_names, fitted_names, header_lines, joined_names, names_columns
from sanitizer_core.sources.csv.records import Record
from sanitizer_core.sources.options import ReadOptions

_BODY_ROWS = 400


@dataclass(frozen=True)
class Layout:
    """Where a table stands in its file.

    Args:
        names: the names as the file has them, one for each column; empty ones and repeats are possible.
        header: the records that hold them.
        preamble: the number of physical lines in front of the header (or of the body).
        early: records in front of the header that hold as much as a row; they are rejected, not passed over.
        line, start: the physical line and the character at which the body begins.
        notes: what was odd, for the user.
    """

    names: tuple[str, ...]
    header: tuple[Record, ...]
    preamble: int
    early: tuple[Record, ...]
    line: int
    start: int
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.names)


def find_layout(sample: str, records: Sequence[Record], width: int, dialect: Dialect, options: ReadOptions) -> Layout:
    """Where the table begins, within what the options leave open.

    Args:
        sample: the first characters of the file.
        records: its first records, without the lines that the options say to pass over.
    """
    layout = _found(records, width, dialect, options)
    if layout.line:
        return layout
    last, end = records[-1], dialect.line_end
    after = sample.find(end, last.start + len(last.text))
    return replace(layout, line=last.line + last.text.count(end) + 1, start=after + 1 if after >= 0 else len(sample))


def _found(records: Sequence[Record], width: int, dialect: Dialect, options: ReadOptions) -> Layout:
    first = 0 if options.skip is not None else _after_remarks(records, width)
    whole = next((i for i in range(first, len(records)) if _is_whole(records[i], width)), len(records))
    if isinstance(options.header, int):
        count = min(int(options.header), len(records) - first)
        return _placed(records, first, first, count, width, dialect)
    below = [record.fields for record in records[whole : whole + _BODY_ROWS] if _is_whole(record, width)]
    sure = names_columns(below[0], below[1:]) if below else "no"
    if sure == "by contrast":
        first = next((i for i in range(first, whole) if len(records[i].fields) > width), whole)
    if whole > first and sure != "by contrast" and _is_broken_header(records[whole - 1], width, dialect):
        return _placed(records, first, whole - 1, 1, width, dialect)
    if sure == "no":
        return _placed(records, first, first, 0, width, dialect)
    return _placed(records, first, whole, header_lines(below), width, dialect)


def _placed(records: Sequence[Record], first: int, header: int, count: int, width: int, dialect: Dialect) -> Layout:
    """The layout whose header is ``count`` records from ``header`` on; the table begins with record ``first``."""
    headers, body = tuple(records[header : header + count]), header + count
    names, notes = _names(headers, width, dialect)
    begins = records[first].line - 1
    if begins:
        notes = [_passed_over(begins), *notes]
    layout = Layout(tuple(names), headers, begins, tuple(records[first:header]), 0, 0, tuple(notes))
    if body < len(records):
        return replace(layout, line=records[body].line, start=records[body].start)
    return layout


def _passed_over(count: int) -> str:
    return "the first line was passed over" if count == 1 else f"the first {count} lines were passed over"


def _names(headers: Sequence[Record], width: int, dialect: Dialect) -> tuple[list[str], list[str]]:
    """The names in the header, and what is odd about them."""
    if not headers:
        return [""] * width, ["there is no header: columns are named by their place"]
    rows = [_parted(record, dialect) for record in headers]
    notes = [
        f"the header on line {record.line} has {len(row)} names for {width} columns"
        for record, row in zip(headers, rows, strict=True)
        if len(row) != width
    ]
    if len(rows) > 1:
        notes.append(f"the names of the columns stand on {len(rows)} lines and were joined")
    return joined_names([fitted_names(row, width) for row in rows]), notes


def _parted(record: Record, dialect: Dialect) -> list[str]:
    """The names in a record; when its quotes are broken, what stands between delimiters without them."""
    if record.fault is None or dialect.quote is None:
        return record.fields
    return [part.strip().strip(dialect.quote) for part in record.text.split(dialect.delimiter)]


def _is_broken_header(record: Record, width: int, dialect: Dialect) -> bool:
    return not _is_whole(record, width) and could_be_names(_parted(record, dialect), width)


def _is_whole(record: Record, width: int) -> bool:
    return record.fault is None and len(record.fields) == width


def is_remark(fields: Sequence[str], width: int) -> bool:
    """Whether a line beside a table of several columns holds a title or a remark.

    One of a row's width has nothing but its first cell, another less than half of what a row holds.
    """
    if width < 2:
        return False
    if len(fields) == width:
        return width > 2 and not any(cell.strip() for cell in fields[1:])
    return sum(bool(cell.strip()) for cell in fields) <= max(1, (width - 1) // 2)


def _after_remarks(records: Sequence[Record], width: int) -> int:
    """The index of the first record that is no remark; 0 when all are."""
    return next((i for i, record in enumerate(records) if not is_remark(record.fields, width)), 0)
