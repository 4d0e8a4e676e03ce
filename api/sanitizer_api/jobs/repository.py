"""Every query about jobs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.pages import Paging
from sanitizer_api.queue.models import Job, JobState


@dataclass(frozen=True)
class WantedJobs:
    """Which jobs; nothing given is any.

    Args:
        states: one of these.
    """

    states: tuple[JobState, ...] = ()
    kind: str | None = None
    run: uuid.UUID | None = None


async def job(session: AsyncSession, job_id: uuid.UUID, *, lock: bool = False) -> Job | None:
    """A job by its id; locked, nobody else changes it until the transaction ends."""
    query = select(Job).where(Job.id == job_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def job_of_key(session: AsyncSession, key: str) -> Job | None:
    """The job that was asked for with an idempotency key."""
    return await session.scalar(select(Job).where(Job.idempotency_key == key))


async def jobs(session: AsyncSession, wanted: WantedJobs, paging: Paging) -> Sequence[Job]:
    """A page of jobs."""
    query = select(Job)
    if wanted.states:
        query = query.where(Job.state.in_([state.value for state in wanted.states]))
    for column, value in ((Job.kind, wanted.kind), (Job.run_id, wanted.run)):
        query = query.where(column == value) if value is not None else query
    return (await session.scalars(paging.applied(query, Job.created_at, Job.id))).all()
