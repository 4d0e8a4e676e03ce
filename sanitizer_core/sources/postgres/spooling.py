"""Rows of a PostgreSQL query as a file of this machine, in the server's own order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError
from sanitizer_core.schema import DataType
from sanitizer_core.sources.postgres.connection import told
from sanitizer_core.sql import column
from sanitizer_core.sql.tree import sql_type

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

NULL = "\\N"
"""What stands, unquoted, for null; texts are always quoted."""

_LEAST_BLOCK = 8 << 20
_DUCKDB_NAMES = {"smallint": "SMALLINT", "integer": "INTEGER", "real": "FLOAT"}


def spool(connection: psycopg.Connection[tuple[Any, ...]], query: str, path: Path, shown: str) -> int:
    """Streams a query's rows into a CSV file; gives the bytes of the longest row.

    Raises:
        SourceError: the server could not give them.
    """
    import psycopg

    longest = 0
    statement = f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, NULL '{NULL}')"
    try:
        with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy, path.open("wb") as file:
            for data in copy:
                longest = max(longest, len(data))
                file.write(data)
    except psycopg.Error as error:
        raise SourceError(f"{shown} cannot be read: {told(error)}") from None
    return longest


def to_parquet(
    spooled: Path,
    longest: int,
    columns: Sequence[tuple[str, DataType]],
    path: Path,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Makes a Parquet file of a spooled one, which is gone then; memory is bounded by the longest row.

    Raises:
        duckdb.Error: a value does not fit its type.
    """
    names = [name for name, _ in columns]
    places = [f"c{place}" for place in range(len(names))]
    items = [
        exp.alias_(_typed(column(place), kind), name, quoted=True)
        for place, (name, kind) in zip(places, columns, strict=True)
    ]
    connection.register("@spooled", _texts(spooled, places, longest))
    try:
        query = exp.select(*items).from_(exp.to_identifier("@spooled", quoted=True))
        copy = exp.Copy(
            this=query.subquery(),
            kind=False,
            files=[exp.Literal.string(str(path))],
            params=[exp.CopyParameter(this=exp.Var(this="FORMAT"), expression=exp.Var(this="parquet"))],
        )
        connection.execute(copy.sql(dialect="duckdb"))
    finally:
        connection.unregister("@spooled")
    spooled.unlink()


def _texts(path: Path, names: Sequence[str], longest: int) -> pa.RecordBatchReader | pa.Table:
    """The fields of a spooled file, all text."""
    import pyarrow as pa
    from pyarrow import csv

    if not path.stat().st_size:
        return pa.schema([(name, pa.string()) for name in names]).empty_table()
    return csv.open_csv(
        path,
        read_options=csv.ReadOptions(column_names=names, block_size=max(_LEAST_BLOCK, 4 * longest)),
        parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[NULL],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _typed(cell: exp.Expr, kind: DataType) -> exp.Expr:
    """The cell, from its text in PostgreSQL's words."""
    if kind.native == "VARCHAR[]":
        return exp.Anonymous(this="from_json", expressions=[cell, exp.Literal.string('["VARCHAR"]')])
    if kind.kind == "binary":
        digits = exp.Anonymous(this="substring", expressions=[cell, exp.Literal.number(3)])
        return exp.Anonymous(this="unhex", expressions=[digits])
    return exp.Cast(this=cell, to=duckdb_type(kind))


def duckdb_type(kind: DataType) -> exp.DataType:
    """The type of DuckDB that holds a column of PostgreSQL; text where there is none."""
    if kind.kind == "other":
        return exp.DataType.build("TEXT")
    narrow = _DUCKDB_NAMES.get(kind.native or "")
    return exp.DataType.build(narrow) if narrow else sql_type(kind)
