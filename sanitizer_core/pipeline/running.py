"""A run from its source to its folder of artifacts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import SourceError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.checking import check_output, contract_of, publishes
from sanitizer_core.pipeline.choosing import on_spark, one_database
from sanitizer_core.pipeline.in_database import Asked, run_in_database
from sanitizer_core.pipeline.meanwhile import meanwhile
from sanitizer_core.pipeline.on_spark import OnSpark, run_on_spark
from sanitizer_core.pipeline.places import STDOUT, Places, places
from sanitizer_core.pipeline.reading import Reading, stored_size
from sanitizer_core.pipeline.recording import record_of
from sanitizer_core.pipeline.reporting import columns_seen, report_of
from sanitizer_core.pipeline.scoring import scores
from sanitizer_core.pipeline.session import Clock, Session
from sanitizer_core.pipeline.settle import clean_opened
from sanitizer_core.pipeline.watch import Watch
from sanitizer_core.pipeline.writing import keep_clean_copy, prepare_output, read_log, write_artifacts, write_output
from sanitizer_core.recipe import Audit, Recipe
from sanitizer_core.record import RunRecord
from sanitizer_core.report import Profiles
from sanitizer_core.sinks import WriteOptions, artifact_folder
from sanitizer_core.sources import open_source

if TYPE_CHECKING:
    from sanitizer_core.contract import Contract


@dataclass(frozen=True)
class RunResult:
    """What a run came to.

    Args:
        record: everything that was written down.
        output: where the clean table is; ``None`` when the contract held it back.
        folder: where the artifacts are; ``None`` when none were asked for.
    """

    record: RunRecord
    output: str | None
    folder: str | None


def run(
    source: Any,
    recipe: Recipe | FittedRecipe | str | Path,
    output: str | Path | None = None,
    *,
    artifacts: str | Path | None = None,
    contract: Contract | str | Path | None = None,
    audit: Audit | None = None,
    strict: bool = False,
    write: WriteOptions | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    engine: str | None = None,
    master: str | None = None,
    remote: str | None = None,
    watch: Watch | None = None,
    run_id: str | None = None,
    source_name: str | None = None,
    parent: str | None = None,
) -> RunResult:
    """Cleans a source by a recipe, explains every change, and holds the result against the contract.

    Args:
        source: a path, an address, ``-``, or a pandas, Polars or Arrow table or DuckDB relation.
        recipe: a recipe, a fitted one, or the file of one.
        output: where the clean table goes; a folder, a file by its ending, ``-``, or a DuckDB table.
        artifacts: the folder of what explains the run and undoes it; else ``NAME.run`` beside the output.
        contract: instead of the recipe's own.
        audit: instead of the recipe's own.
        strict: fail at the first row that cannot be read, instead of rejecting it.
        engine: ``duckdb``, ``postgres`` or ``spark``; else PostgreSQL where source and output are tables of one database.
        master: of a Spark that is started for the run, such as ``local[2]``; Spark is the engine then.
        remote: the address of a Spark Connect server, such as ``sc://host:15002``; as with ``master``.
        watch: where the run writes down how far it is, for another thread to read.
        run_id: a UUID, instead of a new one.
        source_name: what record and report call the source instead of its address, on DuckDB.
        parent: the run whose output this one goes on with, by its id.

    Raises:
        SanitizerError: the run could not be carried out; nothing is left under a final name then.
    """
    plain, fitted = _recipe_of(recipe)
    plain = _adjusted(plain, audit, strict)
    agreed = contract_of(plain, contract)
    clock = Clock(watch or Watch(), run_id or str(uuid.uuid4()), parent)
    if on_spark(source, str(output) if output is not None else None, engine, (master, remote)):
        folder = str(artifacts) if artifacts is not None else None
        job = OnSpark(source, str(output), folder, plain, fitted, agreed, master, remote)
        record = run_on_spark(job, clock)
        kept = job.artifacts.name if job.artifacts.kind != "table" else None
        return RunResult(record, record.artifacts.get("output"), kept)
    where = places(str(output) if output is not None else None, str(artifacts) if artifacts is not None else None)
    inside = one_database(source, where.output, engine)
    if inside is not None:
        asked = Asked(*inside, plain, fitted, agreed, where.folder)
        record, written = run_in_database(asked, clock)
        return RunResult(record, inside[1].shown if written else None, where.folder)
    with DuckDBEngine.open(memory_limit=memory_limit, threads=threads) as duckdb:
        clock.watch.percent, clock.watch.rows = duckdb.percent, lambda: duckdb.rows
        reading = _open(duckdb, source, plain, clock)
        try:
            session = _clean(duckdb, reading, plain, fitted, agreed, clock)
            session.opened = replace(session.opened, address=source_name or session.opened.address)
            _check(session)
            prepare_output(session)
            record = _written(session, where, write or WriteOptions())
        finally:
            reading.opened.close()
    shown = where.shown or (f"{where.folder}/clean.parquet" if where.folder else None)
    return RunResult(record, shown if publishes(session.verdict) else None, where.folder)


def _recipe_of(given: Recipe | FittedRecipe | str | Path) -> tuple[Recipe, FittedRecipe | None]:
    if isinstance(given, Recipe):
        return given, None
    if isinstance(given, FittedRecipe):
        return given.source, given
    if FittedRecipe.is_one(given):
        fitted = FittedRecipe.load(given)
        return fitted.source, fitted
    return Recipe.load(given), None


def _adjusted(recipe: Recipe, audit: Audit | None, strict: bool) -> Recipe:
    """The recipe with what the call says in place of what it says itself."""
    changes: dict[str, Any] = {}
    if audit is not None:
        changes["audit"] = audit
        changes["steps"] = tuple(step.model_copy(update={"audit": None}) for step in recipe.steps)
    if strict:
        changes["input"] = recipe.input.model_copy(update={"strict": True})
    return recipe.model_copy(update=changes)


def _open(engine: DuckDBEngine, source: Any, recipe: Recipe, clock: Clock) -> Reading:
    with clock.phase("open"):
        opened = open_source(source, engine.connection, recipe.input.reading(), scratch=engine.scratch)
        if not opened.schema.columns:
            opened.close()
            raise SourceError(f"{opened.address} has no columns")
        engine.make_room(stored_size(opened))
        return Reading(opened)


def _clean(
    engine: DuckDBEngine,
    reading: Reading,
    recipe: Recipe,
    fitted: FittedRecipe | None,
    contract: Contract | None,
    clock: Clock,
) -> Session:
    with clock.phase("clean"):
        cleaned, types = clean_opened(engine, reading, recipe, fitted, clock.watch.begin)
    return Session(engine, recipe, clock.run_id, clock, reading.opened, cleaned, types, contract)


def _check(session: Session) -> None:
    if session.contract is not None:
        with session.clock.phase("check"):
            session.verdict = check_output(session.engine, session.cleaned.chain, session.contract)


def _scored(session: Session) -> dict[str, Any]:
    with session.clock.timed("score"):
        return scores(session)


def _scored_and_seen(session: Session, engine: DuckDBEngine) -> tuple[dict[str, Any], Profiles]:
    """The scores and what the report shows of each column, by a connection of its own."""
    session = replace(session, engine=engine)
    return _scored(session), columns_seen(session)


def _written(session: Session, where: Places, options: WriteOptions) -> RunRecord:
    """Writes the table and the artifacts; nothing has its final name before everything is there."""
    if where.folder is None:
        session.clock.watch.begin("score")
        session.score = _scored(session)
        record = record_of(session, {}, logged=False)
        if where.output is not None and publishes(session.verdict):
            with session.clock.phase("write"):
                write_output(session, where.output, options)
        return record
    with artifact_folder(where.folder) as staging:
        with session.clock.phase("audit"), meanwhile(session.duckdb, partial(_scored_and_seen, session)) as looked_at:
            written = write_artifacts(session, staging)
        session.score, seen = looked_at.result()
        with session.clock.phase("write"):
            _write_clean(session, where, staging, options)
        addresses = _addresses(where, written, publishes(session.verdict))
        record = record_of(session, addresses, logged=read_log(session, staging / "changes.parquet"))
        with session.clock.phase("report"):
            (staging / "report.html").write_text(report_of(session, record, seen, staging), encoding="utf-8")
        record = record.model_copy(update={"timings": session.clock.timings, "seconds": session.clock.seconds})
        (staging / "run.json").write_text(record.model_dump_json(indent=2, by_alias=True) + "\n", encoding="utf-8")
    return record


def _addresses(where: Places, written: Iterable[str], published: bool) -> dict[str, str]:
    """Where each artifact is once the folder has its final name."""
    folder = str(where.folder).rstrip("/")
    named = {name: f"{folder}/{name}.parquet" for name in (*written, "clean")}
    named |= {
        name: f"{folder}/{file}"
        for name, file in (("fitted", "fitted.json"), ("run", "run.json"), ("report", "report.html"))
    }
    if where.output not in (None, STDOUT) and published:
        named["output"] = where.shown or ""
    return named


def _write_clean(session: Session, where: Places, staging: Path, options: WriteOptions) -> None:
    """The clean table at its place and among the artifacts; one that the contract holds back only there."""
    if where.output is None or not publishes(session.verdict):
        write_output(session, str(staging / "clean.parquet"), WriteOptions())
        return
    written = write_output(session, where.output, options)
    if written.format == "parquet" and Path(where.output).is_file():
        keep_clean_copy(where.output, staging)
    else:
        write_output(session, str(staging / "clean.parquet"), WriteOptions())
