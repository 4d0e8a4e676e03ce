"""Tables that are in memory already: pandas, Polars, Arrow and DuckDB relations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.failures import reading, settling
from sanitizer_core.sources.names import unique_names
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.pandas_columns import arrow_from_pandas
from sanitizer_core.sources.parquet import ParquetFiles, open_parquet
from sanitizer_core.sources.spool import scratch_file
from sanitizer_core.sources.views import drop_view, new_name, plain_view

if TYPE_CHECKING:
    import pyarrow as pa

_READ = "Read are tables of pandas, Polars (also lazy), Arrow, DuckDB relations, and paths and URLs."


def open_table(data: Any, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Opened:
    """Open a table in memory; it is neither copied to disk nor altered.

    Raises:
        SourceError: it is no table, or a column holds what no table can.
    """
    if isinstance(data, duckdb.DuckDBPyRelation):
        return _open_relation(data, connection)
    if _is(data, "pandas", "DataFrame"):
        return open_arrow(*arrow_from_pandas(data), connection, "a pandas table")
    if _is(data, "polars", "LazyFrame"):
        return _open_lazy(data, connection, scratch)
    if hasattr(data, "__arrow_c_stream__"):
        return open_arrow(_arrow(data), [], connection, f"a table of {type(data).__module__.partition('.')[0]}")
    raise SourceError(f"{type(data).__module__}.{type(data).__qualname__} is no table", hint=_READ)


def open_arrow(
    data: pa.Table | pa.RecordBatchReader,
    notes: list[str],
    connection: duckdb.DuckDBPyConnection,
    shown: str,
    facts: dict[str, Any] | None = None,
    size: int | None = None,
) -> Opened:
    """Open an Arrow table, or a reader, which gives its rows only once."""
    names, renamed = unique_names(data.schema.names)
    if not names:
        raise SourceError(f"{shown} has no columns")
    registered = new_name("arrow")
    try:
        connection.register(registered, _renamed(data, names) if renamed else data)
        view, schema = plain_view(connection, exp.select("*").from_(exp.to_table(registered)))
    except duckdb.Error as error:
        raise SourceError(f"{shown} has a column of a type that is not read: {error}", hint=_types(data)) from error
    except BaseException:
        connection.unregister(registered)
        raise

    def close() -> None:
        drop_view(connection, view)
        connection.unregister(registered)

    all_notes = (*notes, *renamed)
    return Opened(
        shown, view, schema, False, facts or {"format": "arrow"}, all_notes, size, None, close, settling(shown)
    )


def _arrow(data: Any) -> pa.Table | pa.RecordBatchReader:
    import pyarrow as pa

    if isinstance(data, pa.Table | pa.RecordBatchReader):
        return data
    if _is(data, "polars", "DataFrame"):
        return data.to_arrow()
    return pa.RecordBatchReader.from_stream(data)


def _renamed(data: pa.Table | pa.RecordBatchReader, names: list[str]) -> pa.Table | pa.RecordBatchReader:
    import pyarrow as pa

    if isinstance(data, pa.Table):
        return data.rename_columns(names)
    schema = pa.schema([field.with_name(name) for field, name in zip(data.schema, names, strict=True)])
    return pa.RecordBatchReader.from_batches(schema, (batch.rename_columns(names) for batch in data))


def _open_lazy(data: Any, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Opened:
    """A lazy frame is computed in streams into the scratch folder: it may be larger than memory."""
    import polars as pl

    path = scratch_file(scratch, ".parquet")
    try:
        data.sink_parquet(path, maintain_order=True)
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"the lazy table of polars cannot be computed: {str(error).splitlines()[0]}") from error
    return open_parquet(ParquetFiles("a lazy table of polars", (str(path),), size=path.stat().st_size), connection)


def _open_relation(relation: duckdb.DuckDBPyRelation, connection: duckdb.DuckDBPyConnection) -> Opened:
    shown = "a DuckDB relation"
    if not _is_here(relation, connection):
        return open_arrow(relation.to_arrow_reader(), [], connection, f"{shown} of another connection")
    name = new_name("relation")
    with reading(shown):
        relation.create_view(name)
        view, schema = plain_view(connection, exp.select("*").from_(exp.to_table(name)))

    def close() -> None:
        drop_view(connection, view, name)

    return Opened(shown, view, schema, False, {"format": "duckdb"}, (), None, None, close, settling(shown))


# DuckDB finds the relation by the name of the argument.
def _is_here(relation: duckdb.DuckDBPyRelation, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a relation belongs to the connection's database; DuckDB tells only by trying."""
    try:
        connection.sql("SELECT * FROM relation LIMIT 0")
    except duckdb.InvalidInputException:
        return False
    return True


def _is(data: Any, package: str, name: str) -> bool:
    """Whether data is of a class, or one below it, without importing the package."""
    return any(kind.__name__ == name and kind.__module__.partition(".")[0] == package for kind in type(data).__mro__)


def _types(data: pa.Table | pa.RecordBatchReader) -> str:
    return "Its columns are: " + ", ".join(f"{field.name} {field.type}" for field in data.schema) + "."
