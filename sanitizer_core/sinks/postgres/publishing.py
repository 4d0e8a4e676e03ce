"""Tables of a PostgreSQL database, filled anew in one transaction: readers see the old rows or the new, never half.

A table that has the columns already keeps its identity: its rows are deleted and inserted, so that privileges, views,
indexes and triggers stay, and who reads it meanwhile is not held up. One with other columns is made anew in the same
transaction, with its owner, privileges and comment. Two runs into one table wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.errors import SanitizerError, SinkError, did_you_mean
from sanitizer_core.sinks.postgres.likeness import takes
from sanitizer_core.sinks.postgres.privileges import Kept, kept_of, put_back
from sanitizer_core.sources.postgres import TableName, told
from sanitizer_core.sources.postgres.columns import columns_of
from sanitizer_core.sources.postgres.names import LONGEST
from sanitizer_core.sql import column

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

Columns = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Filling:
    """A table and what goes into it.

    Args:
        table: where the rows go.
        columns: names and types, as the server calls them.
        query: the rows, with these columns in this order; ``None`` when the table is not wanted and goes, if it is there.
    """

    table: TableName
    columns: Columns = ()
    query: str | None = None


def prepare(connection: Connection, table: TableName, shown: str, beside: Sequence[str] = ()) -> None:
    """Makes sure, before any work is done, that a table can be filled.

    Args:
        beside: what stands in tables beside it.

    Raises:
        SinkError: there is no such schema, or something else than a table has the name.
    """
    schemas = [str(row[0]) for row in connection.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'")]
    if table.schema not in schemas:
        raise SinkError(
            f"{shown}: there is no schema {table.schema!r}",
            hint=did_you_mean(table.schema, schemas) or f'Make it: CREATE SCHEMA "{table.schema}".',
        )
    for longer in map(table.beside, beside):
        if len(longer.name.encode()) > LONGEST:
            raise SinkError(
                f"{shown}: beside it would stand {longer.name!r}, which is longer than {LONGEST} bytes",
                hint="Give the table a shorter name.",
            )
    kind = _kind(connection, table)
    if kind not in (None, "r", "p"):
        words = {"v": "a view", "m": "a materialized view", "f": "a foreign table", "S": "a sequence", "i": "an index"}
        raise SinkError(
            f"{shown}: {table} is {words.get(kind or '', 'no table')}", hint="Name a table, or none that is there."
        )


@contextmanager
def publication(connection: Connection, table: TableName, shown: str) -> Iterator[Callable[[Filling], list[str]]]:
    """A transaction that fills tables, all or none; each filling gives sentences on what a user should know.

    Args:
        table: the output, which no other run fills meanwhile.

    Raises:
        SinkError: one of them cannot be filled; all are as they were.
    """
    with _telling(shown), connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sanitizer {table}"])
        yield partial(_fill, connection)


def _fill(connection: Connection, filling: Filling) -> list[str]:
    name = filling.table.tree.sql("postgres")
    kind = _kind(connection, filling.table)
    if filling.query is None:
        if kind is not None:
            _run(connection, f"DROP TABLE {name}")
        return []
    if kind is None:
        _run(connection, f"CREATE TABLE {name} AS {filling.query}")
        return []
    old = [(row[0], row[2]) for row in columns_of(connection, name)]
    if takes(old, filling.columns):
        _run(connection, f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")
        _run(connection, exp.Delete(this=filling.table.tree).sql("postgres"))
        listed = ", ".join(column(each).sql("postgres") for each, _ in filling.columns)
        _run(connection, f"INSERT INTO {name} ({listed}) {filling.query}")
        return []
    return _make_anew(connection, filling, kept_of(connection, name))


def _make_anew(connection: Connection, filling: Filling, kept: Kept) -> list[str]:
    name = filling.table.tree.sql("postgres")
    _run(connection, f"DROP TABLE {name}")
    _run(connection, f"CREATE TABLE {name} AS {filling.query}")
    for statement in put_back(kept, name):
        _run(connection, statement)
    if not kept.indexes:
        return []
    return [f"{filling.table} was made anew, for its columns are others now; gone with it: {', '.join(kept.indexes)}"]


def _run(connection: Connection, statement: str) -> None:
    connection.execute(statement.encode())


def _kind(connection: Connection, table: TableName) -> str | None:
    query = (
        "SELECT c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s"
    )
    row = connection.execute(query, [table.schema, table.name]).fetchone()
    return str(row[0]) if row else None


@contextmanager
def _telling(shown: str) -> Iterator[None]:
    """What the server says, as an error of ours."""
    import psycopg

    try:
        yield
    except psycopg.errors.DependentObjectsStillExist as error:
        raise SinkError(
            f"{shown} would have to be made anew, for its columns are others now, but something depends on it:"
            f" {told(error)}",
            hint="Drop what depends on it, or write into another table.",
        ) from None
    except psycopg.errors.InsufficientPrivilege as error:
        raise SinkError(
            f"{shown}: {told(error)}",
            hint="Needed are CREATE on the schema for new tables, and SELECT, INSERT and DELETE on those that are there.",
        ) from None
    except psycopg.Error as error:
        raise _failed(shown, error) from None


def _failed(shown: str, error: psycopg.Error) -> SanitizerError:
    import psycopg

    failed = SinkError(f"{shown} could not be written: {told(error)}", hint="What was there before is as it was.")
    failed.retryable = isinstance(error, psycopg.OperationalError)
    return failed
