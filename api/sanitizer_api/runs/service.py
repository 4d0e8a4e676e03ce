"""Taking in what was run."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.lineage.own import take_in_run
from sanitizer_api.problems import ApiError, ConflictError
from sanitizer_api.runs import repository
from sanitizer_api.runs.anomalies import TABLE, about, mark
from sanitizer_api.runs.models import Run, RunScore
from sanitizer_api.webhooks.outbox import Event, tell
from sanitizer_core.record import RunRecord

MOST_CHECKS = 100
"""Failed checks of a contract that a webhook is told of."""
DIMENSIONS = ("overall", "completeness", "uniqueness", "consistency", "integrity")


async def report(
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
    """
    run = _run_of(record, caller)
    run.files_key, run.files = files_key, files
    there = await repository.run(session, run.id)
    if there is None:
        there = await _added(session, run, record)
    if there is run:
        await take_in_run(session, caller.organisation, record)
        await note(session, caller.organisation, caller.user, "report-run", f"run:{run.id}", recipe=run.recipe_name)
        await _told(session, run, record)
        return run, True
    if there.record_digest != run.record_digest:
        raise ConflictError(f"run {run.id} was reported before, and was another", hint="A run has an id of its own.")
    return there, False


async def _told(session: AsyncSession, run: Run, record: RunRecord) -> None:
    """Has it told that the run's gate failed, and that a score changed suddenly."""
    gate = record.quality_gate
    if run.status == "failed":
        failed = [each["id"] for each in (record.contract or {}).get("checks", ()) if not each.get("passed", True)]
        await tell(session, Event.GATE_FAILED, about(run) | {"gate": gate, "failed_checks": failed[:MOST_CHECKS]})
    await mark(session, run)


async def _added(session: AsyncSession, run: Run, record: RunRecord) -> Run:
    """The run once it is kept; the one of another report when that came first."""
    try:
        async with session.begin_nested():
            session.add(run)
            await session.flush()
            session.add_all(_scores(record, run.id))
            await session.flush()
    except IntegrityError:
        there = await repository.run(session, run.id)
        assert there is not None, "the run that stands in the way"
        return there
    return run


def _run_of(record: RunRecord, caller: Caller) -> Run:
    content = record.model_dump(mode="json", by_alias=True)
    return Run(
        id=_id(record.run_id),
        started_at=_moment(record.started),
        seconds=record.seconds,
        status=record.status,
        dataset=str(record.source.get("address", "")),
        engine=record.engine,
        recipe_name=record.recipe.name,
        recipe_version=record.recipe.version,
        recipe_digest=record.recipe.digest,
        contract_name=_contract(record),
        rows_in=record.rows.in_,
        rows_out=record.rows.out,
        rows_removed=record.rows.removed,
        rows_rejected=record.rows.rejected,
        cells_changed=record.cells_changed,
        score_before=_overall(record, "before"),
        score_after=_overall(record, "after"),
        record=content,
        record_digest=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
        reported_by=caller.user,
        parent=_id(record.parent) if record.parent is not None else None,
    )


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ApiError(f"the id of a run has to be a UUID, but is {text!r}") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(f"started has to be a moment (ISO 8601), but is {text!r}") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _contract(record: RunRecord) -> str | None:
    name = (record.contract or {}).get("contract") or (record.contract or {}).get("name")
    return str(name) if name is not None else None


def _overall(record: RunRecord, moment: str) -> float | None:
    value = record.score.get(moment, {}).get("overall")
    return float(value) if value is not None else None


def _scores(record: RunRecord, run_id: uuid.UUID) -> Iterator[RunScore]:
    for moment, score in record.score.items():
        for column, values in {TABLE: score, **score.get("columns", {})}.items():
            for dimension, value in _numbers(values):
                yield RunScore(run_id=run_id, moment=moment, dimension=dimension, column=column, value=value)


def _numbers(values: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for dimension in DIMENSIONS:
        value = values.get(dimension)
        if isinstance(value, (int, float)):
            yield dimension, float(value)
