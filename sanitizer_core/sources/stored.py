"""Objects in a store: Parquet is read in place, a part at a time; all else is fetched into the scratch folder."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.failures import settling
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sources.parquet import PARQUET_SUFFIXES, ParquetFiles, open_parquet, parquet_below
from sanitizer_core.sources.stores import download, filesystem, missing, store_errors

if TYPE_CHECKING:
    import fsspec

_in_use: Counter[tuple[int, str | tuple[str, ...]]] = Counter()


def find_stored(
    address: Address, connection: duckdb.DuckDBPyConnection, options: ReadOptions, scratch: Path
) -> Opened | Path:
    """An opened table of Parquet files, or one object of another format as a file in the scratch folder."""
    store = filesystem(address, SourceError)
    keys = _keys(store, address)
    single = keys == [address.location]
    if single and options.format != "parquet" and not address.location.lower().endswith(PARQUET_SUFFIXES):
        return download(store, address, scratch)
    with store_errors(address, SourceError):
        found = _parquet(store, address, keys)
        _register(store, connection)
        try:
            return _registered(open_parquet(found, connection), store, connection)
        except BaseException:
            _unregister(store, connection)
            raise


def _keys(store: fsspec.AbstractFileSystem, address: Address) -> list[str]:
    """All objects at an address: itself, what is below it, or what fits its pattern."""
    with store_errors(address, SourceError):
        if any(mark in address.location for mark in "*?["):
            found = store.glob(address.location)
        elif store.isfile(address.location):
            return [address.location]
        else:
            found = store.find(address.location.rstrip("/") + "/")
    if not found:
        raise missing(store, address)
    return [f"{address.scheme}://{key}" for key in sorted(found)]


def _parquet(store: fsspec.AbstractFileSystem, address: Address, keys: list[str]) -> ParquetFiles:
    root = address.location
    if any(mark in root for mark in "*?["):
        root = root[: min(root.find(mark) for mark in "*?[" if mark in root)].rpartition("/")[0]
    files, partitions = parquet_below(address.shown, root if keys != [root] else root.rpartition("/")[0], keys)
    size = sum(store.size(file) or 0 for file in files)
    return ParquetFiles(address.shown, tuple(files), partitions, size)


def _registered(opened: Opened, store: fsspec.AbstractFileSystem, connection: duckdb.DuckDBPyConnection) -> Opened:
    """The same, whose close takes the store off the connection when no other source needs it."""

    def close() -> None:
        opened.close()
        _unregister(store, connection)

    return replace(opened, close=close, settle=settling(opened.address, stored=True))


def _register(store: fsspec.AbstractFileSystem, connection: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB read the store; what was registered for its scheme before may hold credentials of another time."""
    known = _protocols(store) & set(connection.list_filesystems())
    for protocol in known:
        connection.unregister_filesystem(protocol)
    connection.register_filesystem(store)
    _in_use[id(connection), store.protocol] += 1


def _unregister(store: fsspec.AbstractFileSystem, connection: duckdb.DuckDBPyConnection) -> None:
    """Two sources of one store share what is registered, so the last one takes it away."""
    _in_use[id(connection), store.protocol] -= 1
    if _in_use[id(connection), store.protocol] > 0:
        return
    del _in_use[id(connection), store.protocol]
    for protocol in _protocols(store) & set(connection.list_filesystems()):
        connection.unregister_filesystem(protocol)


def _protocols(store: fsspec.AbstractFileSystem) -> set[str]:
    return {store.protocol} if isinstance(store.protocol, str) else set(store.protocol)
