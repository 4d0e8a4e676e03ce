"""Jobs whose worker died: procrastinate leaves their rows with it, so they are given to others here."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.db.scope import Scope
from sanitizer_api.queue import lines
from sanitizer_api.queue.failing import worker_lost
from sanitizer_api.queue.kinds import Parts
from sanitizer_api.queue.models import Job, JobState

_log = logging.getLogger("sanitizer.jobs")

_TAKEN_LONG_AGO = text(
    "SELECT id, args FROM queue.procrastinate_jobs AS job WHERE status = 'doing' AND queue_name = :queue"
    " AND NOT EXISTS (SELECT FROM queue.procrastinate_events"
    " WHERE job_id = job.id AND type = 'started' AND at > now() - make_interval(secs => :seconds))"
)
_CHORES_OF_THE_DEAD = text(
    "DELETE FROM queue.procrastinate_jobs AS job WHERE status = 'doing' AND queue_name = :queue"
    " AND NOT EXISTS (SELECT FROM queue.procrastinate_events"
    " WHERE job_id = job.id AND type = 'started' AND at > now() - interval '1 day')"
)


async def reap(parts: Parts) -> None:
    """Puts back into the queue what lost workers had taken out of it."""
    seconds = parts.settings.worker_lost_seconds
    async with parts.database.engine.connect() as connection:
        rows = (await connection.execute(_TAKEN_LONG_AGO, {"queue": lines.QUEUE, "seconds": seconds})).all()
        await connection.execute(_CHORES_OF_THE_DEAD, {"queue": lines.UPKEEP})
        await connection.commit()
    for row in rows:
        async with parts.database.session(Scope(lines.organisation_of(row.args))) as session:
            await _reaped(session, row, datetime.now(UTC) - timedelta(seconds=seconds))


async def _reaped(session: AsyncSession, row: Row[tuple[int, dict[str, str]]], before: datetime) -> None:
    query = select(Job).where(Job.id == uuid.UUID(row.args["job"])).with_for_update(skip_locked=True)
    job = await session.scalar(query)
    if job is None or (job.beat_at is not None and job.beat_at > before) or not await lines.held(session, row.id):
        return
    if job.state == JobState.RUNNING:
        _log.warning(
            "a worker is lost", extra={"fields": {"job": job.id, "worker": job.worker, "attempt": job.attempt}}
        )
        job.state, job.problem, job.beat_at, job.phase, job.percent = JobState.QUEUED, worker_lost(), None, None, None
    await lines.put_back(session, row.id)
