"""The connection and table that a contract is held against, and the names of what is stored on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from sanitizer_core.engines.hashes import repeated_hashes
from sanitizer_core.errors import EngineError
from sanitizer_core.schema import Schema, from_duckdb
from sanitizer_core.sql import column, literal

_numbers = count(1)


def next_number() -> int:
    """A number that no other scan of this process has."""
    return next(_numbers)


def quoted(name: str) -> exp.Identifier:
    """A name, whatever it holds."""
    return exp.to_identifier(name, quoted=True)


@dataclass(frozen=True)
class Scan:
    """A table of a connection, and how its rows are called.

    Args:
        row_id: the column that holds the id of each row; without one, a table's rows are called by their position.
    """

    connection: duckdb.DuckDBPyConnection
    relation: str
    row_id: str | None
    number: int = field(default_factory=next_number)

    @property
    def table(self) -> exp.Table:
        return exp.Table(this=quoted(self.relation))

    def row(self) -> exp.Expr:
        """The id of a row: a column of the table, else its position from 0.

        A view has no ``rowid``; its rows have to be counted, which one thread does.
        """
        if self.row_id is not None:
            return exp.cast(column(self.row_id), "BIGINT")
        if self._has_rowid():
            return exp.column("rowid")
        return exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=literal(1))

    def _has_rowid(self) -> bool:
        """Whether ``rowid`` is the engine's own: a view has none, and a column may have taken its name."""
        probe = exp.select(exp.column("rowid")).from_(self.table).limit(0)
        try:
            self.connection.execute(probe.sql(dialect="duckdb")).fetchall()
        except duckdb.BinderException:
            return False
        return not any(name.lower() == "rowid" for name in self.schema().names)

    def schema(self) -> Schema:
        """The columns of the table, without its row id."""
        result = self._executed(exp.select("*").from_(self.table).limit(0))
        described = result.description or []
        result.fetchall()
        columns = ((str(each[0]), from_duckdb(str(each[1]))) for each in described)
        return Schema.of(each for each in columns if each[0] != self.row_id)

    def temporary(self, *parts: object) -> str:
        """A name for something stored."""
        return "_".join(["_contract", str(self.number), *map(str, parts)])

    def run(self, statement: exp.Expr) -> list[tuple[Any, ...]]:
        """Runs a statement and gives all its rows, which leaves nothing of it on the connection.

        Raises:
            EngineError: with the statement.
        """
        return self._executed(statement).fetchall()

    def _executed(self, statement: exp.Expr) -> duckdb.DuckDBPyConnection:
        text = statement.sql(dialect="duckdb", copy=False)
        try:
            return self.connection.execute(text)
        except duckdb.Error as error:
            raise EngineError(f"the contract could not be held against the table: {error}", statement=text) from error

    def stream(self, query: exp.Expr, batch_rows: int) -> pa.RecordBatchReader:
        """What a query gives, in batches; nothing else may run on the connection until it is read."""
        text = query.sql(dialect="duckdb")
        try:
            return self.connection.sql(text).to_arrow_reader(batch_rows)
        except duckdb.Error as error:
            raise EngineError(f"the contract could not be held against the table: {error}", statement=text) from error

    def one(self, statement: exp.Expr) -> dict[str, Any]:
        """The only row that a query gives, by column."""
        result = self._executed(statement)
        names = [each[0] for each in result.description or []]
        (row,) = result.fetchall()
        return dict(zip(names, row, strict=True))

    def store(self, name: str, query: exp.Expr) -> int:
        """Stores what a query gives as a temporary table; says how many rows."""
        self.run(
            exp.Create(
                this=exp.Table(this=quoted(name)),
                kind="TABLE",
                replace=True,
                expression=query,
                properties=_TEMPORARY.copy(),
            )
        )
        return int(self.one(exp.select(exp.Count(this=exp.Star()).as_("n")).from_(exp.Table(this=quoted(name))))["n"])

    def store_repeated_hashes(self, name: str, query: exp.Expr) -> bool:
        """Stores the values that come again of the only column of a query; says whether there are any."""
        text = query.sql(dialect="duckdb")
        try:
            found, _ = repeated_hashes(self.connection, text)
        except duckdb.Error as error:
            raise EngineError(f"the contract could not be held against the table: {error}", statement=text) from error
        if len(found):
            self.store_rows(name, {"h": found})
        return len(found) > 0

    def store_rows(self, name: str, rows: pa.Table | dict[str, Any]) -> None:
        """Stores what is in memory as a temporary table."""
        handed_over = f"{name}_rows"
        self.connection.register(handed_over, rows)
        try:
            self.store(name, exp.select(exp.Star()).from_(exp.Table(this=quoted(handed_over))))
        finally:
            self.connection.unregister(handed_over)

    def show(self, name: str, query: exp.Expr) -> None:
        """Makes a query a temporary view."""
        view = exp.Table(this=quoted(name))
        self.run(exp.Create(this=view, kind="VIEW", replace=True, expression=query, properties=_TEMPORARY.copy()))

    def drop(self, names: Iterable[str]) -> None:
        for name in names:
            self.run(exp.Drop(tables=[exp.Table(this=quoted(name))], kind="TABLE", exists=True))


_TEMPORARY = exp.Properties(expressions=[exp.TemporaryProperty()])
