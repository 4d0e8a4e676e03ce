"""Views on a DuckDB connection that a reader leaves behind, and the types of their columns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

import duckdb
from sqlglot import exp

from sanitizer_core.schema import Schema, from_duckdb
from sanitizer_core.sql.tree import column


def new_name(what: str = "source") -> str:
    """A name that nothing else on the connection has."""
    return f"{what}_{uuid.uuid4().hex[:12]}"


def table_function(name: str, *arguments: exp.Expr, **options: exp.Expr) -> exp.Select:
    """``SELECT * FROM name(arguments, option = value, ...)``."""
    named = [exp.EQ(this=exp.column(option), expression=value) for option, value in options.items()]
    return exp.select("*").from_(exp.Table(this=exp.Anonymous(this=name, expressions=[*arguments, *named])))


def strings(values: Iterable[str]) -> exp.Array:
    """A list of text constants."""
    return exp.Array(expressions=[exp.Literal.string(value) for value in values])


def create_view(connection: duckdb.DuckDBPyConnection, query: exp.Query, what: str = "source") -> str:
    """Make a temporary view with a name of its own, and give the name."""
    name = new_name(what)
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    statement = exp.Create(this=exp.to_table(name), kind="VIEW", expression=query, properties=temporary)
    connection.execute(statement.sql(dialect="duckdb"))
    return name


def drop_view(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Remove views; those that are gone already are no error."""
    for name in names:
        connection.execute(exp.Drop(tables=[exp.to_table(name)], kind="VIEW", exists=True).sql(dialect="duckdb"))


def columns_of(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> list[tuple[str, str]]:
    """The names of a query's columns, and DuckDB's names of their types; reads no row.

    DuckDB's ``DESCRIBE`` is not asked: a column that a query renames in its case only has the old name there.
    """
    found = connection.sql(query.sql(dialect="duckdb", copy=False))
    return list(zip(found.columns, map(str, found.types), strict=True))


def plain_view(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> tuple[str, Schema]:
    """A view over a query in which categories are the text they stand for, and a column of nulls is text."""
    columns = columns_of(connection, query)
    if any(_needs_text(native) for _, native in columns):
        shown = [_as_text(name) if _needs_text(native) else column(name) for name, native in columns]
        query = exp.select(*shown).from_(query.subquery("read"))
    return create_view(connection, query), schema_of(columns_of(connection, query))


def schema_of(columns: Iterable[tuple[str, str]]) -> Schema:
    """The schema of columns with DuckDB's type names."""
    return Schema.of((name, from_duckdb(native)) for name, native in columns)


def closing(connection: duckdb.DuckDBPyConnection, *views: str) -> Callable[[], None]:
    """What takes views off a connection."""
    return lambda: drop_view(connection, *views)


def _needs_text(native: str) -> bool:
    return native.startswith("ENUM(") or native == '"NULL"'


def _as_text(name: str) -> exp.Expr:
    return exp.alias_(exp.cast(column(name), "TEXT"), name, quoted=True)
