"""A table or view of a PostgreSQL database as the input of a run in that database."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.chain import Relation
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.postgres import TableName, find_table, table_name
from sanitizer_core.sources.postgres.columns import source_columns

SOURCE = "source"
"""The view of the input: every cell of the one type that runs have for its kind."""


def open_table(engine: PostgresEngine, address: Address) -> Opened:
    """The table that an address names, ready to be read by the engine.

    Raises:
        SourceError: it is not there (with the nearest names), or may not be read.
    """
    table = table_name(engine.connection, address, SourceError)
    find_table(engine.connection, table, address.shown, SourceError)
    engine.expected = _expected(engine, table)
    columns = source_columns(engine.connection, table)
    engine.create(Relation(SOURCE, exp.select(*columns.items).from_(table.tree)))
    facts = {"format": "postgres", "table": str(table)}
    return Opened(address.shown, SOURCE, columns.schema, False, facts, columns.notes, None, None, lambda: None)


def _expected(engine: PostgresEngine, table: TableName) -> int:
    """The rows that the server believes a table to have; 0 of a view, and of one that was never analysed."""
    row = engine.connection.execute(
        "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [engine.sql(table.tree)]
    ).fetchone()
    return max(0, int(row[0])) if row is not None else 0
