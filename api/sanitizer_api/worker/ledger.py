"""What is written down about an attempt: each entry a transaction of its own, and only while the job is the attempt's."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.db.scope import Scope
from sanitizer_api.queue.failing import FailedError, worker_lost
from sanitizer_api.queue.kinds import Kind, Outcome, Parts, Work
from sanitizer_api.queue.models import Job, JobState
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.webhooks.outbox import Event, tell

_log = logging.getLogger("sanitizer.jobs")

LONGEST_WAIT = 600.0
"""Seconds between two attempts, at most."""


class LaterError(Exception):
    """Not now: the row goes back into the queue.

    Args:
        seconds: how long it waits there.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.0f} s")
        self.at = datetime.now(UTC) + timedelta(seconds=seconds)


class TakenAwayError(Exception):
    """The job is no longer this attempt's: its worker was taken for dead, or the job is at its end."""


@dataclass(frozen=True)
class Ledger:
    """The jobs' rows, as a worker writes them.

    Args:
        worker: what the worker is called.
    """

    parts: Parts
    worker: str

    async def claim(self, organisation: uuid.UUID, job_id: uuid.UUID, kind_of: Callable[[str], Kind]) -> Work | None:
        """The attempt that is to be carried out now; ``None`` when there is nothing (more) to do.

        Raises:
            LaterError: another worker has the job, and may be alive.
        """
        async with self.parts.database.session(Scope(organisation)) as session:
            job = await session.get(Job, job_id)
        if job is None or JobState(job.state).is_final:
            return None
        if job.state == JobState.RUNNING:
            raise LaterError(self.parts.settings.worker_lost_seconds)
        if job.place is not None:
            await kind_of(job.kind).discard(self.parts, organisation, job.place)
        async with self.parts.database.session(Scope(organisation)) as session:
            return await self._claimed(session, job)

    async def _claimed(self, session: AsyncSession, seen: Job) -> Work | None:
        job = await _locked(session, seen.id)
        if job is None or job.state != JobState.QUEUED or job.place != seen.place:
            raise LaterError(self.parts.settings.worker_lost_seconds)
        if job.cancel_requested_at is not None:
            await self._end(session, job, JobState.CANCELLED)
            return None
        if job.attempt >= job.most_attempts:
            job.problem = job.problem or worker_lost()
            await self._end(session, job, JobState.FAILED)
            return None
        now = datetime.now(UTC)
        job.state, job.attempt, job.place, job.worker = (
            JobState.RUNNING.value,
            job.attempt + 1,
            uuid.uuid4(),
            self.worker,
        )
        job.started_at = job.beat_at = now
        job.next_attempt_at, job.phase, job.percent, job.rows = None, "starting", None, None
        return Work(
            self.parts,
            job.organisation_id,
            job.id,
            job.kind,
            job.requested_by,
            job.attempt,
            dict(job.wanted),
            job.place,
        )

    async def beat(self, work: Work) -> None:
        """Shows that the attempt is alive, and where it is.

        Raises:
            TakenAwayError: the job is no longer the attempt's, or is to be cancelled.
        """
        progress = work.progress
        values = {"beat_at": func.now(), "phase": progress.phase, "percent": progress.percent, "rows": progress.rows}
        mine = (Job.id == work.job, Job.place == work.place, Job.state == JobState.RUNNING.value)
        async with work.session() as session:
            query = update(Job).where(*mine, Job.cancel_requested_at.is_(None)).values(values).returning(Job.id)
            if await session.scalar(query) is None:
                raise TakenAwayError

    async def succeed(self, work: Work, outcome: Outcome) -> None:
        """The job succeeded: said in the transaction that writes the rows of what came of it.

        Raises:
            TakenAwayError: it is no longer the attempt's; nothing was written.
        """

        async def write(session: AsyncSession, job: Job) -> None:
            await outcome.keep(session)
            job.result, job.run_id, job.problem = outcome.result, outcome.run, None
            await self._end(session, job, JobState.SUCCEEDED)

        await self._insist(work, write)

    async def fail(self, work: Work, failure: FailedError) -> None:
        """The attempt failed: the job waits for another, or is at its end.

        Raises:
            LaterError: it waits.
        """
        wait = min(self.parts.settings.job_retry_seconds * 2 ** (work.attempt - 1), LONGEST_WAIT)
        waiting = False

        async def write(session: AsyncSession, job: Job) -> None:
            nonlocal waiting
            job.problem, job.place = failure.problem, None
            waiting = failure.retryable and job.attempt < job.most_attempts and job.cancel_requested_at is None
            if waiting:
                _wait(job, wait)
            else:
                await self._end(session, job, JobState.FAILED)

        await self._insist(work, write)
        if waiting:
            raise LaterError(wait)

    async def let_go(self, work: Work) -> None:
        """The attempt was ended: because the job is to be cancelled, or because the worker stops.

        Raises:
            LaterError: the worker stops, and another goes on at once; the attempt does not count.
        """
        waiting = False

        async def write(session: AsyncSession, job: Job) -> None:
            nonlocal waiting
            job.place, waiting = None, job.cancel_requested_at is None
            if waiting:
                job.attempt -= 1
                _wait(job, 0)
            else:
                await self._end(session, job, JobState.CANCELLED)

        await self._insist(work, write)
        if waiting:
            raise LaterError(0)

    async def _end(self, session: AsyncSession, job: Job, state: JobState) -> None:
        job.state, job.finished_at, job.beat_at = state.value, datetime.now(UTC), None
        job.phase, job.percent = None, None
        await Quotas(session, job.organisation_id, self.parts.settings).give_back(What.JOBS, f"job:{job.id}")
        if state is JobState.FAILED:
            about = {
                "job_id": str(job.id), "kind": job.kind, "attempts": job.attempt, "problem": job.problem,
                "requested_by": str(job.requested_by),
            }  # fmt: skip
            await tell(session, Event.JOB_FAILED, about)

    async def _insist(self, work: Work, write: Callable[[AsyncSession, Job], Awaitable[None]]) -> None:
        """Writes once the database answers: what was done is not thrown away because it restarts."""
        pause = 0.1
        while True:
            try:
                return await self._written(work, write)
            except (OperationalError, InterfaceError) as error:
                _log.warning(
                    "the database does not answer", extra={"fields": {"job": work.job, "why": str(error.orig)}}
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _written(self, work: Work, write: Callable[[AsyncSession, Job], Awaitable[None]]) -> None:
        async with work.session() as session:
            job = await _locked(session, work.job)
            if job is not None and job.settled == work.place:
                return  # Committed before, though the answer was lost.
            if job is None or job.state != JobState.RUNNING or job.place != work.place:
                raise TakenAwayError
            job.settled = work.place
            await write(session, job)


async def _locked(session: AsyncSession, job_id: uuid.UUID) -> Job | None:
    return await session.scalar(select(Job).where(Job.id == job_id).with_for_update())


def _wait(job: Job, seconds: float) -> None:
    job.state, job.beat_at, job.phase, job.percent = JobState.QUEUED.value, None, None, None
    job.next_attempt_at = datetime.now(UTC) + timedelta(seconds=seconds)
