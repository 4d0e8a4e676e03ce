"""Taking in what was run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Float, Text, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.lineage.own import take_in_run
from sanitizer_api.problems import ConflictError
from sanitizer_api.runs import repository
from sanitizer_api.runs.anomalies import about, mark
from sanitizer_api.runs.models import Run, RunScore
from sanitizer_api.runs.reading import refuse_odd
from sanitizer_api.runs.recording import ScoreRow, run_row, score_rows
from sanitizer_api.webhooks.outbox import Event, tell
from sanitizer_core.record import RunRecord

MOST_CHECKS = 100
"""Failed checks of a contract that a webhook is told of."""


async def report(
    session: AsyncSession,
    caller: Caller,
    record: RunRecord,
    *,
    files_key: str | None = None,
    files: list[dict[str, Any]] | None = None,
) -> tuple[Run, bool]:
    """The run of a record, in the graph of lineage too, and whether it is new (see ``keep``)."""
    run, new = await keep(session, caller, record, files_key=files_key, files=files)
    if new:
        await take_in_run(session, caller.organisation, told_to_lineage(record, files_key))
    return run, new


async def keep(
    session: AsyncSession,
    caller: Caller,
    record: RunRecord,
    *,
    files_key: str | None = None,
    files: list[dict[str, Any]] | None = None,
) -> tuple[Run, bool]:
    """The run of a record, and whether it is new: reporting it twice is safe.

    Args:
        files_key: the folder of its files in the registry's store, when it wrote them there.
        files: the name, size and digest of each.

    Raises:
        ConflictError: a run of that id was reported, and was another.
        OddRecordError: what is read of the record is not as a run writes it.
    """
    refuse_odd(record)
    told = run_row(record) | {"reported_by": caller.user, "files_key": files_key, "files": files}
    row = {name: value for name, value in told.items() if value is not None}
    made = insert(Run).values(organisation_id=caller.organisation, **row).on_conflict_do_nothing().returning(Run)
    run = await session.scalar(made)
    if run is None:
        return await _there(session, row), False
    scores = list(score_rows(record))
    await _keep_scores(session, run, scores)
    await _told(session, run, record, scores)
    await note(session, caller.organisation, caller.user, "report-run", f"run:{run.id}", recipe=run.recipe_name)
    return run, True


async def _there(session: AsyncSession, row: dict[str, Any]) -> Run:
    there = await repository.run(session, row["id"])
    assert there is not None, "the run that stands in the way"
    if there.record_digest != row["record_digest"]:
        raise ConflictError(f"run {there.id} was reported before, and was another", hint="A run has an id of its own.")
    return there


async def _keep_scores(session: AsyncSession, run: Run, scores: Sequence[ScoreRow]) -> None:
    """In one statement, however many columns the table has."""
    texts = [
        func.unnest(bindparam(None, [getattr(each, name) for each in scores], type_=ARRAY(Text())))
        for name in ("moment", "dimension", "column")
    ]
    values = func.unnest(bindparam(None, [each.value for each in scores], type_=ARRAY(Float())))
    names = ["organisation_id", "run_id", "moment", "dimension", "column", "value"]
    rows = select(literal(run.organisation_id), literal(run.id), *texts, values)
    await session.execute(insert(RunScore).from_select(names, rows))


def told_to_lineage(record: RunRecord, files_key: str | None) -> RunRecord:
    """A run as lineage is told of it: where the registry keeps the output, it is called after dataset and recipe.

    Every such output has the same file name, and what has the same name is the same dataset in the graph.
    """
    if files_key is None or "output" in record.artifacts or "/" in record.artifacts.get("clean", "/"):
        return record
    name = f"{record.source.get('address')}/{record.recipe.name}/{record.artifacts['clean']}"
    return record.model_copy(update={"artifacts": record.artifacts | {"output": name}})


async def _told(session: AsyncSession, run: Run, record: RunRecord, scores: Sequence[ScoreRow]) -> None:
    """Has it told that the run's gate failed, and that a score changed suddenly."""
    gate = record.quality_gate
    if run.status == "failed":
        failed = [each["id"] for each in (record.contract or {}).get("checks", ()) if not each.get("passed", True)]
        await tell(session, Event.GATE_FAILED, about(run) | {"gate": gate, "failed_checks": failed[:MOST_CHECKS]})
    await mark(session, run, scores)
