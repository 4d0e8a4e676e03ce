"""A run whose input and output are tables of one PostgreSQL database; the rows stay there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlglot import exp

from sanitizer_core.audit.rows import dropped_query, meta_names, rejected_query, removed_query
from sanitizer_core.chain import Relation
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.engines.postgres_rows import load
from sanitizer_core.engines.postgres_table import open_table
from sanitizer_core.errors import CompileError, SinkError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.checking import BROKEN, check_output, publishes, quarantined
from sanitizer_core.pipeline.clean import BASE
from sanitizer_core.pipeline.exporting import export, report
from sanitizer_core.pipeline.reading import Reading
from sanitizer_core.pipeline.recording import record_of
from sanitizer_core.pipeline.scoring import scores
from sanitizer_core.pipeline.sealed_parts import seal_into, sealed_parts
from sanitizer_core.pipeline.session import Clock, Session
from sanitizer_core.pipeline.settle import clean_opened, fitted_recipe
from sanitizer_core.pipeline.writing import KEPT, LOG, log_query, logs_cells, prepare_output
from sanitizer_core.plan import ROW
from sanitizer_core.recipe import Recipe
from sanitizer_core.record import RunRecord
from sanitizer_core.sinks import artifact_folder
from sanitizer_core.sinks.postgres import Filling, prepare, publication
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.postgres import TableName, table_name
from sanitizer_core.sources.postgres.names import LONGEST
from sanitizer_core.sql import column
from sanitizer_core.sql.tree import native_type

if TYPE_CHECKING:
    from sanitizer_core.contract import Contract

BESIDE = ("changes", "removed", "rejected", "dropped", "clean", "sealed", "run")
"""What stands in tables beside the output, such as ``customers__changes``."""


@dataclass(frozen=True)
class Asked:
    """What a run in a database is asked to do.

    Args:
        folder: where what explains the run goes, as files; in tables beside the target when ``None``.
    """

    source: Address
    target: Address
    recipe: Recipe
    fitted: FittedRecipe | None
    contract: Contract | None
    folder: str | None = None


def run_in_database(asked: Asked, clock: Clock) -> tuple[RunRecord, bool]:
    """Cleans a table into another of the same database; says whether the output was written.

    Raises:
        SanitizerError: the run could not be carried out; every table is as it was.
    """
    with PostgresEngine.open(asked.source) as engine:
        watch = clock.watch
        watch.rows, watch.expected, watch.pace = lambda: engine.rows, lambda: engine.expected, lambda: engine.pace
        with clock.phase("open"):
            target = table_name(engine.connection, asked.target, SinkError)
            prepare(engine.connection, target, asked.target.shown, BESIDE)
            reading = Reading(open_table(engine, asked.source))
        with clock.phase("clean"):
            cleaned, types = clean_opened(engine, reading, asked.recipe, asked.fitted, clock.watch.begin)
        session = Session(engine, asked.recipe, clock.run_id, clock, reading.opened, cleaned, types, asked.contract)
        _refuse_long_names(session)
        if asked.contract is not None:
            with clock.phase("check"):
                ordered = bool(asked.recipe.input.order)
                session.verdict = check_output(engine, cleaned.chain, asked.contract, ordered=ordered)
        prepare_output(session)
        with clock.phase("score"):
            notes = _score(session)
        publishing = _Publishing(session, engine, target, asked.target.shown, notes)
        record = publishing.with_folder(asked.folder) if asked.folder is not None else publishing.beside()
        return record, publishes(session.verdict)


def _score(session: Session) -> list[str]:
    """Scores the table where the engine can say a score; else gives a note of it, unless one is asked for."""
    try:
        session.score = scores(session)
    except CompileError as error:
        if session.recipe.quality.minimum is not None:
            raise
        return [f"there are no scores: {error.message}"]
    return []


def _refuse_long_names(session: Session) -> None:
    for slot in session.cleaned.chain.table.slots:
        if len(slot.name.encode()) > LONGEST:
            raise CompileError(
                f"a column would be called {slot.name!r}, which is longer than the {LONGEST} bytes that PostgreSQL allows",
                hint="Rename it (rename_columns), or shorten what it is made from.",
            )


@dataclass
class _Publishing:
    """Writing the output and what explains it, in one transaction."""

    session: Session
    engine: PostgresEngine
    target: TableName
    shown: str
    notes: list[str] = field(default_factory=list)

    def beside(self) -> RunRecord:
        """Writes the output, and what explains it into tables beside it; gives the record."""
        clock, logged = self.session.clock, logs_cells(self.session)
        outputs = self._explaining(logged)
        outputs["clean"] = self._numbered() if logged else None
        sealed = self._sealed()
        with publication(self.engine.connection, self.target, self.shown) as fill:
            with clock.phase("write"):
                self._publish(fill)
            with clock.phase("audit"):
                for what in (*BESIDE[:-2], "sealed"):
                    self._fill(fill, self.target.beside(what), sealed if what == "sealed" else outputs.get(what), {})
            if logged:
                self.engine.create(Relation(LOG, exp.select("*").from_(self.target.beside("changes").tree)))
            kept = {what for what, query in outputs.items() if query is not None} | {"run"}
            record = self._record(logged, {what: str(self.target.beside(what)) for what in BESIDE if what in kept})
            if logged:
                self.engine.forget(LOG)
            self._fill(fill, self.target.beside("run"), self._run_query(record), {})
        return record

    def with_folder(self, folder: str) -> RunRecord:
        """Writes the output, and what explains it into the files of a folder; gives the record."""
        clock, logged = self.session.clock, logs_cells(self.session)
        outputs = self._explaining(logged)
        if logged:
            self.engine.create(Relation(LOG, outputs["changes"] or exp.select("*"), stored=True))
            outputs["changes"] = exp.select("*").from_(exp.to_identifier(LOG, quoted=True))
        names = [column(slot.name) for slot in self.session.cleaned.chain.table.slots]
        outputs["clean"] = exp.select(*names).from_(self._in_order())
        if self.session.cleaned.chain.order:
            outputs["order"] = exp.select(exp.alias_(column(ROW), "row")).from_(self._in_order())
        with artifact_folder(folder) as staging:
            with clock.phase("audit"):
                export(self.session, self.engine, outputs, staging)
                seal_into(self.session, self.engine, staging / "sealed.bin")
                self._fitted().dump(staging / "fitted.json")
            with publication(self.engine.connection, self.target, self.shown) as fill:
                with clock.phase("write"):
                    self._publish(fill)
                for what in BESIDE:
                    self._fill(fill, self.target.beside(what), None, {})
                place = folder.rstrip("/")
                files = {name: f"{place}/{name}.parquet" for name, query in outputs.items() if query is not None}
                files |= {
                    "fitted": f"{place}/fitted.json",
                    "run": f"{place}/run.json",
                    "report": f"{place}/report.html",
                }
                record = self._record(logged, files)
                with clock.phase("report"):
                    report(self.session, self.engine, record, staging)
                record = record.model_copy(update={"timings": clock.timings, "seconds": clock.seconds})
                written = record.model_dump_json(indent=2, by_alias=True) + "\n"
                (staging / "run.json").write_text(written, encoding="utf-8")
        return record

    def _publish(self, fill: Callable[[Filling], list[str]]) -> None:
        if publishes(self.session.verdict):
            self._fill(fill, self.target, *self._output())

    def _explaining(self, logged: bool) -> dict[str, exp.Query | None]:
        chain, schema = self.session.cleaned.chain, self.session.cleaned.schema
        broken = BROKEN if quarantined(self.session.verdict) else None
        return {
            "changes": log_query(self.session) if logged else None,
            "removed": removed_query(chain, BASE, schema),
            "rejected": rejected_query(chain, BASE, schema, broken=broken),
            "dropped": dropped_query(chain, schema),
        }

    def _numbered(self) -> exp.Select:
        """The output with the number of each row in the input, which undoing has to know."""
        slots = self.session.cleaned.chain.table.slots
        number = meta_names(self.session.cleaned.chain.table.schema)["_row"]
        items = [exp.alias_(column(ROW), number, quoted=True), *(column(slot.name) for slot in slots)]
        return exp.select(*items).from_(exp.to_identifier(KEPT, quoted=True))

    def _output(self) -> tuple[exp.Select, dict[str, str]]:
        """The output, and the types that columns which no step touched had in the input."""
        chain, schema = self.session.cleaned.chain, self.session.cleaned.schema
        names = [column(slot.name) for slot in chain.table.slots]
        source = self._in_order() if chain.order else exp.to_identifier(KEPT, quoted=True)
        untouched = [slot for slot in chain.table.slots if slot.source is not None and len(slot.versions) == 1]
        natives = {slot.name: schema[slot.source].type.native or "" for slot in untouched if slot.source is not None}
        return exp.select(*names).from_(source), {name: native for name, native in natives.items() if native}

    def _in_order(self) -> exp.Subquery:
        """The rows of the output with their numbers, in their order."""
        chain = self.session.cleaned.chain
        order = [exp.Ordered(this=column(name), desc=desc, nulls_first=False) for name, desc in chain.order]
        names = [exp.alias_(column(slot.now.name), slot.name, quoted=True) for slot in chain.table.slots]
        kept = exp.select(column(ROW)).from_(exp.to_identifier(KEPT, quoted=True))
        rows = chain.select(column(ROW), *names, where=exp.In(this=column(ROW), query=kept.subquery()))
        return rows.order_by(*order, column(ROW)).subquery("ordered")

    def _sealed(self) -> exp.Query | None:
        """What masking hid, as the parts of a sealed file."""
        with tempfile.TemporaryDirectory(prefix="sanitizer-") as folder:
            path = Path(folder) / "sealed.bin"
            if not seal_into(self.session, self.engine, path):
                return None
            load(self.engine, "sealed.parts", {"part": "INTEGER", "content": "BYTEA"}, sealed_parts(path))
        return exp.select("*").from_(exp.to_identifier("sealed.parts", quoted=True))

    def _fill(
        self,
        fill: Callable[[Filling], list[str]],
        table: TableName,
        query: exp.Query | None,
        natives: Mapping[str, str],
    ) -> None:
        if query is None:
            self.notes += fill(Filling(table))
            return
        view = f"out.{table.name}"
        self.engine.create(Relation(view, query))
        columns, outward = self.engine.outward(view, natives)
        self.notes += fill(Filling(table, columns, self.engine.sql(outward)))

    def _record(self, logged: bool, artifacts: dict[str, str]) -> RunRecord:
        if publishes(self.session.verdict):
            artifacts["output"] = self.shown
        record = record_of(self.session, artifacts, logged=logged)
        return record.model_copy(update={"notes": (*record.notes, *self.notes)})

    def _fitted(self) -> FittedRecipe:
        return fitted_recipe(self.session.recipe, self.session.cleaned, self.session.types)

    def _run_query(self, record: RunRecord) -> exp.Select:
        cells = {
            "run_id": ("TEXT", record.run_id),
            "record": ("JSONB", record.model_dump_json(by_alias=True)),
            "fitted": ("JSONB", self._fitted().model_dump_json()),
        }
        return exp.select(
            *(
                exp.alias_(exp.Cast(this=exp.Literal.string(text), to=native_type(kind)), name, quoted=True)
                for name, (kind, text) in cells.items()
            )
        )
