"""The table of jobs."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


class Job(Keyed, Owned, Base):
    """Work for a worker.

    Args:
        kind: what kind of work (see ``kinds``).
        wanted: its parameters, resolved when it was asked for: what another attempt does is the same.
        request_digest: SHA-256 (hex) of what was asked, so that an idempotency key is not used for two requests.
        attempt: which attempt runs or ran last, from 1.
        queue_id: its row in the queue, which is there as long as the job is not at its end.
        beat_at: when the worker that runs it last showed a sign of life.
        percent: of the phase, from 0 to 100; ``None`` when nobody knows.
        problem: why the last attempt failed, as a problem document.
        place: under which id the attempt writes what it makes; of a run, the run's.
        settled: the place of the attempt whose end was written down last.
        run_id: the run that came of it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("organisation_id", "idempotency_key"),
        Index("ix_jobs_listed", "organisation_id", "created_at", "id"),
        Index("ix_jobs_state", "organisation_id", "state", "created_at"),
    )

    kind: Mapped[str]
    wanted: Mapped[dict[str, Any]]
    requested_by: Mapped[uuid.UUID]
    request_digest: Mapped[str]
    most_attempts: Mapped[int]
    state: Mapped[str] = mapped_column(default=JobState.QUEUED.value)
    attempt: Mapped[int] = mapped_column(default=0)
    idempotency_key: Mapped[str | None] = mapped_column(default=None)
    queue_id: Mapped[int | None] = mapped_column(default=None)
    worker: Mapped[str | None] = mapped_column(default=None)
    phase: Mapped[str | None] = mapped_column(default=None)
    percent: Mapped[float | None] = mapped_column(default=None)
    rows: Mapped[int | None] = mapped_column(default=None)
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    beat_at: Mapped[datetime | None] = mapped_column(default=None)
    next_attempt_at: Mapped[datetime | None] = mapped_column(default=None)
    cancel_requested_at: Mapped[datetime | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    problem: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    result: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    place: Mapped[uuid.UUID | None] = mapped_column(default=None)
    settled: Mapped[uuid.UUID | None] = mapped_column(default=None)
    run_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
