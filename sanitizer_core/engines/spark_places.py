"""Where a run on Spark reads from and writes to: tables that it knows, and folders of Parquet or CSV that it sees."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import exp

from sanitizer_core.chain import Relation, named
from sanitizer_core.engines.spark import DIALECT, SparkEngine, schema_of
from sanitizer_core.errors import SanitizerError, SinkError, SourceError, Where
from sanitizer_core.schema import Schema
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sql import cast_to, column, lower
from sanitizer_core.sql.canonical import canonical_text

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SOURCE = "source"
"""The view of the input: every cell of the one type that runs have for its kind."""
LINES = "source.lines"

_TABLE = "table:"
_BROKEN = "@line"
_CSV = {"escape": '"', "ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"}
_WIDENED = frozenset({"tinyint", "smallint", "int", "float"})


@dataclass(frozen=True)
class SparkPlace:
    """A table by its name, or a folder (or file) by its address."""

    kind: Literal["table", "parquet", "csv"]
    name: str

    @property
    def shown(self) -> str:
        return f"{_TABLE}{self.name}" if self.kind == "table" else self.name

    def beside(self, what: str) -> SparkPlace:
        """A table beside this one, or a folder in this one."""
        return (
            SparkPlace("table", f"{self.name}__{what}")
            if self.kind == "table"
            else SparkPlace("parquet", f"{self.name}/{what}")
        )


def spark_place(address: str, error: type[SanitizerError]) -> SparkPlace:
    """What an address means to Spark: ``table:schema.name``; else a folder, of CSV where its name or ``?format=`` says so.

    Raises:
        error: it says neither.
    """
    if address.startswith(_TABLE):
        return SparkPlace("table", address.removeprefix(_TABLE))
    path, _, query = address.partition("?")
    said = dict(each.partition("=")[::2] for each in query.split("&") if each)
    plain = path.rstrip("/").lower().removesuffix(".gz")
    kind = said.pop("format", "csv" if plain.endswith((".csv", ".tsv", ".txt")) else "parquet")
    if kind not in ("parquet", "csv") or said or not path:
        raise error(
            f"Spark reads and writes no {address!r}",
            hint="Name a table (table:schema.name), or a folder of Parquet or CSV (?format=csv where the name does not say so).",
        )
    return SparkPlace("csv" if kind == "csv" else "parquet", path.rstrip("/"))


def open_place(engine: SparkEngine, place: SparkPlace, options: ReadOptions) -> Opened:
    """A table or folder, ready to be read by the engine.

    Raises:
        SourceError: Spark cannot find or read it.
    """
    from pyspark.errors import PySparkException

    try:
        rows = _rows(engine, place, options)
        lines = _part_lines(engine, rows) if place.kind == "csv" else None
        rows = rows.drop(_BROKEN) if lines is None else engine.session.table("`source.whole`")
        schema = schema_of(rows)
    except PySparkException as error:
        raise SourceError(
            f"Spark cannot read it: {str(error).strip().splitlines()[0]}", where=Where(file=place.shown)
        ) from None
    _refuse_alike(schema, place)
    engine.view("source.rows", rows)
    items = [named(_widened(each.name, each.type), each.name) for each in schema]
    engine.create(Relation(SOURCE, exp.select(*items).from_(exp.to_identifier("source.rows", quoted=True))))
    facts = {"format": place.kind}
    return Opened(place.shown, SOURCE, schema, place.kind == "csv", facts, (), None, lines, lambda: None)


def _widened(name: str, kind: Any) -> exp.Expr:
    return cast_to(column(name), kind) if kind.native in _WIDENED else column(name)


def _refuse_alike(schema: Schema, place: SparkPlace) -> None:
    twice = [name for name in schema.names if schema.names.count(name) > 1]
    if twice:
        raise SourceError(f"two columns are called {twice[0]!r}", where=Where(file=place.shown))


def _rows(engine: SparkEngine, place: SparkPlace, options: ReadOptions) -> DataFrame:
    if place.kind != "csv":
        return rows_at(engine, place)
    # The text of a line that has too many fields, or too few, is told only where Spark reads all of them.
    engine.session.conf.set("spark.sql.csv.parser.columnPruning.enabled", "false")
    read = {**_CSV, "header": "false" if options.header is False else "true", "multiLine": "true"}
    tab = place.name.lower().removesuffix(".gz").endswith(".tsv")
    read |= {"sep": options.delimiter or ("\t" if tab else ","), "encoding": options.encoding or "UTF-8"}
    read |= {"quote": options.quote} if options.quote is not None else {}
    reader = engine.session.read.options(**read)
    names = reader.csv(place.name).schema.names
    if options.strict:
        return (
            reader.schema(", ".join(f"{_quoted(each)} STRING" for each in names))
            .option("mode", "FAILFAST")
            .csv(place.name)
        )
    told = ", ".join(f"{_quoted(each)} STRING" for each in [*names, _BROKEN])
    return reader.schema(told).option("columnNameOfCorruptRecord", _BROKEN).csv(place.name)


def _part_lines(engine: SparkEngine, rows: DataFrame) -> str | None:
    """Views of the whole lines, and of those with another number of fields than the header."""
    if _BROKEN not in rows.columns:
        return None
    # Spark answers no question about the broken lines alone while they stand in the file; and so it is parsed once.
    engine.view("source.file", rows)
    engine.create(Relation("source.read", exp.select("*").from_(exp.to_identifier("source.file", quoted=True)), True))
    read, names = exp.to_identifier("source.read", quoted=True), [each for each in rows.columns if each != _BROKEN]
    broken = exp.Is(this=column(_BROKEN), expression=exp.Null())
    whole = exp.select(*(column(each) for each in names)).from_(read).where(broken)
    engine.create(Relation("source.whole", whole))
    reason = exp.Literal.string("it has another number of fields than the header")
    items = [named(exp.cast(exp.Null(), "BIGINT"), "line"), named(column(_BROKEN), "text"), named(reason, "reason")]
    engine.create(Relation(LINES, exp.select(*items).from_(read.copy()).where(exp.Not(this=broken.copy()))))
    return LINES


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(DIALECT)


def write_place(
    engine: SparkEngine, query: exp.Query, place: SparkPlace, natives: Mapping[str, str] | None = None
) -> None:
    """Writes the rows of a query to a table or folder, in place of what is there.

    A folder is written beside and renamed, where Spark lets its file system be asked to: through Spark Connect it does not.

    Args:
        natives: types by column that are others than the query's.

    Raises:
        SinkError: Spark cannot write there.
    """
    from pyspark.errors import PySparkException

    rows = engine.run(query)
    for name, native in (natives or {}).items():
        rows = rows.withColumn(name, rows[_quoted(name)].cast(native)) if native in _WIDENED else rows
    try:
        if place.kind == "table":
            rows.write.mode("overwrite").saveAsTable(place.name)
        elif place.kind == "csv":
            _replaced(
                engine,
                place.name,
                lambda path: _texts(engine, rows).write.mode("overwrite").csv(path, header=True, **_CSV),
            )
        else:
            _replaced(engine, place.name, lambda path: rows.write.mode("overwrite").parquet(path))
    except PySparkException as error:
        raise SinkError(
            f"Spark cannot write it: {str(error).strip().splitlines()[0]}", where=Where(file=place.shown)
        ) from None


def rows_at(engine: SparkEngine, place: SparkPlace) -> DataFrame:
    """The rows of a table, or of a folder of Parquet."""
    return engine.session.table(place.name) if place.kind == "table" else engine.session.read.parquet(place.name)


def _texts(engine: SparkEngine, rows: DataFrame) -> DataFrame:
    """The rows as the texts that this project writes; Spark's own of floats and instants are others."""
    engine.view("out.typed", rows)
    items = [named(lower(canonical_text(column(each.name), each.type), DIALECT), each.name) for each in schema_of(rows)]
    return engine.run(exp.select(*items).from_(exp.to_identifier("out.typed", quoted=True)))


