"""Rows of a DuckDB query into a table of a PostgreSQL database, streamed."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SinkError
from sanitizer_core.sinks.failures import writing
from sanitizer_core.sinks.postgres.publishing import Filling, prepare, publication
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.postgres import connect, table_name
from sanitizer_core.sources.postgres.names import LONGEST
from sanitizer_core.sources.views import columns_of
from sanitizer_core.sql import column

if TYPE_CHECKING:
    import psycopg

_TYPES = {
    "VARCHAR": "text", "BOOLEAN": "boolean", "TINYINT": "smallint", "UTINYINT": "smallint", "SMALLINT": "smallint",
    "USMALLINT": "integer", "INTEGER": "integer", "UINTEGER": "bigint", "BIGINT": "bigint", "UBIGINT": "numeric(20,0)",
    "HUGEINT": "numeric(39,0)", "UHUGEINT": "numeric(39,0)", "FLOAT": "real", "DOUBLE": "double precision", "DATE": "date",
    "TIME": "time without time zone", "TIMESTAMP": "timestamp without time zone",
    "TIMESTAMP_S": "timestamp without time zone", "TIMESTAMP_MS": "timestamp without time zone",
    "TIMESTAMP_NS": "timestamp without time zone", "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "BLOB": "bytea", "UUID": "uuid", "INTERVAL": "interval", "JSON": "json",
}  # fmt: skip
_COPIED = "@copied"
_BLOCK = 1 << 20


def postgres_type(native: str) -> str:
    """The type of PostgreSQL that holds a DuckDB type; nested values are held as JSON."""
    decimal = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", native)
    if decimal:
        return f"numeric({decimal[1]},{decimal[2]})"
    return _TYPES.get(native, "text" if native.startswith("ENUM(") else "jsonb")


def copy_into(connection: duckdb.DuckDBPyConnection, query: exp.Query, address: Address) -> int:
    """Replaces a table by the rows of a query, in one transaction; gives their number.

    Raises:
        SinkError: it cannot be written; what was there is as it was.
    """
    columns = [(name, native) for name, native in columns_of(connection, query)]
    for name, _ in columns:
        if len(name.encode()) > LONGEST:
            raise SinkError(
                f"the column {name!r} has a name longer than {LONGEST} bytes, the most that PostgreSQL allows"
            )
    with tempfile.TemporaryDirectory(prefix="sanitizer-") as folder, connect(address, SinkError) as server:
        table = table_name(server, address, SinkError)
        prepare(server, table, address.shown)
        spooled = Path(folder) / "rows.csv"
        with writing(address.shown, spooled):
            rows = _spool(connection, query, columns, spooled)
        there = [(name, postgres_type(native)) for name, native in columns]
        with publication(server, table, address.shown) as fill:
            _copy(server, spooled, there)
            copied = exp.select("*").from_(exp.to_identifier(_COPIED, quoted=True))
            fill(Filling(table, there, copied.sql("postgres")))
    return rows


def _spool(connection: duckdb.DuckDBPyConnection, query: exp.Query, columns: list[tuple[str, str]], path: Path) -> int:
    items = [exp.alias_(_said(column(name), native), name, quoted=True) for name, native in columns]
    words = {
        "FORMAT": exp.Var(this="csv"), "HEADER": exp.false(), "FORCE_QUOTE": exp.Star(),
        "NULLSTR": exp.Literal.string("\\N"),
    }  # fmt: skip
    copy = exp.Copy(
        this=exp.select(*items).from_(query.subquery("rows")).subquery(),
        kind=False,
        files=[exp.Literal.string(str(path))],
        params=[exp.CopyParameter(this=exp.Var(this=name), expression=value) for name, value in words.items()],
    )
    row = connection.execute(copy.sql(dialect="duckdb")).fetchone()
    return int(row[0]) if row else 0


def _said(cell: exp.Expr, native: str) -> exp.Expr:
    """The cell in words that PostgreSQL reads."""
    if native == "BLOB":
        return exp.DPipe(this=exp.Literal.string("\\x"), expression=exp.Anonymous(this="hex", expressions=[cell]))
    if postgres_type(native) == "jsonb":
        return exp.Anonymous(this="to_json", expressions=[cell])
    return cell


def _copy(server: psycopg.Connection[tuple[Any, ...]], path: Path, columns: list[tuple[str, str]]) -> None:
    listed = ", ".join(f"{column(name).sql('postgres')} {kind}" for name, kind in columns)
    server.execute(f'CREATE TEMP TABLE "{_COPIED}" ({listed}) ON COMMIT DROP'.encode())
    statement = f"COPY \"{_COPIED}\" FROM STDIN (FORMAT csv, NULL '\\N')"
    with server.cursor() as cursor, cursor.copy(statement.encode()) as copy, path.open("rb") as file:
        while block := file.read(_BLOCK):
            copy.write(block)
