"""Asking for jobs, cancelling and retrying them."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.jobs import repository
from sanitizer_api.problems import ConflictError, NotFoundError
from sanitizer_api.queue import lines
from sanitizer_api.queue.models import Job, JobState
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.settings import Settings


@dataclass(frozen=True)
class Desk:
    """The jobs of a caller's organisation.

    Args:
        session: the transaction; whoever opened it commits.
    """

    session: AsyncSession
    caller: Caller
    settings: Settings

    async def known(self, key: str | None, request: str) -> Job | None:
        """The job that the same request made before, under the same idempotency key.

        Args:
            request: what is asked, as text: equal requests have equal ones.

        Raises:
            ConflictError: the key was used for another request.
        """
        found = await repository.job_of_key(self.session, key) if key is not None else None
        if found is not None and found.request_digest != _digest(request):
            raise ConflictError(
                "the Idempotency-Key was used before, for another request", hint="Make a new key for each job."
            )
        return found

    async def ask(self, kind: str, wanted: dict[str, Any], *, key: str | None, request: str) -> tuple[Job, bool]:
        """The job, in the queue; and whether it is new. Other domains ask for their kinds here, too.

        Raises:
            ConflictError: the key was used for another request.
            QuotaError: the organisation has as many jobs as it is allowed, or used up its rows or its storage.
        """
        job = Job(
            id=uuid.uuid4(), kind=kind, wanted=wanted, requested_by=self.caller.user, idempotency_key=key,
            request_digest=_digest(request), most_attempts=self.settings.job_attempts,
        )  # fmt: skip
        try:
            async with self.session.begin_nested():
                self.session.add(job)
                await self.session.flush()
        except IntegrityError:
            there = await self.known(key, request)
            assert there is not None, "the job that stands in the way"
            return there, False
        await self._queued(job)
        await self._note("ask-job", job, kind=kind)
        return job, True

    async def find(self, job_id: uuid.UUID, *, lock: bool = False) -> Job:
        """A job by its id.

        Raises:
            NotFoundError: there is none.
        """
        found = await repository.job(self.session, job_id, lock=lock)
        if found is None:
            raise NotFoundError("there is no such job", hint="GET /api/v1/jobs lists them.")
        return found

    async def cancel(self, job_id: uuid.UUID) -> Job:
        """Cancels a job: at once when it waits; else its worker stops it. Cancelling twice is safe.

        Raises:
            ConflictError: it is at its end.
        """
        job = await self.find(job_id, lock=True)
        if job.state == JobState.CANCELLED or job.cancel_requested_at is not None:
            return job
        if JobState(job.state).is_final:
            raise ConflictError(f"the job has {job.state}; there is nothing to cancel")
        job.cancel_requested_at = datetime.now(UTC)
        assert job.queue_id is not None
        if job.state == JobState.QUEUED and not await lines.held(self.session, job.queue_id):
            job.state, job.finished_at = JobState.CANCELLED.value, job.cancel_requested_at
            await self._quotas.give_back(What.JOBS, f"job:{job.id}")
        await lines.take_out(self.session, job.queue_id)
        await self._note("cancel-job", job)
        return job

    async def retry(self, job_id: uuid.UUID) -> Job:
        """Queues a job anew that failed or was cancelled: the same job, with attempts of its own.

        Raises:
            ConflictError: it is on its way, or has succeeded.
            QuotaError: as for ``ask``.
        """
        job = await self.find(job_id, lock=True)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise ConflictError(f"the job is {job.state}", hint="A job is retried when it failed or was cancelled.")
        job.state, job.most_attempts = JobState.QUEUED.value, job.attempt + self.settings.job_attempts
        job.problem = job.cancel_requested_at = job.finished_at = job.next_attempt_at = None
        await self._queued(job)
        await self._note("retry-job", job)
        return job

    @property
    def _quotas(self) -> Quotas:
        return Quotas(self.session, self.caller.organisation, self.settings)

    async def _queued(self, job: Job) -> None:
        await self._quotas.take(What.JOBS, f"job:{job.id}", 1)
        for what in (What.ROWS, What.STORAGE):
            await self._quotas.check(what)
        await lines.enqueue(self.session, job)

    async def _note(self, action: str, job: Job, **details: object) -> None:
        await self.session.flush()
        await note(self.session, self.caller.organisation, self.caller.user, action, f"job:{job.id}", **details)


def _digest(request: str) -> str:
    return hashlib.sha256(request.encode()).hexdigest()