def _replaced(engine: SparkEngine, path: str, write: Any) -> None:
    files = files_of(engine, path)
    if files is None:
        write(path)
        return
    staged = beside(path, "writing")
    write(staged)
    files.rename(staged, path)


def beside(path: str, word: str) -> str:
    """A name beside a folder, for what is not finished or not wanted any more."""
    return f"{path}.{word}-{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True)
class Files:
    """The file system of a path, as Hadoop has it."""

    system: Any
    kind: Any

    def path(self, text: str) -> Any:
        return self.kind(text)

    def rename(self, staged: str, path: str) -> None:
        """Gives a written folder its final name; what had it is deleted after.

        Raises:
            SinkError: the file system does not do it.
        """
        target, away = self.path(path), self.path(beside(path, "old"))
        if self.system.exists(target):
            self.system.rename(target, away)
        if not self.system.rename(self.path(staged), target):
            raise SinkError(f"{staged} cannot be renamed", where=Where(file=path))
        self.system.delete(away, True)

    def write(self, path: str, text: str) -> None:
        """A file with a text."""
        stream = self.system.create(self.path(path), True)
        stream.write(bytearray(text.encode()))
        stream.close()


def files_of(engine: SparkEngine, path: str) -> Files | None:
    """How to rename and delete at a place; ``None`` through Spark Connect, which has no words for it."""
    jvm = getattr(engine.session, "_jvm", None) if hasattr(engine.session, "_jsparkSession") else None
    if jvm is None:
        return None
    kind = jvm.org.apache.hadoop.fs.Path
    configuration = engine.session._jsparkSession.sessionState().newHadoopConf()
    return Files(kind(path).getFileSystem(configuration), kind)
