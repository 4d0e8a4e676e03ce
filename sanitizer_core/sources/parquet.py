"""Parquet: one file, many, or a folder with hive partitions; read in place, without a copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.failures import reading, settling
from sanitizer_core.sources.names import unique_names
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.spool import scratch_file
from sanitizer_core.sources.views import closing, columns_of, plain_view, strings, table_function

PARQUET_SUFFIXES = (".parquet", ".pq")
_GLOB = frozenset("*?[]{}")


@dataclass(frozen=True)
class ParquetFiles:
    """Files that make up one table.

    Args:
        shown: the address for people.
        files: paths or URLs, in the order in which their rows come.
        keys: the hive partitions, as in ``year=2024/``; their values are text columns.
        size: bytes of all of them.
    """

    shown: str
    files: tuple[str, ...]
    keys: tuple[str, ...] = ()
    size: int | None = None


def parquet_below(shown: str, root: str, names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The Parquet files among the names below a folder, in order, and the hive partitions they lie in.

    Names that start with ``.`` or ``_`` are what writers keep for themselves, and are left out.

    Raises:
        SourceError: there is none, or the folder is a table of another kind.
    """
    wanted, keys = [], set[tuple[str, ...]]()
    for name in sorted(names):
        parts = PurePosixPath(name[len(root) :].lstrip("/")).parts
        if "_delta_log" in parts:
            hint = "Read it with a Delta reader and hand over the table: its folder also holds rows that were deleted."
            raise SourceError(f"{shown} is a Delta table, not a folder of Parquet files", hint=hint)
        if parts[-1].lower().endswith(PARQUET_SUFFIXES) and not any(part[0] in "._" for part in parts):
            wanted.append(name)
            keys.add(tuple(part.partition("=")[0] for part in parts[:-1] if "=" in part))
    if not wanted:
        rest = "Name one of its files." if names else None
        raise SourceError(f"the folder {shown} holds no Parquet file", hint=rest)
    if len(keys) > 1:
        rest = "Read one of its folders, or lay all files out alike."
        raise SourceError(f"the files of {shown} do not lie in the same partitions", hint=rest)
    return wanted, keys.pop()


def unglobbed(path: Path, scratch: Path) -> Path:
    """A path that DuckDB takes as it is: one with ``*`` or ``[`` in it, or with a false partition, gets a link."""
    absolute = path.absolute()
    if not _GLOB & set(str(absolute)) and "=" not in str(absolute):
        return absolute
    link = scratch_file(scratch.absolute(), path.suffix)
    link.symlink_to(absolute)
    return link


def open_parquet(found: ParquetFiles, connection: duckdb.DuckDBPyConnection) -> Opened:
    """Open Parquet files as one table: columns by name, in the order of the files' names."""
    with reading(found.shown):
        if found.keys:
            _refuse_shadowed(found, connection)
        query, notes = _named(found, connection)
        view, schema = plain_view(connection, query)
    if found.keys:
        notes.append(f"the partitions {', '.join(found.keys)} are read as text columns")
    facts = {"format": "parquet", "files": len(found.files), "partitions": list(found.keys)}
    close, settle = closing(connection, view), settling(found.shown)
    return Opened(found.shown, view, schema, False, facts, tuple(notes), found.size, None, close, settle)


def _scan(found: ParquetFiles, hive: bool) -> exp.Select:
    def flag(value: bool) -> exp.Boolean:
        return exp.Boolean(this=value)

    many = {"union_by_name": flag(True)} if len(found.files) > 1 else {}
    # The values of partitions stay the text they are: '01' is not 1.
    partitions = {"hive_partitioning": flag(hive)} | ({"hive_types_autocast": flag(False)} if hive else {})
    return table_function("read_parquet", strings(found.files), **partitions, **many)


def _refuse_shadowed(found: ParquetFiles, connection: duckdb.DuckDBPyConnection) -> None:
    inside = {name.lower() for name, _ in columns_of(connection, _scan(found, hive=False))}
    twice = [key for key in found.keys if key.lower() in inside]
    if twice:
        hint = "Rename the folder's key or the column: one of the two would be lost."
        raise SourceError(f"{found.shown} has {twice[0]!r} both as a partition and as a column", hint=hint)


def _named(found: ParquetFiles, connection: duckdb.DuckDBPyConnection) -> tuple[exp.Query, list[str]]:
    """The scan, with names of our own where the file repeats one or leaves it empty."""
    query = _scan(found, hive=bool(found.keys))
    names, notes = unique_names(_raw_names(found.files[0], connection))
    if not notes or len(found.files) > 1:
        return query, notes
    columns = [exp.to_identifier(name, quoted=True) for name in names]
    alias = exp.TableAlias(this=exp.to_identifier("read"), columns=columns)
    return exp.select("*").from_(exp.Subquery(this=query, alias=alias)), notes


def _raw_names(file: str, connection: duckdb.DuckDBPyConnection) -> list[str]:
    tree = table_function("parquet_schema", exp.Literal.string(file)).select("name", "num_children", append=False)
    rows = iter(connection.execute(tree.sql(dialect="duckdb")).fetchall())
    _, wide = next(rows)
    return [_skip_below(next(rows), rows) for _ in range(wide)]


def _skip_below(row: tuple[str, int | None], rows: Iterator[tuple[str, int | None]]) -> str:
    name, below = row
    for _ in range(below or 0):
        _skip_below(next(rows), rows)
    return name
