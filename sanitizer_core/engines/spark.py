"""Spark: relations are views of one session, and tables where their rows are kept; nothing comes to the driver but counts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.chain import Chain, Relation
from sanitizer_core.engines.protocol import MOST_LAYERS, refuse_python
from sanitizer_core.engines.spark_progress import progress_of
from sanitizer_core.engines.spark_session import spark_session, told
from sanitizer_core.ops.effects import Effect
from sanitizer_core.plan import ROW, StepInfo
from sanitizer_core.schema import Column, Schema, from_spark
from sanitizer_core.sql import column
from sanitizer_core.sql.dialects.spark.masking import SECRETS
from sanitizer_core.sql.dialects.spark.writing import spark_sql

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

DIALECT = "spark"

_PLACE = "@place"
_WITHIN = 33
"""Spark counts the rows of a partition in the low bits of ``monotonically_increasing_id``."""


class SparkEngine:
    """A session of Spark; what it keeps are tables of its own in the current schema, gone when the block ends.

    What was read once is never worked out again with other row numbers: the numbered input is written, not cached.
    """

    dialect = DIALECT
    keeps_order = False
    bitmaps = False

    def __init__(self, session: SparkSession) -> None:
        self.session = session
        self.rows = 0
        self._progress = progress_of(session)
        self._run = f"sanitizer_{uuid.uuid4().hex[:12]}"
        self._made = 0
        self._tables: dict[str, str | None] = {}

    @classmethod
    @contextmanager
    def open(cls, *, master: str | None = None, remote: str | None = None) -> Iterator[SparkEngine]:
        """An engine on a Spark that is started here, or on a server of Spark Connect; see ``spark_session``."""
        with spark_session(master=master, remote=remote) as session:
            engine = cls(session)
            try:
                yield engine
            finally:
                engine.clear()

    def clear(self) -> None:
        """Drops every table that was kept."""
        for relation in list(self._tables):
            self.drop(relation)

    def sql(self, query: exp.Expr) -> str:
        """The text of a tree that speaks this dialect already."""
        return spark_sql(query)

    def run(self, statement: exp.Expr | str) -> DataFrame:
        """A statement's rows, which are worked out when they are asked for; commands are carried out at once.

        Raises:
            EngineError: with the statement that failed.
        """
        from pyspark.errors import PySparkException

        text = statement if isinstance(statement, str) else self.sql(statement)
        try:
            return self.session.sql(text)
        except PySparkException as error:
            raise told(error, text) from error

    def fetch(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a query whose result is small."""
        from pyspark.errors import PySparkException

        try:
            table = self.run(query).toArrow()
        except PySparkException as error:
            raise told(error, self.sql(query)) from error
        return list(zip(*(each.to_pylist() for each in table.columns), strict=True))

    def create(self, relation: Relation) -> None:
        """Makes a relation known under its name: as a table when its rows are to be kept, else as a view."""
        if relation.stored:
            self._keep(relation.name, relation.query)
        else:
            self.view(relation.name, self.run(relation.query))

    def view(self, name: str, rows: DataFrame) -> None:
        """Makes rows known under a name of the run."""
        kept = self._tables.get(name)
        rows.createOrReplaceTempView(_quoted(name))
        self._tables[name] = None
        self._forget(kept)

    def _keep(self, name: str, query: exp.Expr) -> None:
        self._made += 1
        table = f"{self._run}_{self._made}"
        self.run(f"CREATE TABLE {table} USING parquet AS {self.sql(query)}")
        self.view(name, self.session.table(table))
        self._tables[name] = table

    def _forget(self, table: str | None) -> None:
        if table is not None:
            self.run(f"DROP TABLE IF EXISTS {table}")

    def drop(self, relation: str) -> None:
        """Lets go of a relation's rows."""
        self.session.catalog.dropTempView(_quoted(relation))
        self._forget(self._tables.pop(relation, None))

    def has(self, relation: str) -> bool:
        """Whether a relation of this name was made."""
        return relation in self._tables

    def number(self, name: str, query: exp.Select, order: Sequence[exp.Ordered] = ()) -> None:
        """Writes the rows with their place within their partition; the partitions' sizes make numbers from 0 of these.

        A window over all rows would bring them all to one task.
        """
        ordered = query.order_by(*order) if order else query
        place = exp.alias_(exp.Anonymous(this="monotonically_increasing_id"), _PLACE, quoted=True)
        self._keep(f"{name}.stored", exp.select(exp.Star(), place).from_(ordered.subquery("rows")))
        stored = exp.to_identifier(f"{name}.stored", quoted=True)
        part = exp.Anonymous(this="shiftright", expressions=[column(_PLACE), exp.Literal.number(_WITHIN)])
        sizes = self.fetch(exp.select(part, exp.Count(this=exp.Star())).from_(stored).group_by(part.copy()))
        number = exp.alias_(_number(dict(sizes), part), ROW, quoted=True)
        cells = [column(each.alias_or_name) for each in query.expressions]
        self.create(Relation(name, exp.select(number, *cells).from_(stored.copy())))
        self.rows = sum(int(size) for _, size in sizes)

    def hand_over(self, name: str, secret: str) -> None:
        """Puts a secret into a view: no statement and no plan holds what is in it."""
        rows = self.session.createDataFrame([(name, secret)], "name string, secret string")
        rows.createOrReplaceTempView(SECRETS)

    def run_python(self, chain: Chain, step: StepInfo, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Refuses: Spark's workers may know nothing of this project.

        Raises:
            CompileError: always.
        """
        refuse_python(self.dialect, step, "Leave it out, or run it on DuckDB.")

    def stores(self, chain: Chain, layers: int, *, last: bool) -> bool:
        """The log, the scores and the output all read the table at the end."""
        return last or layers > MOST_LAYERS

    def is_wide(self, columns: int) -> bool:
        """Never: what is planned here is planned once for the whole of a step."""
        return False

    def percent(self) -> float:
        """How many of the tasks of the running jobs are done."""
        return self._progress()

    def schema_of(self, relation: str) -> Schema:
        """The columns of a relation."""
        return schema_of(self.session.table(_quoted(relation)))


def schema_of(rows: DataFrame) -> Schema:
    """The columns of a data frame."""
    return Schema(tuple(Column(each.name, from_spark(each.dataType.simpleString())) for each in rows.schema.fields))


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(DIALECT)


def _number(sizes: dict[int, int], part: exp.Expr) -> exp.Expr:
    """The place within the partition, and the rows of all partitions before it."""
    mask = exp.Literal.number(2**_WITHIN - 1)
    within = exp.BitwiseAnd(this=column(_PLACE), expression=exp.cast(mask, "BIGINT"))
    if set(sizes) <= {0}:
        return within
    before, starts = 0, []
    for index in range(max(sizes) + 1):
        starts.append(exp.cast(exp.Literal.number(before), "BIGINT"))
        before += sizes.get(index, 0)
    start = exp.Anonymous(this="get", expressions=[exp.Array(expressions=starts), exp.cast(part.copy(), "INT")])
    # An addition binds closer than a mask.
    return exp.Add(this=exp.Paren(this=within), expression=start)
