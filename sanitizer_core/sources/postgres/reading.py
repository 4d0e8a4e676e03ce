"""A table of a PostgreSQL database as the input of a run that is made elsewhere."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError
from sanitizer_core.schema import DataType
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.postgres.columns import SourceColumns, source_columns
from sanitizer_core.sources.postgres.connection import connect
from sanitizer_core.sources.postgres.names import find_table, table_name
from sanitizer_core.sources.postgres.spooling import spool, to_parquet
from sanitizer_core.sources.views import drop_view, plain_view, table_function
from sanitizer_core.sql import column


def open_postgres(address: Address, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Opened:
    """Copies a table or view to this machine, streamed, with the types it has there.

    What DuckDB has no type for (arrays, JSON, ranges, ...) comes as its text, and a note says so. Rows come as the
    server gives them.

    Raises:
        SourceError: the table is not there, may not be read, or holds what DuckDB has no value for.
    """
    spooled, stored = scratch / "copied.csv", scratch / "copied.parquet"
    with connect(address, SourceError) as server:
        table = table_name(server, address, SourceError)
        find_table(server, table, address.shown, SourceError)
        columns = source_columns(server, table)
        query = exp.select(*(_given(each.name, each.type) for each in columns.schema)).from_(table.tree)
        longest = spool(server, query.sql("postgres"), spooled, address.shown)
    try:
        kinds = [(each.name, each.type) for each in columns.schema]
        to_parquet(spooled, longest, kinds, stored, connection)
    except duckdb.Error as error:
        raise SourceError(
            f"{address.shown} holds a value that DuckDB has no room for: {str(error).splitlines()[0]}",
            hint="Write the output into the same database, so that the run is made there.",
        ) from None
    view, schema = plain_view(connection, table_function("read_parquet", exp.Literal.string(str(stored))))

    def close() -> None:
        drop_view(connection, view)
        stored.unlink(missing_ok=True)

    facts = {"format": "postgres", "table": str(table)}
    return Opened(address.shown, view, schema, False, facts, _notes(columns), stored.stat().st_size, None, close)


def _given(name: str, kind: DataType) -> exp.Expr:
    """The cell; text as the type ``text`` has it, for ``char(n)`` would come with the blanks that fill it up."""
    return (
        exp.alias_(exp.cast(column(name), "TEXT"), name, quoted=True)
        if kind.kind in ("text", "other")
        else column(name)
    )


def _notes(columns: SourceColumns) -> tuple[str, ...]:
    odd = [f"{each.name} ({each.type.native})" for each in columns.schema if each.type.kind == "other"]
    return (f"read as text: {', '.join(odd)}",) if odd else ()
