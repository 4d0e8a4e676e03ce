"""DuckDB: the engine for one machine, out of core."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from sanitizer_core.chain import BITS, Chain, Relation, bitmaps_of
from sanitizer_core.engines.protocol import MOST_LAYERS
from sanitizer_core.errors import EngineError
from sanitizer_core.ops.effects import Effect
from sanitizer_core.plan import ROW, StepInfo
from sanitizer_core.schema import Schema
from sanitizer_core.sources.views import columns_of, schema_of
from sanitizer_core.sql import column

DIALECT = "duckdb"

WIDE = 400
"""From how many columns on a table is stored after every step, so that no statement is planned over several of them."""


class DuckDBEngine:
    """A private in-memory database that spills to a scratch folder.

    A database file packs what is stored, which takes longer than it saves while all fits into memory (``make_room``
    attaches one when it does not). Any join loses the order of the rows, so the optimizer may
    not make joins of long ``IN`` lists, and who joins has to order by ``@row`` afterwards.
    """

    dialect = DIALECT
    keeps_order = True
    bitmaps = True

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        self.connection = connection
        self.scratch = scratch
        self.rows = 0
        """Rows of the stored input; bitmaps are as long."""
        self._said: dict[str, Sequence[str]] = {}
        """What was set for this connection alone: statements, with their values."""

    @classmethod
    @contextmanager
    def open(cls, *, memory_limit: str | None = None, threads: int | None = None) -> Iterator[DuckDBEngine]:
        """An engine with its own scratch folder, which is gone when the block ends.

        Args:
            memory_limit: such as ``4GB``; else ``SANITIZER_MEMORY_LIMIT``, else what DuckDB takes.
            threads: else ``SANITIZER_THREADS``, else every core.
        """
        place = os.environ.get("SANITIZER_SCRATCH")
        with (
            tempfile.TemporaryDirectory(prefix="sanitizer-", dir=place, ignore_cleanup_errors=True) as folder,
            duckdb.connect(":memory:", config=_config(Path(folder), memory_limit, threads)) as connection,
        ):
            # A plain SET would hold for this connection alone, and the others that read it would have the machine's zone.
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            # With it, DuckDB 2.0 can wait for ever for itself when a statement fails or is interrupted.
            connection.execute("SET async_threads = 0")
            # A checkpoint writes all tables anew, which in memory gives nothing back to a run: nothing is deleted in it.
            connection.execute("SET checkpoint_threshold = '1000TB'")
            # At the end all of it is thrown away.
            connection.execute("PRAGMA disable_checkpoint_on_shutdown")
            connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side,in_clause'")
            yield cls(connection, Path(folder))

    def make_room(self, size: int) -> None:
        """Stores relations in a packed file from here on, where they will not fit into memory.

        What does not fit is otherwise written as it is, and read again by every statement that asks for a column of it:
        several times the disk and the time of a file.

        Args:
            size: bytes that the input takes once it is stored, as far as that can be told.
        """
        (limit,) = self.fetch(exp.select("parse_formatted_bytes(current_setting('memory_limit'))"))[0]
        if size > limit:
            shelf = exp.Literal.string(str(self.scratch / "shelf.duckdb")).sql(DIALECT)
            self.execute(f"ATTACH {shelf} AS shelf")
            self._say("SET search_path = 'shelf.main,memory.main'")

    def twin(self) -> DuckDBEngine:
        """The same database by a connection of its own, for another thread; whoever asks for it closes it."""
        other = DuckDBEngine(self.connection.cursor(), self.scratch)
        other.rows = self.rows
        for statement, values in self._said.items():
            other._say(statement, values)
        return other

    def _say(self, statement: str, values: Sequence[str] = ()) -> None:
        """Sets what a connection keeps to itself: a variable, the order in which databases are searched."""
        self.execute(statement, values)
        self._said[statement] = values

    def sql(self, query: exp.Expr) -> str:
        """The text of a tree that speaks this dialect already."""
        return query.sql(DIALECT, identify=False, copy=False)

    def execute(self, statement: exp.Expr | str, values: Sequence[str] = ()) -> duckdb.DuckDBPyConnection:
        """Runs a statement.

        Raises:
            EngineError: with the statement that failed.
        """
        text = statement if isinstance(statement, str) else self.sql(statement)
        try:
            return self.connection.execute(text, list(values))
        except duckdb.Error as error:
            raise _told(error, text) from error

    def fetch(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a query whose result is small."""
        return self.execute(query).fetchall()

    def create(self, relation: Relation) -> None:
        """Makes a relation known under its name: as a table when its rows are to be kept, else as a view."""
        kind = "TABLE" if relation.stored else "VIEW"
        name = exp.to_table(exp.to_identifier(relation.name, quoted=True).sql(DIALECT), dialect=DIALECT)
        self.execute(exp.Create(this=name, kind=kind, expression=relation.query, replace=True))
        if relation.marks:
            self._mark(relation.name)

    def _mark(self, relation: str) -> None:
        """Keeps the row numbers of a relation as bitmaps over all rows, in variables (see ``chain.bitmaps_of``)."""
        for variable, first in bitmaps_of(relation, self.rows).items():
            size = max(1, min(BITS, self.rows - first))
            number = exp.cast(exp.Sub(this=column(ROW), expression=exp.Literal.number(first)), "INT")
            bounds = [exp.Literal.number(0), exp.Literal.number(size - 1)]
            marked = exp.Anonymous(this="bitstring_agg", expressions=[number, *bounds])
            none = exp.Anonymous(
                this="bitstring", expressions=[exp.cast(exp.Literal.string("0"), "BIT"), exp.Literal.number(size)]
            )
            last = exp.Literal.number(first + size - 1)
            within = exp.Between(this=column(ROW), low=exp.Literal.number(first), high=last)
            bits = exp.select(exp.Coalesce(this=marked, expressions=[none]))
            bits = bits.from_(exp.to_identifier(relation, quoted=True)).where(within)
            self._say(f"SET VARIABLE {variable} = ({self.sql(bits)})")

    def drop(self, relation: str) -> None:
        """Lets go of a stored relation's rows."""
        self.execute(exp.Drop(tables=[exp.Table(this=exp.to_identifier(relation, quoted=True))], kind="TABLE"))

    def number(self, name: str, query: exp.Select, order: Sequence[exp.Ordered] = ()) -> None:
        """Keeps the rows of a query as a relation with ``@row``: the stored rows' own identity, which costs nothing."""
        names = [item.alias_or_name for item in query.expressions]
        items = [exp.alias_(each.unalias(), _shelved(each.alias_or_name), quoted=True) for each in query.expressions]
        stored = query.select(*items, append=False, copy=False)
        stored = stored.order_by(*order, copy=False) if order else stored
        self.create(Relation(f"{name}.stored", stored, stored=True, comment="the input, read once"))
        cells = [exp.alias_(column(_shelved(each)), each, quoted=True) for each in names]
        numbered = exp.select(exp.alias_(exp.column("rowid"), ROW, quoted=True), *cells)
        self.create(Relation(name, numbered.from_(exp.to_identifier(f"{name}.stored", quoted=True))))
        counted = exp.select(exp.Count(this=exp.Star())).from_(exp.to_identifier(name, quoted=True))
        self.rows = int(self.fetch(counted)[0][0])

    @property
    def threads(self) -> int:
        """How many cores it may use."""
        return int(self.fetch(exp.select("current_setting('threads')"))[0][0])

    def hand_over(self, name: str, secret: str) -> None:
        """Puts a secret into a variable of the session."""
        self._say(f"SET VARIABLE {name} = ?", [secret])

    def run_python(self, chain: Chain, step: StepInfo, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Carries out the effects that need Python, on Arrow batches."""
        from sanitizer_core.engines.python import apply_python  # Arrow takes long to import, and few recipes need it.

        return apply_python(self, chain, step, effects)

    def stores(self, chain: Chain, layers: int, *, last: bool) -> bool:
        """Joins take long and lose the order of the rows, so what they gave is kept; of a wide table everything is."""
        if self.is_wide(len(chain.table.slots)):
            return True
        return not last and (chain.shuffled or layers > MOST_LAYERS)

    def is_wide(self, columns: int) -> bool:
        """Whether a statement takes longer to be planned over all columns than to be carried out."""
        return columns >= WIDE

    def has(self, relation: str) -> bool:
        """Whether a relation of this name was made."""
        query = "SELECT 1 FROM duckdb_columns() WHERE table_name = ? LIMIT 1"
        return self.connection.execute(query, [relation]).fetchone() is not None

    def percent(self) -> float:
        """How much of the running statement is done, from 0 to 100; below 0 when DuckDB cannot say. For any thread."""
        return float(self.connection.query_progress())

    def schema_of(self, relation: str) -> Schema:
        """The columns of a relation."""
        query = exp.select("*").from_(exp.to_identifier(relation, quoted=True))
        try:
            return schema_of(columns_of(self.connection, query))
        except duckdb.Error as error:
            raise _told(error, self.sql(query)) from error


def _shelved(name: str) -> str:
    """A column's name in the stored relation: one called ``rowid`` would hide the number of the row."""
    return f"@{name}" if name.lower() == "rowid" else name


def _config(
    scratch: Path, memory_limit: str | None, threads: int | None
) -> dict[str, str | bool | int | float | list[str]]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(scratch / "spill"),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    limit = memory_limit or os.environ.get("SANITIZER_MEMORY_LIMIT")
    workers = threads or os.environ.get("SANITIZER_THREADS")
    return config | ({"memory_limit": limit} if limit else {}) | ({"threads": int(workers)} if workers else {})


def _told(error: duckdb.Error, statement: str) -> EngineError:
    first = str(error).splitlines()[0]
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineError(
            f"DuckDB ran out of memory or of room to spill: {first}",
            statement=statement,
            hint="Raise --memory-limit, or point SANITIZER_SCRATCH at a disk with more room.",
        )
    return EngineError(f"DuckDB could not run a statement: {first}", statement=statement)
