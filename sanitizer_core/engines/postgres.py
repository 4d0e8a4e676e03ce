"""PostgreSQL: set-based SQL in one session; the rows stay in the database."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.chain import Chain, Relation, named
from sanitizer_core.engines.protocol import MOST_LAYERS, refuse_python
from sanitizer_core.errors import CompileError, EngineError, SourceError
from sanitizer_core.ops.effects import Effect
from sanitizer_core.plan import ROW, StepInfo
from sanitizer_core.schema import Column, DataType, Schema, from_postgres
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.postgres import connect, told
from sanitizer_core.sources.postgres.columns import columns_of
from sanitizer_core.sources.postgres.names import LONGEST
from sanitizer_core.sql import column
from sanitizer_core.sql.tree import native_type

if TYPE_CHECKING:
    import psycopg

DIALECT = "postgres"


class PostgresEngine:
    """A session of a PostgreSQL server; its relations are temporary tables and views, gone with the session.

    Every text column of a relation is of the binary collation, so that comparing and ordering mean the same in every
    database. Identifiers that the server would cut off have a short name of their own.

    The server does not say how far a statement is: what a run can show is about how many rows the source has
    (``expected``, as of its last ANALYZE), and how many were read in a second (``pace``) once they are.
    """

    dialect = DIALECT
    keeps_order = False
    bitmaps = False

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.connection = connection
        self.rows = 0
        self.expected = 0
        self.pace = 0.0
        self._kinds: dict[str, str] = {}
        self._views: dict[str, str] = {}

    @classmethod
    @contextmanager
    def open(cls, address: Address) -> Iterator[PostgresEngine]:
        """An engine in the database of an address.

        Raises:
            SourceError: the server cannot be reached.
        """
        with connect(address, SourceError) as connection:
            yield cls(connection)

    def sql(self, query: exp.Expr) -> str:
        """The text of a tree that speaks this dialect already."""
        if any(_too_long(each.name) for each in query.find_all(exp.Identifier)):
            query = query.copy()
            for each in query.find_all(exp.Identifier):
                each.set("this", short_name(each.name))
        return query.sql(DIALECT, identify=False)

    def execute(self, statement: exp.Expr | str) -> psycopg.Cursor[tuple[Any, ...]]:
        """Runs a statement.

        Raises:
            EngineError: with the statement that failed.
        """
        import psycopg

        text = statement if isinstance(statement, str) else self.sql(statement)
        try:
            return self.connection.execute(text.encode())
        except psycopg.errors.TooManyColumns as error:
            raise CompileError(
                f"the run needs more columns side by side than PostgreSQL has: {told(error)}",
                hint="Cells before and after stand in one table of at most 1600 columns; select fewer columns first.",
            ) from None
        except psycopg.Error as error:
            retryable = isinstance(error, psycopg.OperationalError) and not isinstance(
                error, psycopg.errors.QueryCanceled
            )
            raise EngineError(
                f"PostgreSQL could not run a statement: {told(error)}", statement=text, retryable=retryable
            ) from error

    def fetch(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a query whose result is small."""
        return self.execute(query).fetchall()

    def create(self, relation: Relation) -> None:
        """Makes a relation known under its name: as a table when its rows are to be kept, else as a view."""
        self._make(relation.name, relation.query, "TABLE" if relation.stored else "VIEW")
        if relation.stored and relation.marks:
            # The server takes what it knows nothing of for repetitive, and would rather hash the whole table against it.
            self.execute(f"ANALYZE {self.sql(_table(relation.name))}")

    def keep(self, name: str, query: exp.Query) -> None:
        """Makes a stored relation of text as it is, to be filled by whoever asks."""
        self._make(name, query, "TABLE")

    def _make(self, name: str, query: exp.Query, kind: str, *, in_bytes: bool = True) -> int:
        """Makes a temporary table or view; gives its rows, or -1 of a view."""
        temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
        statement = self.sql(exp.Create(this=_table(name), kind=kind, expression=query, properties=temporary))
        if kind == "VIEW" and self._stands(name, statement):
            return -1
        if name in self._kinds:
            self._drop(name)
        made = self.execute(statement)
        self._kinds[name] = kind
        if in_bytes:
            self._compare_bytes(name, query, kind)
        self._views[name] = statement
        return made.rowcount

    def _stands(self, name: str, statement: str) -> bool:
        """Whether the same view is there already; views that stand on it would go with it if it were made again."""
        if self._kinds.get(name) != "VIEW" or self._views.get(name) != statement:
            return False
        row = self.connection.execute("SELECT to_regclass(%s)", [self.sql(_table(name))]).fetchone()
        return row is not None and row[0] is not None

    def _compare_bytes(self, name: str, query: exp.Query, kind: str) -> None:
        """Puts text that has another collation, such as that of a constant, into the binary one."""
        rows = self.connection.execute(_OTHER_COLLATIONS, [self.sql(_table(name))]).fetchall()
        odd = {str(each[0]) for each in rows}
        if not odd:
            return
        if kind == "TABLE":
            changes = [f'ALTER {_quoted(each)} TYPE text COLLATE "C"' for each in sorted(odd)]
            self.execute(f"ALTER TABLE {self.sql(_table(name))} {', '.join(changes)}")
            return
        names = [str(row[0]) for row in columns_of(self.connection, self.sql(_table(name)))]
        items = [named(_in_bytes(column(each)), each) if each in odd else column(each) for each in names]
        self._make(name, exp.select(*items).from_(query.subquery("said")), kind)

    def _drop(self, name: str) -> None:
        self.execute(exp.Drop(tables=[_table(name)], kind=self._kinds.pop(name), exists=True, cascade=True))

    def drop(self, relation: str) -> None:
        """Lets go of a stored relation's rows, and of views on it that nobody reads any more."""
        self._drop(relation)

    def forget(self, relation: str) -> None:
        """Lets go of a view, so that what it reads can be dropped."""
        self._drop(relation)

    def outward(self, relation: str, natives: Mapping[str, str]) -> tuple[list[tuple[str, str]], exp.Select]:
        """The columns of a relation as others are to see them, and the query for them: in their database's collation.

        Args:
            natives: types by column that are others than the relation's.
        """
        items: list[exp.Expr] = []
        for name, native, collated in self.connection.execute(_OUTWARD, [self.sql(_table(relation))]):
            cell: exp.Expr = exp.Cast(this=column(name), to=native_type(natives.get(name, native)))
            if collated:
                cell = exp.Collate(this=cell, expression=exp.to_identifier("default", quoted=True))
            items.append(named(cell, name))
        query = exp.select(*items).from_(_table(relation))
        self._make(f"{relation}.outward", query.copy(), "VIEW", in_bytes=False)
        found = columns_of(self.connection, self.sql(_table(f"{relation}.outward")))
        return [(name, native) for name, native, _ in found], query

    def has(self, relation: str) -> bool:
        """Whether a relation of this name was made."""
        return relation in self._kinds

    def number(self, name: str, query: exp.Select, order: Sequence[exp.Ordered] = ()) -> None:
        """Keeps the rows of a query as a relation with ``@row``, numbered in the order, or as they come."""
        by = exp.Order(expressions=list(order)) if order else None
        place = exp.Sub(this=exp.Window(this=exp.RowNumber(), order=by), expression=exp.Literal.number(1))
        items = [named(place, ROW), *(each.copy() for each in query.expressions)]
        began = time.perf_counter()
        self.rows = self._make(name, query.select(*items, append=False), "TABLE")
        self.pace = self.rows / (time.perf_counter() - began)
        self.execute(f"ANALYZE {self.sql(_table(name))} ({_quoted(ROW)})")

    def hand_over(self, name: str, secret: str) -> None:
        """Makes a secret the setting ``sanitizer.NAME`` of the session; it comes as data, which no log holds."""
        self.execute('CREATE TEMP TABLE "@secret" (value text)')
        with self.connection.cursor() as cursor, cursor.copy('COPY "@secret" FROM STDIN') as copy:
            copy.write_row([secret])
        self.connection.execute('SELECT set_config(%s, value, false) IS NULL FROM "@secret"', [f"sanitizer.{name}"])
        self.execute('DROP TABLE "@secret"')

    def run_python(self, chain: Chain, step: StepInfo, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Refuses: the rows would have to leave the database.

        Raises:
            CompileError: always.
        """
        hint = (
            "Leave it out, or write the output somewhere else than into this database: the run is then made by DuckDB."
        )
        refuse_python(self.dialect, step, hint)

    def stores(self, chain: Chain, layers: int, *, last: bool) -> bool:
        """The log, the scores and the output all read the table at the end."""
        return last or layers > MOST_LAYERS

    def is_wide(self, columns: int) -> bool:
        """Never: PostgreSQL's own tables end at 1,600 columns."""
        return False

    def percent(self) -> float:
        """The server does not say."""
        return -1.0

    def schema_of(self, relation: str) -> Schema:
        """The columns of a relation."""
        found = columns_of(self.connection, self.sql(_table(relation)))
        return Schema(tuple(Column(name, _typed(native, base)) for name, native, base in found))


_OTHER_COLLATIONS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attcollation NOT IN (0, '"C"'::regcollation)
  AND atttypid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'name'::regtype)
"""


_OUTWARD = """
SELECT attname, format_type(atttypid, atttypmod), attcollation <> 0 FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def _typed(native: str, base: str) -> DataType:
    kind = from_postgres(base)
    return DataType(kind.kind, kind.precision, kind.scale, native)


def _table(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def _quoted(name: str) -> str:
    return exp.to_identifier(short_name(name), quoted=True).sql(DIALECT)


def _in_bytes(text: exp.Expr) -> exp.Expr:
    return exp.Collate(this=exp.cast(text, "TEXT"), expression=exp.to_identifier("C", quoted=True))


def _too_long(name: str) -> bool:
    return len(name.encode()) > LONGEST


def short_name(name: str) -> str:
    """The name itself, or the beginning of one that is too long with a digest of it."""
    if not _too_long(name):
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"{name.encode()[: LONGEST - 13].decode(errors='ignore')}~{digest}"
