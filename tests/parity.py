"""Evaluates portable trees over rows, on each engine: values in, results out. An engine is one class here."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

import duckdb
import psycopg
from sqlglot import exp

from sanitizer_core.schema import DataType
from sanitizer_core.sql import column, lower
from sanitizer_core.sql.tree import sql_type

Row = tuple[Any, ...]


class Evaluator(Protocol):
    """An engine, as far as parity needs it."""

    dialect: str

    def holds(self, cell: Any) -> bool:
        """Whether the engine can hold the value at all."""
        ...

    def evaluate(self, kinds: Mapping[str, DataType], rows: Sequence[Row], trees: Sequence[exp.Expr]) -> list[Row]:
        """The trees' values for each of the rows, in their order; the rows' columns have these names and types."""
        ...


def query_of(kinds: Mapping[str, DataType], trees: Sequence[exp.Expr], dialect: str) -> str:
    """``SELECT tree, ... FROM probe``, in the order of the rows; without columns, of constants."""
    items = [exp.alias_(lower(tree, dialect), f"result{index}") for index, tree in enumerate(trees)]
    query = exp.select(*items)
    return (query.from_("probe").order_by(column("@number")) if kinds else query).sql(dialect)


def table_of(kinds: Mapping[str, DataType], dialect: str) -> str:
    """The statement that makes the table of the rows."""
    columns = [("@number", DataType("integer")), *kinds.items()]
    made = [exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=sql_type(kind)) for name, kind in columns]
    schema = exp.Schema(this=exp.to_table("probe"), expressions=made)
    return exp.Create(this=schema, kind="TABLE", properties=exp.Properties(expressions=[exp.TemporaryProperty()])).sql(
        dialect
    )


class OnDuckDB:
    """The reference."""

    dialect = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute("SET VARIABLE PARITY_KEY = '0123456789abcdef'")

    def holds(self, cell: Any) -> bool:
        return True

    def evaluate(self, kinds: Mapping[str, DataType], rows: Sequence[Row], trees: Sequence[exp.Expr]) -> list[Row]:
        self._load(kinds, rows)
        return self.connection.execute(query_of(kinds, trees, self.dialect)).fetchall()

    def aggregate(self, kinds: Mapping[str, DataType], rows: Sequence[Row], tree: exp.Expr) -> list[Row]:
        """An aggregate over all of the rows, in the engine's own words."""
        self._load(kinds, rows)
        return self.connection.execute(exp.select(tree).from_("probe").sql(self.dialect)).fetchall()

    def _load(self, kinds: Mapping[str, DataType], rows: Sequence[Row]) -> None:
        if kinds:
            self.connection.execute("DROP TABLE IF EXISTS probe")
            self.connection.execute(table_of(kinds, self.dialect))
            types = [sql_type(kind).sql(self.dialect) for kind in (DataType("integer"), *kinds.values())]
            lists = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in types)
            columns = list(zip(*((number, *row) for number, row in enumerate(rows)), strict=True))
            self.connection.execute(f"INSERT INTO probe SELECT {lists}", list(map(list, columns)))


class OnPostgres:
    """A database whose locale knows the letters of ASCII only: nothing may rest on the locale."""

    dialect = "postgres"

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection
        connection.prepare_threshold = None  # The table of the rows is another one each time.
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SELECT set_config('sanitizer.PARITY_KEY', '0123456789abcdef', false)")

    def holds(self, cell: Any) -> bool:
        return not (isinstance(cell, str) and "\0" in cell)

    def evaluate(self, kinds: Mapping[str, DataType], rows: Sequence[Row], trees: Sequence[exp.Expr]) -> list[Row]:
        self._load(kinds, rows)
        return self.connection.execute(query_of(kinds, trees, self.dialect)).fetchall()

    def aggregate(self, kinds: Mapping[str, DataType], rows: Sequence[Row], tree: exp.Expr) -> list[Row]:
        """An aggregate over all of the rows, in the engine's own words."""
        self._load(kinds, rows)
        return self.connection.execute(exp.select(tree).from_("probe").sql(self.dialect)).fetchall()

    def _load(self, kinds: Mapping[str, DataType], rows: Sequence[Row]) -> None:
        if kinds:
            self.connection.execute("DROP TABLE IF EXISTS probe")
            self.connection.execute(table_of(kinds, self.dialect))
            with self.connection.cursor().copy("COPY probe FROM STDIN") as copy:
                for number, row in enumerate(rows):
                    copy.write_row((number, *row))


def comparable(cell: Any) -> Any:
    """A cell as what it has to be alike in: type, sign of zero, every digit."""
    match cell:
        case float() if math.isnan(cell):
            return "float nan"
        case float():
            return f"float {cell!r}"
        case Decimal():
            return f"decimal {cell:f}"
        case dt.datetime() if cell.tzinfo is not None:
            return cell.astimezone(dt.UTC).isoformat()
        case dt.datetime() | dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return cell
