"""Opens a text file: surveyed, then read the quick way where that gives the same rows, else the careful way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from sanitizer_core.schema import TEXT, Schema
from sanitizer_core.sources.csv.careful import WELL_FORMED, copy_rows
from sanitizer_core.sources.csv.encoding import find_encoding
from sanitizer_core.sources.csv.quick import Disagreement, drop_tables, is_quick, rejected_rows, skipped
from sanitizer_core.sources.csv.rejected import Rejected, rejected_row
from sanitizer_core.sources.csv.scan import USUAL_LONGEST, RejectTables, scan
from sanitizer_core.sources.csv.survey import Survey, survey
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sources.spool import scratch_file
from sanitizer_core.sources.views import create_view, drop_view, new_name


def open_text(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    scratch: Path,
    *,
    shown: str | None = None,
) -> Opened:
    """Open a file of separated values, whatever separates them.

    Every column is text. An empty field is null, every other cell is the text of its field. What cannot be parted
    into a row is rejected, with its line, its text and the reason. Read it through :func:`opened.load`.

    Args:
        path: the file; gzip and zstd are unpacked into the scratch folder.
        shown: the address for people.

    Raises:
        SourceError: there is no table in it, or (once it is read) ``strict`` was asked for and a row is rejected.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    found = survey(path, options, scratch, shown or str(path))
    if is_quick(found, connection, scratch):
        return _quick(found, connection, scratch)
    return _careful(found, connection, scratch)


def _opened(found: Survey, view: str, rejected: Rejected) -> Opened:
    return Opened(
        address=found.address,
        view=view,
        schema=Schema.of((name, TEXT) for name in found.names),
        is_text=True,
        facts=found.facts(),
        notes=found.notes,
        size=found.original.stat().st_size if found.original.is_file() else None,
        rejected_view=rejected.name,
        close=lambda: None,
    )


def _early(found: Survey) -> Iterator[tuple[int, str, str]]:
    """Lines in front of the header that hold as much as a row."""
    for record in found.layout.early:
        yield rejected_row(record, ["it stands in front of the header"])


def _quick(found: Survey, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Opened:
    """The file as DuckDB reads it."""
    rejected = Rejected(connection, found.address, found.options.strict)
    tables = RejectTables(new_name("errors"), new_name("scans"))
    target = _plainly_named(found.plain.path, scratch)
    view = create_view(connection, scan(target, found.names, found.dialect, skipped(found), rejects=tables))

    def close() -> None:
        drop_view(connection, view)
        drop_tables(connection, tables)
        rejected.drop()
        for file in {target, found.plain.path} - {found.original}:
            file.unlink(missing_ok=True)

    def settle(error: duckdb.Error | None) -> Opened | None:
        if error is not None and not isinstance(error, duckdb.InvalidInputException):
            raise error
        rejected.clear()
        try:
            if error is not None:
                raise Disagreement
            rejected.add(_early(found))
            rejected.add(rejected_rows(found, connection, tables))
        except Disagreement:
            drop_view(connection, view)
            drop_tables(connection, tables)
            rejected.drop()
            return _careful(found, connection, scratch)
        drop_tables(connection, tables)
        return None

    return replace(_opened(found, view, rejected), close=close, settle=settle)


def _plainly_named(path: Path, scratch: Path) -> Path:
    """A path that DuckDB does not take for a pattern of names."""
    if not any(mark in str(path) for mark in "*?["):
        return path
    link = scratch_file(scratch)
    link.symlink_to(path.resolve())
    return link


def _careful(found: Survey, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Opened:
    """The file as our own reader parts it."""
    rejected = Rejected(connection, found.address, found.options.strict)
    copy = scratch_file(scratch)
    rejected.add(_early(found))
    rejected.add(copy_rows(found, copy))
    longest = USUAL_LONGEST
    view = create_view(connection, scan(copy, found.names, WELL_FORMED, longest=longest))

    def close() -> None:
        drop_view(connection, view)
        rejected.drop()
        for file in {copy, found.plain.path} - {found.original}:
            file.unlink(missing_ok=True)

    return replace(_opened(found, view, rejected), close=close)
