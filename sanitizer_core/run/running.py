"""A run from its source to its folder of artifacts."""

from __future__ import annotations

import datetime as dt
import platform
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from sanitizer_core.compile import Relation
from sanitizer_core.contract import Contract
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import SourceError
from sanitizer_core.fit import FittedRecipe
from sanitizer_core.run.scoring import scores
from sanitizer_core.recipe import Audit, Recipe
from sanitizer_core.run.reporting import report_of
from sanitizer_core.run.checking import check_output, contract_of, publishes, status_after
from sanitizer_core.run.describe import column_records, count_changes, count_gone, input_columns, step_records
from sanitizer_core.run.places import STDOUT, Places, places
from sanitizer_core.record import RecipeName, RowCounts, RunRecord, Status
from sanitizer_core.run.session import OnPhase, Session, quiet
from sanitizer_core.run.settle import clean_opened
from sanitizer_core.run.writing import KEPT, LOG, keep_clean_copy, prepare_output, write_artifacts, write_output
from sanitizer_core.sinks import WriteOptions, artifact_folder
from sanitizer_core.sources import open_source
from sanitizer_core.sql import column


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
    on_phase: OnPhase = quiet,
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

    Raises:
        SanitizerError: the run could not be carried out; nothing is left under a final name then.
    """
    plain, fitted = _recipe_of(recipe)
    plain = _adjusted(plain, audit, strict)
    where = places(str(output) if output is not None else None, str(artifacts) if artifacts is not None else None)
    agreed = contract_of(plain, contract)
    began = time.perf_counter()
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with DuckDBEngine.open(memory_limit=memory_limit, threads=threads) as engine:
        session = Session(engine, plain, str(uuid.uuid4()), agreed, fitted, on_phase)
        for work in (_open, _clean, _check, _score):
            work(session, source)
        record = _written(session, where, write or WriteOptions(), lambda: (started, time.perf_counter() - began))
        assert session.opened is not None
        session.opened.close()
    shown = where.output or (f"{where.folder}/clean.parquet" if where.folder else None)
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


def _open(session: Session, source: Any) -> None:
    with session.phase("open"):
        options = session.recipe.input.reading()
        session.opened = open_source(source, session.engine.connection, options, scratch=session.engine.scratch)
        if not session.opened.schema.columns:
            raise SourceError(f"{session.opened.address} has no columns")
        session.notes += session.opened.notes


def _clean(session: Session, source: Any) -> None:
    assert session.opened is not None
    with session.phase("clean"):
        session.cleaned, session.types = clean_opened(
            session.engine, session.opened, session.recipe, session.fitted, session.on_phase
        )
        session.notes += session.cleaned.notes


def _check(session: Session, source: Any) -> None:
    assert session.cleaned is not None
    if session.contract is not None:
        with session.phase("check"):
            session.verdict = check_output(session.engine, session.cleaned.chain, session.contract)
    prepare_output(session)


def _score(session: Session, source: Any) -> None:
    with session.phase("score"):
        session.score = scores(session)


def _written(session: Session, where: Places, options: WriteOptions, clock: Callable[[], tuple[str, float]]) -> RunRecord:
    """Writes the table and the artifacts; nothing has its final name before everything is there."""
    if where.folder is None:
        record = _record(session, clock, {}, None)
        if where.output is not None and publishes(session.verdict):
            with session.phase("write"):
                write_output(session, where.output, options)
        return record
    with artifact_folder(where.folder) as staging:
        with session.phase("audit"):
            written = write_artifacts(session, staging)
        with session.phase("write"):
            _write_clean(session, where, staging, options)
        named = {name: f"{where.folder.rstrip('/')}/{name}.parquet" for name in (*written, "clean")}
        named |= {name: f"{where.folder.rstrip('/')}/{name}.{kind}" for name, kind in (("fitted", "json"), ("run", "json"), ("report", "html"))}
        if where.output not in (None, STDOUT) and publishes(session.verdict):
            named["output"] = str(where.output)
        log = staging / "changes.parquet"
        record = _record(session, clock, named, log if log.exists() else None)
        with session.phase("report"):
            (staging / "report.html").write_text(report_of(session, record, staging), encoding="utf-8")
        record = record.model_copy(update={"timings": session.timings, "seconds": round(clock()[1], 3)})
        (staging / "run.json").write_text(record.model_dump_json(indent=2, by_alias=True) + "\n", encoding="utf-8")
    return record


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


def _record(session: Session, clock: Callable[[], tuple[str, float]], artifacts: dict[str, str], log: Path | None) -> RunRecord:
    engine, cleaned, opened, recipe = session.engine, session.cleaned, session.opened, session.recipe
    assert cleaned is not None and opened is not None
    if log is not None:
        reads = exp.select("*").from_(exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(log))]))
        engine.create(Relation(LOG, reads))
    changes = count_changes(engine, cleaned.chain, LOG if log is not None else None)
    gone = count_gone(engine, cleaned.chain)
    started, seconds = clock()
    return RunRecord(
        run_id=session.run_id,
        status=_status(session),
        started=started,
        seconds=round(seconds, 3),
        recipe=RecipeName(name=recipe.name, version=recipe.version, digest=recipe.digest()),
        source={"address": opened.address, "facts": dict(opened.facts), "size": opened.size, "is_text": opened.is_text},
        engine=engine.dialect,
        versions={"sanitizer-core": version("sanitizer-core"), "duckdb": duckdb.__version__, "sqlglot": sqlglot.__version__,
                  "python": platform.python_version()},
        rows=_rows(session, gone),
        cells_changed=_cells_changed(session, log is not None, changes),
        steps=step_records(recipe, cleaned, changes, gone),
        input_columns=input_columns(cleaned),
        columns=column_records(cleaned.chain),
        sorted=bool(cleaned.chain.order),
        score=session.score,
        contract=session.verdict.to_json() if session.verdict is not None else None,
        quality_gate=_gate(session),
        notes=tuple(session.notes),
        timings=session.timings,
        artifacts=artifacts,
    )  # fmt: skip


def _count(engine: DuckDBEngine, relation: str) -> int:
    query = exp.select(exp.Count(this=exp.Star())).from_(exp.to_identifier(relation, quoted=True))
    return int(engine.fetch(query)[0][0])


def _rows(session: Session, gone: dict[tuple[int, bool], int]) -> RowCounts:
    assert session.opened is not None and session.cleaned is not None
    lines = _count(session.engine, session.opened.rejected_view) if session.opened.rejected_view else 0
    out = _count(session.engine, KEPT)
    removed = sum(count for (_, rejected), count in gone.items() if not rejected)
    total = session.cleaned.rows + lines
    return RowCounts(in_=total, out=out, removed=removed, rejected=total - out - removed)


def _cells_changed(session: Session, logged: bool, changes: dict[tuple[int, str], int]) -> int:
    """Cells, not entries: a cell that three steps changed counts once."""
    if not logged:
        return sum(changes.values())
    cells = exp.select(column("row"), column("column")).from_(exp.to_identifier(LOG, quoted=True)).distinct()
    several = {name for step, name in changes if sum(1 for other, same in changes if same == name) > 1}
    if not several:
        return sum(changes.values())
    return int(session.engine.fetch(exp.select(exp.Count(this=exp.Star())).from_(cells.subquery("cells")))[0][0])


def _gate(session: Session) -> dict[str, Any] | None:
    minimum = session.recipe.quality.minimum
    if minimum is None:
        return None
    overall = session.score["after"]["overall"]
    return {"minimum": minimum, "overall": overall, "passed": overall >= minimum}


def _status(session: Session) -> Status:
    gate = _gate(session)
    if gate is not None and not gate["passed"]:
        return "failed"
    status = status_after(session.verdict)
    lines = session.opened is not None and session.opened.rejected_view and _count(session.engine, session.opened.rejected_view)
    return "warned" if status == "passed" and lines else status


