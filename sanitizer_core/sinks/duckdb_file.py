"""A table in a DuckDB database file: replaced in one transaction, or in a new file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import duckdb
from sqlglot import exp

from sanitizer_core.sinks.failures import failed, writing
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.duckdb_file import attach, detach
from sanitizer_core.sources.views import new_name

DEFAULT_TABLE = "clean"


def put_table(connection: duckdb.DuckDBPyConnection, table: exp.Query, path: Path, address: Address) -> int:
    """Write a table into a database file, which is made when it is missing; gives its rows.

    Raises:
        SinkError: the file is open elsewhere, or no DuckDB file; it is as it was.
    """
    attached = new_name("output")
    try:
        connection.execute(attach(path, attached, read_only=False))
    except duckdb.Error as error:
        raise failed(address.shown, _reason(error)) from error
    try:
        with writing(address.shown, path):
            rows = _create(connection, table, address.table or DEFAULT_TABLE, attached)
            connection.execute(_checkpoint(attached))
    except BaseException:
        connection.execute(detach(attached))
        _tidy(connection, path)
        raise
    connection.execute(detach(attached))
    return rows


def _tidy(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Let DuckDB put away the log of what failed; when even that fails, the next one to open the file does it."""
    attached = new_name("output")
    with suppress(duckdb.Error):
        connection.execute(attach(path, attached, read_only=False))
        connection.execute(_checkpoint(attached))
        connection.execute(detach(attached))


def _checkpoint(name: str) -> str:
    """The statement that writes what is in the log into the file; a run's own database does not do it when it lets go."""
    return exp.Command(this="CHECKPOINT", expression=exp.to_identifier(name, quoted=True).sql(dialect="duckdb")).sql()


def _create(connection: duckdb.DuckDBPyConnection, table: exp.Query, name: str, attached: str) -> int:
    target = exp.table_(name, db="main", catalog=attached, quoted=True)
    # One statement is one transaction: the old table stays until the new one is whole.
    statement = exp.Create(this=target, kind="TABLE", replace=True, expression=table)
    row = connection.execute(statement.sql(dialect="duckdb")).fetchone()
    return row[0] if row else 0


def _reason(error: duckdb.Error) -> str:
    text = str(error).partition(": ")[2]
    if "lock" in text.lower() or "already attached" in text.lower() or "unique file handle" in text.lower():
        return "it is open elsewhere (in another program, or as the input of this run)"
    return text
