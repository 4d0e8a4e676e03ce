"""Open whatever a run takes its rows from."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import Address, parse_address
from sanitizer_core.sources.arrow_file import open_arrow_file
from sanitizer_core.sources.csv import open_text
from sanitizer_core.sources.duckdb_file import open_duckdb
from sanitizer_core.sources.excel import open_excel
from sanitizer_core.sources.formats import compression_of, format_of, suffixes
from sanitizer_core.sources.json import open_json
from sanitizer_core.sources.local import (
    existing_file,
    files_of_pattern,
    is_pattern,
    is_pipe,
    parquet_of_folder,
    parquet_of_pattern,
)
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import Format, ReadOptions
from sanitizer_core.sources.parquet import ParquetFiles, open_parquet, unglobbed
from sanitizer_core.sources.spool import spool_pipe, spool_standard_input, unpack
from sanitizer_core.sources.stored import find_stored
from sanitizer_core.sources.tables import open_table
from sanitizer_core.sources.views import new_name

_DEFAULT = ReadOptions()


def open_source(
    source: Any, connection: duckdb.DuckDBPyConnection, options: ReadOptions = _DEFAULT, *, scratch: Path
) -> Opened:
    """Open an input on a DuckDB connection; its rows come in their own order.

    Args:
        source: a path, a pattern or folder of Parquet files, ``-`` for standard input, ``s3://``, ``gs://`` or ``az://``,
            ``file.duckdb?table=name``, ``postgresql://host/database?table=schema.name``; or a table of pandas, Polars, Arrow or DuckDB.
        options: what is known of it; all else is found from its name and its bytes.
        scratch: a folder for copies of what cannot be read in place; made when it is missing.

    Raises:
        SourceError: the input cannot be opened; ``retryable`` when trying again later may help.
        MissingExtraError: reading it needs a package that is not installed.
    """
    own = scratch / new_name()
    own.mkdir(parents=True)
    try:
        if not isinstance(source, str | os.PathLike):
            return _owning(open_table(source, connection, own), own)
        address = parse_address(os.fspath(source), SourceError)
        return _owning(_Opening(address, connection, options, own).opened(), own, address.shown)
    except BaseException:
        shutil.rmtree(own)
        raise


def _owning(opened: Opened, folder: Path, shown: str | None = None) -> Opened:
    """The same under its own address, whose close also removes its part of the scratch folder."""

    def close() -> None:
        opened.close()
        shutil.rmtree(folder, ignore_errors=True)

    def settle(error: duckdb.Error | None) -> Opened | None:
        again = opened.settle(error)
        return None if again is None else _owning(again, folder, shown)

    return replace(opened, address=shown or opened.address, close=close, settle=settle)


@dataclass(frozen=True)
class _Opening:
    """One call of :func:`open_source` with an address."""

    address: Address
    connection: duckdb.DuckDBPyConnection
    options: ReadOptions
    scratch: Path

    def opened(self) -> Opened:
        match self.address.place:
            case "standard":
                return self._file(spool_standard_input(self.scratch))
            case "duckdb":
                return open_duckdb(existing_file(self.address), self.address.table, self.connection, self.address.shown)
            case "postgres":
                from sanitizer_core.sources.postgres.reading import open_postgres  # An extra, which few runs need.

                return open_postgres(self.address, self.connection, self.scratch)
            case "store":
                found = find_stored(self.address, self.connection, self.options, self.scratch)
                return found if isinstance(found, Opened) else self._file(found)
            case _:
                return self._local()

    def _local(self) -> Opened:
        if is_pattern(self.address):
            paths = files_of_pattern(self.address)
            if len(paths) == 1:
                return self._file(paths[0])
            return open_parquet(parquet_of_pattern(self.address, paths, self.scratch), self.connection)
        if Path(self.address.location).is_dir():
            return open_parquet(parquet_of_folder(self.address, self.scratch), self.connection)
        if is_pipe(self.address):
            return self._file(spool_pipe(self.address, self.scratch), self.address.name)
        return self._file(existing_file(self.address))

    def _file(self, path: Path, name: str | None = None) -> Opened:
        """Open one file that lies on this machine; its name may say its format where the path does not."""
        name = name or (path.name if self.address.place == "local" else self.address.name)
        packed = compression_of(path, name, self.options)
        if packed == "none":
            return self._read(format_of(path, name, self.options), path)
        if (self.options.format or suffixes(name)[0]) == "csv":
            return self._read("csv", path)
        plain = unpack(path, packed, self.scratch, self.address.shown)
        opened = self._read(format_of(plain, name, self.options), plain)
        return replace(opened, size=path.stat().st_size, facts={**opened.facts, "compression": packed})

    def _read(self, form: Format, path: Path) -> Opened:
        shown = self.address.shown
        match form:
            case "csv":
                return open_text(path, self.connection, self.options, self.scratch, shown=shown)
            case "json" | "jsonl":
                lines = form == "jsonl"
                return open_json(path, self.connection, self.options, self.scratch, shown=shown, lines=lines)
            case "parquet":
                plain = unglobbed(path, self.scratch)
                return open_parquet(ParquetFiles(shown, (str(plain),), size=path.stat().st_size), self.connection)
            case "excel":
                return open_excel(path, self.connection, self.options, shown)
            case "arrow":
                return open_arrow_file(path, self.connection, shown)
            case "duckdb":
                return open_duckdb(path, self.address.table, self.connection, shown)
