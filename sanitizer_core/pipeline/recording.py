"""Writing down what a run came to."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from sqlglot import exp

from sanitizer_core.engines.protocol import Engine
from sanitizer_core.pipeline.checking import status_after
from sanitizer_core.pipeline.describe import (
    Changed,
    column_records,
    count_changes,
    count_gone,
    input_columns,
    step_records,
)
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.writing import KEPT, LOG
from sanitizer_core.record import RecipeName, RowCounts, RunRecord, Status
from sanitizer_core.sql import column, literal

VERSIONS = ("sanitizer-core", "duckdb", "sqlglot")


def record_of(session: Session, artifacts: dict[str, str], *, logged: bool) -> RunRecord:
    """The record of a run whose files are written.

    Args:
        artifacts: their addresses by name.
        logged: whether a change log was kept, which the relation ``LOG`` reads.
    """
    engine, cleaned, opened, recipe = session.engine, session.cleaned, session.opened, session.recipe
    changes = count_changes(engine, cleaned.chain, LOG if logged else None, session.verdict)
    gone = count_gone(engine, cleaned.chain)
    return RunRecord(
        run_id=session.run_id,
        parent=session.clock.parent,
        status=_status(session),
        started=session.clock.started,
        seconds=session.clock.seconds,
        recipe=RecipeName(name=recipe.name, version=recipe.version, digest=recipe.digest()),
        source={"address": opened.address, "facts": dict(opened.facts), "size": opened.size, "is_text": opened.is_text},
        engine=engine.dialect,
        versions={name: version(name) for name in VERSIONS} | {"python": platform.python_version()},
        rows=_rows(session, gone),
        cells_changed=_cells_changed(session, changes),
        steps=step_records(recipe, cleaned, changes.entries, gone),
        input_columns=input_columns(cleaned.chain.table, cleaned.schema),
        columns=column_records(cleaned.chain.table),
        sorted=bool(cleaned.chain.order),
        score=session.score,
        contract=session.verdict.to_json() if session.verdict is not None else None,
        quality_gate=_gate(session),
        notes=session.notes,
        timings=session.clock.timings,
        artifacts=artifacts,
    )


def _rows(session: Session, gone: Mapping[tuple[int, bool], int]) -> RowCounts:
    lines = session.count(session.opened.rejected_view) if session.opened.rejected_view else 0
    out = session.count(KEPT)
    removed = sum(count for (_, rejected), count in gone.items() if not rejected)
    total = session.cleaned.rows + lines
    return RowCounts(in_=total, out=out, removed=removed, rejected=total - out - removed)


def _cells_changed(session: Session, changes: Changed) -> int | None:
    """Cells, not entries: a cell that three steps changed counts once; ``None`` where no step was to be counted."""
    if session.recipe.keeps_no_log:
        return None
    counted = session.cells | changes.cells
    entries: dict[str, list[int]] = {}
    for (_, name), count in changes.entries.items():
        entries.setdefault(name, []).append(count)
    several = [name for name, counts in entries.items() if len(counts) > 1 and name not in counted]
    once = sum(counted.get(name, sum(counts)) for name, counts in entries.items() if name not in several)
    return once + (_distinct_cells(session.engine, several) if several else 0)


def _distinct_cells(engine: Engine, columns: Sequence[str]) -> int:
    among = exp.In(this=column("column"), expressions=[literal(name) for name in columns])
    cells = exp.select(column("row"), column("column")).from_(exp.to_identifier(LOG, quoted=True)).where(among)
    counted = exp.select(exp.Count(this=exp.Star())).from_(cells.distinct().subquery("cells"))
    return int(engine.fetch(counted)[0][0])


def _gate(session: Session) -> dict[str, Any] | None:
    minimum = session.recipe.quality.minimum
    if minimum is None or not session.score:
        return None
    overall = session.score["after"]["overall"]
    return {"minimum": minimum, "overall": overall, "passed": overall >= minimum}


def _status(session: Session) -> Status:
    gate = _gate(session)
    if gate is not None and not gate["passed"]:
        return "failed"
    status = status_after(session.verdict)
    lines = session.opened.rejected_view and session.count(session.opened.rejected_view)
    return "warned" if status == "passed" and lines else status
