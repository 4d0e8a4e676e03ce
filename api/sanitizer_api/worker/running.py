"""A worker: as many jobs at once as it was told, and the chores, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Line
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker as Taker
from sqlalchemy import text

from sanitizer_api.queue.kinds import Chore, Kind, Parts
from sanitizer_api.queue.lines import QUEUE, TASK, UPKEEP
from sanitizer_api.worker.attempts import Attempts
from sanitizer_api.worker.ledger import LaterError, Ledger

_log = logging.getLogger("sanitizer.worker")

LONGEST_PAUSE = 15.0
"""Seconds between two tries to reach a database that is away, at most."""
CHORES_AT_ONCE = 4
_NEVER = 7 * 24 * 3600.0
"""Whether a worker lives is told by the beats of its jobs (see ``ledger``), not by procrastinate's own."""


@dataclass
class _Again(BaseRetryStrategy):
    """Puts a row back when an attempt says so; and later when its end could not be written down, so that none is lost."""

    seconds: float

    def get_retry_decision(self, *, exception: BaseException, job: Line) -> RetryDecision | None:
        later = exception if isinstance(exception, LaterError) else LaterError(self.seconds)
        return RetryDecision(retry_at=later.at)


@dataclass
class Worker:
    """Takes jobs out of the queue, and does chores.

    Args:
        address: of the database.
        at_once: how many jobs it carries out at once.
        stopping: set, it takes no more, and ends when its jobs are done or its grace is over.
        hurrying: set, its grace is over.
    """

    parts: Parts
    address: str
    kinds: tuple[Kind, ...]
    chores: tuple[Chore, ...]
    at_once: int = 1
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    hurrying: asyncio.Event = field(default_factory=asyncio.Event)
    _attempts: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Works until it is told to stop; a database that is away is waited for."""
        pause = 0.2
        while not self.stopping.is_set():
            try:
                await self._work()
                pause = 0.2
            except (psycopg.OperationalError, ConnectorException) as error:
                _log.warning("the queue does not answer", extra={"fields": {"why": str(error)}})
            await self._wait_for_stop(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _work(self) -> None:
        app = self._app()
        async with app.open_async():
            takers = [self._taker(app, QUEUE, self.at_once), self._taker(app, UPKEEP, CHORES_AT_ONCE)]
            ending = asyncio.create_task(self._end(takers))
            try:
                await asyncio.gather(*(self._taken(each, takers) for each in takers))
            finally:
                ending.cancel()

    async def _taken(self, taker: Taker, takers: list[Taker]) -> None:
        """When one ends, so does the other: both begin anew."""
        try:
            await taker.run()
        finally:
            for each in takers:
                each.stop()

    def _taker(self, app: App, queue: str, at_once: int) -> Taker:
        return Taker(
            app, [queue], name=queue, concurrency=at_once, install_signal_handlers=False, delete_jobs="always",
            fetch_job_polling_interval=2.0, abort_job_polling_interval=2.0,
            update_heartbeat_interval=_NEVER / 7, stalled_worker_timeout=_NEVER,
        )  # fmt: skip

    async def _end(self, takers: list[Taker]) -> None:
        await self.stopping.wait()
        for taker in takers:
            taker.stop()
        hurrying = asyncio.create_task(self.hurrying.wait())
        if self._attempts:
            ended = asyncio.gather(*self._attempts, return_exceptions=True)
            grace = self.parts.settings.worker_grace_seconds
            await asyncio.wait((hurrying, asyncio.shield(ended)), timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        hurrying.cancel()
        for task in self._attempts:
            task.cancel()

    async def _wait_for_stop(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return

    def _app(self) -> App:
        connector = PsycopgConnector(
            conninfo=self.address, min_size=1, max_size=self.at_once + CHORES_AT_ONCE + 2, configure=_within_queue
        )
        app = App(connector=connector)
        ledger = Ledger(self.parts, f"{socket.gethostname()}:{os.getpid()}")
        attempts = Attempts(ledger, {kind.name: kind for kind in self.kinds})

        async def carry_out(organisation: str, job: str) -> None:
            task = asyncio.ensure_future(attempts.carry_out(uuid.UUID(organisation), uuid.UUID(job)))
            self._attempts.add(task)
            task.add_done_callback(self._attempts.discard)
            await task

        app.task(name=TASK, queue=QUEUE, retry=_Again(self.parts.settings.worker_lost_seconds))(carry_out)
        for chore in self.chores:
            task = app.task(name=chore.name, queue=UPKEEP, queueing_lock=chore.name)(_alone(chore, self.parts))
            app.periodic(cron=chore.cron)(task)
        return app


def _alone(chore: Chore, parts: Parts) -> Callable[[int], Awaitable[None]]:
    """The chore, unless another worker is at it."""

    async def do(timestamp: int) -> None:
        async with parts.database.engine.connect() as connection:
            lock: Any = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 1))")
            own = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if not await own.scalar(lock, {"name": chore.name}):
                return
            try:
                await chore.do(parts)
            finally:
                await own.execute(text("SELECT pg_advisory_unlock_all()"))

    return do


async def _within_queue(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute("SET search_path TO queue, public")
    await connection.commit()
