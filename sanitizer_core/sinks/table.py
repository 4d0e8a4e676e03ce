"""Write a table anywhere, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SinkError
from sanitizer_core.sinks.beside import beside, elsewhere
from sanitizer_core.sinks.copy import copy_to
from sanitizer_core.sinks.duckdb_file import put_table
from sanitizer_core.sinks.excel import write_excel
from sanitizer_core.sinks.failures import writing
from sanitizer_core.sinks.formats import Compression, compression_of, format_of
from sanitizer_core.sinks.options import OutputFormat, WriteOptions, Written
from sanitizer_core.sinks.sending import send_to_stream, upload
from sanitizer_core.sources.address import Address, parse_address

_DEFAULT = WriteOptions()


def write_table(
    connection: duckdb.DuckDBPyConnection,
    query: exp.Query | str,
    destination: str | os.PathLike[str],
    *,
    format: OutputFormat | None = None,  # noqa: A002 the field's own word, as a keyword only
    options: WriteOptions = _DEFAULT,
) -> Written:
    """Write the rows of a query, in its order.

    CSV (with its guard against formulas) and JSON read the query twice, so it must give the same rows again.

    Args:
        query: what to write, or the name of a table or view.
        destination: a path, ``-`` for standard output (CSV unless said), an object store's URL, or
            ``file.duckdb?table=name``, or ``postgresql://host/database?table=schema.name``.
        format: else from the name.

    Raises:
        SinkError: it cannot be written; what was there before is as it was, and nothing unfinished is left.
        MissingExtraError: writing it needs a package that is not installed.
    """
    table = _whole(query) if isinstance(query, str) else query
    address = parse_address(os.fspath(destination), SinkError)
    if address.place == "postgres":
        from sanitizer_core.sinks.postgres.copying import copy_into  # An extra, which few runs need.

        return Written(address.shown, "postgres", copy_into(connection, table, address), 0)
    form = format_of(address, format)
    return _Writing(connection, table, address, form, compression_of(address, form, options), options).written()


def _whole(name: str) -> exp.Select:
    return exp.select("*").from_(exp.Table(this=exp.to_identifier(name, quoted=True)))


@dataclass(frozen=True)
class _Writing:
    """One call of :func:`write_table`."""

    connection: duckdb.DuckDBPyConnection
    table: exp.Query
    address: Address
    form: OutputFormat
    compression: Compression
    options: WriteOptions

    def written(self) -> Written:
        path = Path(self.address.location)
        match self.address.place:
            case "store":
                return self._sent(upload)
            case "standard":
                return self._sent(send_to_stream)
            case _ if path.exists() and not path.is_file() and not path.is_dir():
                # A pipe or a device has no name that a file could take over.
                return self._sent(send_to_stream)
            case _ if self.form == "duckdb" and path.is_file():
                return self._known(path, put_table(self.connection, self.table, path, self.address), 0)
            case _:
                return self._in_place(path)

    def _in_place(self, path: Path) -> Written:
        with beside(path, self.address.shown) as staged:
            rows, guarded = self._write(staged)
        return self._known(path, rows, guarded)

    def _sent(self, send: Callable[[Path, Address], None]) -> Written:
        name = self.address.name if self.address.place == "store" else "output"
        with elsewhere(name) as staged:
            with writing(self.address.shown, staged):
                rows, guarded = self._write(staged)
            written = self._known(staged, rows, guarded)
            send(staged, self.address)
            return written

    def _write(self, path: Path) -> tuple[int, int]:
        match self.form:
            case "duckdb":
                return put_table(self.connection, self.table, path, self.address), 0
            case "excel":
                return write_excel(self.connection, self.table, path, self.options.sheet, self.address.shown), 0
            case _:
                return copy_to(self.table, path, self.form, self.compression, self.options, self.connection)

    def _known(self, path: Path, rows: int, guarded: int) -> Written:
        return Written(self.address.shown, self.form, rows, path.stat().st_size, guarded)
