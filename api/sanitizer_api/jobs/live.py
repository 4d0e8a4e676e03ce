"""Watching jobs as they go on: one connection listens for all who watch, and wakes them."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from sanitizer_api.jobs.schemas import JobView

_log = logging.getLogger("sanitizer.jobs")

CHANNEL = "sanitizer_jobs"
"""Where a trigger of the table tells of every change of a job, by its id."""
LOOK_ANYWAY = 10.0
"""Seconds after which who watches looks again, though nobody was told of a change; shows that the line is alive, too."""
PAUSE = 1.0


@dataclass
class Changes:
    """Tells who watches a job that it has changed.

    Args:
        address: of the database.
    """

    address: str
    _watching: dict[uuid.UUID, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))
    _listening: asyncio.Task[None] | None = None

    @contextmanager
    def of(self, job: uuid.UUID) -> Iterator[asyncio.Event]:
        """An event that is set at every change of the job."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        changed = asyncio.Event()
        self._watching[job].add(changed)
        try:
            yield changed
        finally:
            self._watching[job].discard(changed)
            if not self._watching[job]:
                del self._watching[job]

    async def close(self) -> None:
        """Stops listening."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.address, autocommit=True) as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    self._wake_all()  # They may have missed something before.
                    async for told in connection.notifies():
                        self._wake(told.payload)
            except psycopg.OperationalError as error:
                _log.warning("nobody tells of jobs", extra={"fields": {"why": str(error)}})
            await asyncio.sleep(PAUSE)

    def _wake(self, job: str) -> None:
        for changed in self._watching.get(uuid.UUID(job), ()):
            changed.set()

    def _wake_all(self) -> None:
        for changed in [each for watching in self._watching.values() for each in watching]:
            changed.set()


async def views(
    changes: Changes, job: uuid.UUID, look: Callable[[], Awaitable[JobView]]
) -> AsyncIterator[JobView | None]:
    """The job now, at every change, and at its end, which is the last; ``None`` when there was nothing new for a while.

    Args:
        look: reads the job; raises when whoever watches may no longer do so.
    """
    last: JobView | None = None
    with changes.of(job) as changed:
        while last is None or not last.state.is_final:
            changed.clear()
            seen = await look()
            yield seen if seen != last else None
            last = seen
            if not seen.state.is_final:
                await _soon(changed)


async def _soon(changed: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_ANYWAY):
            await changed.wait()
    except TimeoutError:
        return


def event_of(view: JobView | None) -> str:
    """A server-sent event; a comment when there is nothing new, so that nobody on the way closes the line."""
    return f"event: job\ndata: {view.model_dump_json()}\n\n" if view is not None else ": nothing new\n\n"
