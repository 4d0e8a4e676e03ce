"""A table in a DuckDB database file, attached for reading only."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError, did_you_mean
from sanitizer_core.sources.failures import reading, settling
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.views import drop_view, new_name, plain_view


def open_duckdb(path: Path, table: str | None, connection: duckdb.DuckDBPyConnection, shown: str) -> Opened:
    """Open a table or view of a DuckDB file; it may be left unnamed when there is just one.

    Args:
        table: its name, or ``schema.name``.
    """
    attached = new_name("file")
    with reading(shown):
        connection.execute(attach(path, attached, read_only=True))
    try:
        with reading(shown):
            source = _table(attached, table, _tables(attached, connection), shown)
            view, schema = plain_view(connection, exp.select("*").from_(source))
    except BaseException:
        connection.execute(detach(attached))
        raise

    def close() -> None:
        drop_view(connection, view)
        connection.execute(detach(attached))

    facts = {"format": "duckdb", "table": source.name}
    return Opened(shown, view, schema, False, facts, (), path.stat().st_size, None, close, settling(shown))


def attach(path: Path, name: str, *, read_only: bool) -> str:
    """The statement that attaches a database file under a name."""
    alias = exp.alias_(exp.Literal.string(str(path)), name, quoted=True)
    options = [exp.AttachOption(this=exp.Var(this="READ_ONLY"))] if read_only else []
    return exp.Attach(this=alias, expressions=options).sql(dialect="duckdb")


def detach(name: str) -> str:
    """The statement that lets go of an attached database."""
    return exp.Detach(this=exp.to_identifier(name, quoted=True)).sql(dialect="duckdb")


def _tables(attached: str, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    schema, name, catalog = (exp.column(part) for part in ("table_schema", "table_name", "table_catalog"))
    query = (
        exp.select(schema, name).from_("information_schema.tables").where(catalog.eq(attached)).order_by(schema, name)
    )
    return connection.execute(query.sql(dialect="duckdb")).fetchall()


def _table(attached: str, wanted: str | None, tables: list[tuple[str, str]], shown: str) -> exp.Table:
    found = [pair for pair in tables if wanted is None or wanted in (pair[1], ".".join(pair))]
    if len(found) == 1:
        schema, name = found[0]
        return exp.table_(name, db=schema, catalog=attached, quoted=True)
    names = [name for _, name in tables]
    if not tables:
        raise SourceError(f"{shown} holds no table")
    if wanted is None:
        hint = f"Say which by '?table=': {', '.join(names[:12])}."
        raise SourceError(f"{shown} holds {len(tables)} tables", hint=hint)
    if found:
        raise SourceError(
            f"{shown}: the table {wanted!r} is in several schemas", hint=f"Say '?table={'.'.join(found[0])}'."
        )
    raise SourceError(f"{shown}: there is no table {wanted!r}", hint=did_you_mean(wanted, names))
