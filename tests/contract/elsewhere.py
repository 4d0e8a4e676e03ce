"""Tables of constants, in whatever engine."""

from __future__ import annotations

from functools import reduce

from sqlglot import exp

from contract.held import Columns
from sanitizer_core.chain import Relation
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.plan import ROW
from sanitizer_core.schema import Schema, from_duckdb
from sanitizer_core.sql import literal
from sanitizer_core.sql.tree import sql_type


def schema_of(columns: Columns) -> Schema:
    return Schema.of((name, from_duckdb(kind)) for name, (kind, _) in columns.items())


def put(engine: Engine, columns: Columns, name: str = "data") -> None:
    """Stores a table of these columns (each with its SQL type of DuckDB and its cells), with ``@row``."""
    schema = schema_of(columns)
    rows = list(zip(*(cells for _, cells in columns.values()), strict=True))
    parts: list[exp.Query] = []
    for number, row in enumerate([*rows, (None,) * len(schema)]):
        cells = [
            exp.alias_(exp.Cast(this=literal(cell), to=sql_type(column.type)), column.name, quoted=True)
            for cell, column in zip(row, schema, strict=True)
        ]
        parts.append(exp.select(exp.alias_(exp.cast(literal(number), "BIGINT"), ROW, quoted=True), *cells))
    every = reduce(lambda above, below: exp.Union(this=above, expression=below, distinct=False), parts)
    last = exp.LT(this=exp.column(ROW, quoted=True), expression=literal(len(rows)))
    query = exp.select(exp.Star()).from_(every.subquery("constants")).where(last)
    engine.create(Relation(name, query, stored=True))
