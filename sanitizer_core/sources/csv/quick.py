"""The quick way to read a text file: DuckDB's own parallel reader, held against ours.

Before it is chosen, both read the first rows and must agree. Once it has read the file, each row that it rejected is
read again by ours: where that sees a row, or sees a quote that swallowed more than its own line, the quick way is
given up for the careful one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb
from sqlglot import exp

from sanitizer_core.errors import QUERY_INTERRUPTED
from sanitizer_core.sources.csv.careful import lines_before, text_from
from sanitizer_core.sources.csv.encoding import Doubtful
from sanitizer_core.sources.csv.plain import holds
from sanitizer_core.sources.csv.records import Record, Records, pieces
from sanitizer_core.sources.csv.rejected import reasons, rejected_row
from sanitizer_core.sources.csv.scan import RejectTables, can_scan, scan
from sanitizer_core.sources.csv.survey import Survey
from sanitizer_core.sources.spool import scratch_file
from sanitizer_core.sources.views import new_name
from sanitizer_core.sql.tree import column

_TRIED = 1 << 16
_NEAR = 1 << 24
_WINDOW = 1 << 18
_ROWS_SEEN = 3
# DuckDB's buffer, as it stands when no size is given.
DROPPED = 1 << 25


# Rows of a table's row group, and a few more: a batch of fewer rows is copied once more when batches are put together.
_ROWS_AT_A_TIME = 130_000
_LEAST_BUFFER = DROPPED // 2


def buffer_of(found: Survey, threads: int) -> int | None:
    """The bytes to read at a time, so that a large file is stored with one copy of its rows; ``None`` for a small one.

    Measured on 2 million rows of 108 bytes, two cores: 0.51 s instead of 0.73 s. It stays above the distance at which
    long records are looked for, and leaves each thread several buffers.
    """
    size = found.plain.path.stat().st_size
    if size < DROPPED or not found.head:
        return None
    row = max(1, found.head[-1].start // len(found.head))
    return max(_LEAST_BUFFER, min(_ROWS_AT_A_TIME * row, size // (4 * threads)))


def is_quick(found: Survey, connection: duckdb.DuckDBPyConnection, scratch: Path) -> bool:
    """Whether DuckDB reads the file as we do, as far as that can be told without reading it."""
    if not can_scan(found.dialect) or found.footer is not None or holds(found.plain.path, b"\0"):
        return False
    if found.dialect.newline == "\r" and holds(found.plain.path, b"\n"):
        return False  # DuckDB drops a line feed that is a cell of its own
    if found.width == 1 and holds(found.plain.path, found.dialect.delimiter.encode()):
        return False  # DuckDB takes a line with a delimiter behind its cell for a row
    return _has_short_records(found) and not _repeats_header(found) and _agrees(found, connection, scratch)


def _has_short_records(found: Survey) -> bool:
    """Whether rows begin all over a large file. DuckDB drops a record that is longer than its buffer without a word."""
    size = found.plain.path.stat().st_size
    if size < DROPPED:
        return True
    if found.width == 1 and found.dialect.quote and holds(found.plain.path, found.dialect.quote.encode()):
        return False  # within a long cell, each line would look like a row of one field
    return all(_has_rows_at(found, start) for start in range(found.body, size - DROPPED // 4, DROPPED // 4))


def _has_rows_at(found: Survey, start: int) -> bool:
    """Whether several rows stand not far behind a byte of the file."""
    with found.plain.path.open("rb") as file:
        file.seek(start)
        piece = file.read(_WINDOW).decode("utf-8", "surrogateescape")
    end = found.dialect.line_end
    text = piece[piece.find(end) + 1 :] if start > found.body else piece
    records = islice(Records(pieces(text), found.dialect, found.width, cut=True), _ROWS_SEEN * 4)
    return sum(not reasons(record, found.width, "utf-8") for record in records) >= _ROWS_SEEN


def _repeats_header(found: Survey) -> bool:
    """Whether the header comes again: as it is anywhere, or in other quotes (another table) not too far down."""
    if not found.layout.header or found.width < 2:
        return False
    header, quote = found.layout.header[-1], found.dialect.quote or ""
    others = {found.dialect.delimiter.join(f"{mark}{name}{mark}" for name in header.fields) for mark in ("", quote)}

    def line(text: str) -> bytes:
        end = "\n" if found.dialect.newline == "\n" else "\r"
        return f"{found.dialect.line_end}{text}{end}".encode("utf-8", "surrogateescape")

    path = found.plain.path
    return holds(path, line(header.text)) or any(holds(path, line(text), _NEAR) for text in others - {header.text})


def skipped(found: Survey) -> int:
    """The lines in front of the first row, as DuckDB counts them: a header with a line end in quotes is one."""
    within = sum(record.text.count(found.dialect.line_end) for record in found.layout.header)
    return found.layout.line - 1 - within


def _agrees(found: Survey, connection: duckdb.DuckDBPyConnection, scratch: Path) -> bool:
    """Whether both readers see the same rows, and reject as many, in the first lines of the file."""
    head = [record for record in found.head if record.start < _TRIED]
    end = found.head[len(head)].start if len(head) < len(found.head) else found.head_end
    ours = [record.fields for record in head if not reasons(record, found.width, "utf-8")]
    tried = scratch_file(scratch)
    tables = RejectTables(new_name("errors"), new_name("scans"))
    with found.plain.path.open("rb") as file:
        mark = file.read(found.plain.mark)
    tried.write_bytes(mark + found.plain.sample[:end].encode("utf-8", "surrogateescape"))
    query = scan(tried, found.names, found.dialect, skipped(found), rejects=tables)
    try:
        theirs = connection.execute(query.sql(dialect="duckdb")).fetchall()
        refused = len(_found_by_duckdb(connection, tables))
    except (duckdb.Error, RuntimeError) as error:  # the second escapes from DuckDB's C++
        if str(error) == QUERY_INTERRUPTED:
            raise
        return False
    finally:
        drop_tables(connection, tables)
        tried.unlink()
    same = [[cell or None for cell in row] for row in ours] == [list(row) for row in theirs]
    return same and refused == len(head) - len(ours)


def drop_tables(connection: duckdb.DuckDBPyConnection, tables: RejectTables) -> None:
    """Take DuckDB's tables of rejects off a connection, if it made any."""
    for name in (tables.errors, tables.scans):
        connection.execute(exp.Drop(tables=[exp.to_table(name)], kind="TABLE", exists=True).sql(dialect="duckdb"))


