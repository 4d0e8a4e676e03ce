"""Rows that go into a session of PostgreSQL or come out of it, as data rather than as statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.sql import column

if TYPE_CHECKING:
    import pyarrow as pa


def batches(engine: PostgresEngine, query: exp.Query, schema: pa.Schema, size: int) -> Iterator[pa.RecordBatch]:
    """The rows of a query, so many at a time; no more are held in memory."""
    import pyarrow as pa

    with engine.connection.transaction(), engine.connection.cursor(name="batches") as cursor:
        cursor.itersize = size
        cursor.execute(engine.sql(query).encode())
        while rows := cursor.fetchmany(size):
            columns = [pa.array(cells, kind) for cells, kind in zip(zip(*rows, strict=True), schema.types, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def load(engine: PostgresEngine, name: str, columns: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Makes a stored relation of rows that are here."""
    items = [exp.alias_(exp.cast(exp.Null(), kind), each, quoted=True) for each, kind in columns.items()]
    engine.keep(name, exp.select(*items).where(exp.false()))
    listed = ", ".join(column(each).sql(engine.dialect) for each in columns)
    table = exp.to_identifier(name, quoted=True).sql(engine.dialect)
    statement = f"COPY {table} ({listed}) FROM STDIN"
    with engine.connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
