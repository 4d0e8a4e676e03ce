"""A run that Spark makes: its input and its output are tables or folders that Spark sees, and the rows stay there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from sanitizer_core.audit.rows import dropped_query, meta_names, rejected_query, removed_query
from sanitizer_core.compile import output_query
from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.engines.spark_places import (
    SparkPlace,
    beside,
    files_of,
    open_place,
    rows_at,
    spark_place,
    write_place,
)
from sanitizer_core.errors import SinkError, SourceError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.checking import BROKEN, check_output, publishes, quarantined
from sanitizer_core.pipeline.clean import BASE
from sanitizer_core.pipeline.reading import Reading
from sanitizer_core.pipeline.recording import record_of
from sanitizer_core.pipeline.reporting_on_spark import report_on_spark
from sanitizer_core.pipeline.scoring import scores
from sanitizer_core.pipeline.sealed_on_spark import sealed_rows
from sanitizer_core.pipeline.session import Clock, Session
from sanitizer_core.pipeline.settle import clean_opened, fitted_recipe
from sanitizer_core.pipeline.writing import KEPT, LOG, log_query, logs_cells, prepare_output
from sanitizer_core.plan import ROW, masked_columns
from sanitizer_core.recipe import Recipe
from sanitizer_core.record import RunRecord
from sanitizer_core.sql import column

if TYPE_CHECKING:
    from sanitizer_core.contract import Contract

TABLES = ("changes", "removed", "rejected", "dropped", "clean")
"""What is kept beside the output: folders of Parquet in the folder of the run, or tables such as ``customers__changes``."""


@dataclass(frozen=True)
class OnSpark:
    """What a run on Spark is asked to do.

    Args:
        source, output: ``table:schema.name``, or a folder (see ``spark_place``).
        folder: where the artifacts go; else beside the output.
        master, remote: which Spark (see ``spark_session``).
    """

    source: str
    output: str
    folder: str | None
    recipe: Recipe
    fitted: FittedRecipe | None
    contract: Contract | None
    master: str | None = None
    remote: str | None = None

    @property
    def artifacts(self) -> SparkPlace:
        """Whose ``beside`` are the artifacts."""
        if self.folder is not None:
            return SparkPlace("parquet", self.folder.rstrip("/"))
        target = spark_place(self.output, SinkError)
        if target.kind == "table":
            return target
        stem = target.name.removesuffix(".parquet").removesuffix(".csv")
        return SparkPlace("parquet", f"{stem}.run")


def run_on_spark(asked: OnSpark, clock: Clock) -> RunRecord:
    """Cleans a table or folder into another.

    Raises:
        SanitizerError: the run could not be carried out.
    """
    source, target = spark_place(asked.source, SourceError), spark_place(asked.output, SinkError)
    with SparkEngine.open(master=asked.master, remote=asked.remote) as engine:
        clock.watch.percent, clock.watch.rows = engine.percent, lambda: engine.rows
        with clock.phase("open"):
            reading = Reading(open_place(engine, source, asked.recipe.input.reading()))
        with clock.phase("clean"):
            cleaned, types = clean_opened(engine, reading, asked.recipe, asked.fitted, clock.watch.begin)
        session = Session(engine, asked.recipe, clock.run_id, clock, reading.opened, cleaned, types, asked.contract)
        if asked.contract is not None:
            with clock.phase("check"):
                session.verdict = check_output(engine, cleaned.chain, asked.contract, ordered=cleaned.chain.numbered)
        prepare_output(session)
        with clock.phase("score"):
            session.score = scores(session)
        return _Writing(session, engine, target, asked.artifacts).done()


@dataclass
class _Writing:
    """Writing the output and what explains it."""

    session: Session
    engine: SparkEngine
    target: SparkPlace
    artifacts: SparkPlace

    def done(self) -> RunRecord:
        """Writes everything; a folder of artifacts has its final name when all of it is there. Gives the record."""
        clock, logged = self.session.clock, logs_cells(self.session)
        files = files_of(self.engine, self.artifacts.name) if self.artifacts.kind != "table" else None
        staged = SparkPlace(self.artifacts.kind, beside(self.artifacts.name, "writing")) if files else self.artifacts
        with clock.phase("audit"):
            for what, query in self._queries(logged).items():
                write_place(self.engine, query, staged.beside(what))
            if logged:
                self.engine.view(LOG, rows_at(self.engine, staged.beside("changes")))
        if publishes(self.session.verdict):
            with clock.phase("write"):
                write_place(self.engine, self._output(), self.target, self._natives())
        record = self._record(logged, in_files=files is not None)
        with clock.phase("report"):
            page = report_on_spark(self.session, self.engine, record, staged, logged)
        record = record.model_copy(update={"timings": clock.timings, "seconds": clock.seconds})
        texts = {**self._texts(record), "report.html": page}
        if files is None:
            self._tell_in_a_table(texts, staged.beside("run"))
            return record
        for name, text in texts.items():
            files.write(f"{staged.name}/{name}", text)
        files.rename(staged.name, self.artifacts.name)
        return record

    def _texts(self, record: RunRecord) -> dict[str, str]:
        """The record and the fitted recipe, by the names of their files."""
        fitted = fitted_recipe(self.session.recipe, self.session.cleaned, self.session.types)
        return {
            "run.json": record.model_dump_json(indent=2, by_alias=True) + "\n",
            "fitted.json": fitted.model_dump_json(indent=2) + "\n",
        }

    def _tell_in_a_table(self, texts: Mapping[str, str], place: SparkPlace) -> None:
        """One row, with a column for each file that a folder would have: ``run``, ``fitted`` and ``report``."""
        told = ", ".join(f"{name.partition('.')[0]} string" for name in texts)
        self.engine.view("out.run", self.engine.session.createDataFrame([tuple(texts.values())], told))
        write_place(self.engine, _all_of("out.run"), place)

    def _queries(self, logged: bool) -> dict[str, exp.Query]:
        chain, schema = self.session.cleaned.chain, self.session.cleaned.schema
        lines = self.session.opened.rejected_view
        broken = BROKEN if quarantined(self.session.verdict) else None
        queries: dict[str, exp.Query | None] = {
            "changes": log_query(self.session) if logged else None,
            "removed": removed_query(chain, BASE, schema),
            "rejected": rejected_query(chain, BASE, schema, broken=broken, lines=lines),
            "dropped": dropped_query(chain, schema),
            "clean": self._numbered() if logged else None,
            "sealed": sealed_rows(self.session, self.engine),
        }
        return {what: query for what, query in queries.items() if query is not None}

    def _numbered(self) -> exp.Select:
        """The output with the number of each row in the input, which undoing has to know."""
        number = meta_names(self.session.cleaned.chain.table.schema)["_row"]
        slots = self.session.cleaned.chain.table.slots
        items = [exp.alias_(column(ROW), number, quoted=True), *(column(slot.name) for slot in slots)]
        return exp.select(*items).from_(exp.to_identifier(KEPT, quoted=True))

    def _output(self) -> exp.Query:
        """The clean table; in an order only where the recipe puts its rows in one."""
        chain = self.session.cleaned.chain
        if not chain.order:
            return exp.select(*(column(slot.name) for slot in chain.table.slots)).from_(
                exp.to_identifier(KEPT, quoted=True)
            )
        query = output_query(chain)
        if quarantined(self.session.verdict):
            away = exp.select(column(ROW)).from_(exp.to_identifier(BROKEN, quoted=True))
            query = query.where(exp.Not(this=exp.In(this=column(ROW), query=away.subquery())))
        return query

    def _natives(self) -> Mapping[str, str]:
        """The types that columns which no step touched had in the input."""
        chain, schema = self.session.cleaned.chain, self.session.cleaned.schema
        slots = [slot for slot in chain.table.slots if slot.source is not None and len(slot.versions) == 1]
        return {slot.name: schema[slot.source].type.native or "" for slot in slots if slot.source is not None}

    def _record(self, logged: bool, *, in_files: bool) -> RunRecord:
        masked = bool(masked_columns(self.session.cleaned.chain.table))
        kept = (*TABLES, "run", *(("sealed",) if masked else ()))
        names = {what: self.artifacts.beside(what).shown for what in kept}
        names["report"] = f"{self.artifacts.name}/report.html" if in_files else names["run"]
        names |= {"output": self.target.shown} if publishes(self.session.verdict) else {}
        return record_of(self.session, names, logged=logged)


def _all_of(relation: str) -> exp.Select:
    return exp.select("*").from_(exp.to_identifier(relation, quoted=True))