class Disagreement(Exception):  # noqa: N818 - it is no error of the user's, and ends nothing but the quick way
    """DuckDB rejected what our reader takes, or rejected more lines than it."""


def rejected_rows(
    found: Survey, connection: duckdb.DuckDBPyConnection, tables: RejectTables, doubtful: Doubtful
) -> Iterator[tuple[int, str, str]]:
    """What DuckDB rejected, with the lines and the reasons that our reader gives.

    Raises:
        Disagreement: our reader would have read on otherwise.
    """
    line, place = 1, 0
    for start, text, too_long in _found_by_duckdb(connection, tables):
        line += lines_before(found.plain.path, start, found.dialect.line_end, place)
        place = start
        record = _record_at(found, start, line)
        why = reasons(record, found.width, found.plain.encoding.name)
        swallowed = _lines(text, found) > record.text.count(found.dialect.line_end)
        if too_long or not why or swallowed or not _begins_line(found, start):
            raise Disagreement
        doubtful.look_at(record.text)
        yield rejected_row(record, why, found)


def _lines(text: str, found: Survey) -> int:
    """How many lines DuckDB's text of a row goes over, without blank ones around it where these are no rows."""
    end = found.dialect.line_end
    text = text.removesuffix("\n").removesuffix("\r") if found.width == 1 else text.rstrip("\r\n")
    return text.lstrip("\r\n").count(end)


def _begins_line(found: Survey, start: int) -> bool:
    """Whether a line begins at a byte; DuckDB now and then names another for a row over several lines."""
    if start <= found.body:
        return True
    with found.plain.path.open("rb") as file:
        file.seek(start - 1)
        return file.read(1) == found.dialect.line_end.encode()


def _record_at(found: Survey, start: int, line: int) -> Record:
    more, close = text_from(found.plain.path, start)
    try:
        return next(iter(Records(more, found.dialect, found.width, line)))
    finally:
        close()


def _found_by_duckdb(connection: duckdb.DuckDBPyConnection, tables: RejectTables) -> list[tuple[int, str, bool]]:
    """Where the rejected rows begin, in bytes of the file; their text; whether one was too long. In order."""
    errors = exp.to_table(tables.errors)
    if not _exists(connection, tables.errors):
        return []
    last = exp.select(exp.Max(this=column("scan_id"))).from_(errors)
    too_long = exp.EQ(
        this=exp.cast(column("error_type"), "TEXT"), expression=exp.Literal.string("LINE SIZE OVER MAXIMUM")
    )
    query = (
        exp.select(column("line_byte_position"), exp.AnyValue(this=column("csv_line")), exp.LogicalOr(this=too_long))
        .from_(errors)
        .where(exp.EQ(this=column("scan_id"), expression=last.subquery()))
        .group_by(column("line_byte_position"))
        .order_by(column("line_byte_position"))
    )
    rows = connection.execute(query.sql(dialect="duckdb")).fetchall()
    return [(max(0, position - 1), text or "", bool(long)) for position, text, long in rows]


def _exists(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    query = (
        exp.select("1")
        .from_("duckdb_tables()")
        .where(exp.EQ(this=column("table_name"), expression=exp.Literal.string(name)))
    )
    return connection.execute(query.sql(dialect="duckdb")).fetchone() is not None
