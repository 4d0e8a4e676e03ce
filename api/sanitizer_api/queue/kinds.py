"""What carries out jobs: one function for every kind, which another domain brings along."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.db.engine import Database
from sanitizer_api.db.scope import Scope
from sanitizer_api.queue.process import Progress, in_process
from sanitizer_api.settings import Settings
from sanitizer_api.stores.store import Store


@dataclass(frozen=True)
class Parts:
    """What a worker has for its jobs.

    Args:
        scratch: a folder of the worker's own; what is left there goes with the worker.
    """

    settings: Settings
    database: Database
    store: Store
    scratch: Path


@dataclass(frozen=True)
class Work:
    """One attempt at a job, as its kind sees it.

    Args:
        wanted: the job's parameters.
        place: under which id it writes what it makes; every attempt has its own, so that one that was taken for dead
            cannot spoil what another writes.
        progress: where the job is, for whoever watches it.
    """

    parts: Parts
    organisation: uuid.UUID
    job: uuid.UUID
    kind: str
    requested_by: uuid.UUID
    attempt: int
    wanted: dict[str, Any]
    place: uuid.UUID
    progress: Progress = field(default_factory=Progress)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A transaction that sees the job's organisation, and nothing else."""
        async with self.parts.database.session(Scope(self.organisation)) as session:
            yield session

    async def in_process(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls a function in a process of its own (see ``process``), which ends at once when the job is cancelled."""
        return await in_process(function, args, self.progress, self.parts.scratch)


async def nothing_more(session: AsyncSession) -> None:
    """What a job keeps that has no rows of its own."""


async def nothing_left(parts: Parts, organisation: uuid.UUID, place: uuid.UUID) -> None:
    """What a kind discards that writes nothing but rows."""


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Args:
        result: for the job's row.
        run: the run that came of it.
        keep: writes rows of its own, in the transaction in which the job is said to have succeeded.
    """

    result: dict[str, Any]
    run: uuid.UUID | None = None
    keep: Callable[[AsyncSession], Awaitable[None]] = nothing_more


@dataclass(frozen=True)
class Kind:
    """A kind of job: its name, and what carries it out.

    What ``carry_out`` raises of SanitizerError or ApiError fails the job with that problem; it is tried again when the
    error is ``retryable``. A cancelled job raises ``asyncio.CancelledError`` in it.

    Args:
        discard: takes back what an attempt wrote under its place, whole or half; nothing may be there.
    """

    name: str
    carry_out: Callable[[Work], Awaitable[Outcome]]
    discard: Callable[[Parts, uuid.UUID, uuid.UUID], Awaitable[None]] = nothing_left


@dataclass(frozen=True)
class Chore:
    """What is done now and then, by one worker at a time, for all organisations.

    Args:
        cron: when, with seconds as an optional sixth field; in UTC.
    """

    name: str
    cron: str
    do: Callable[[Parts], Awaitable[None]]
