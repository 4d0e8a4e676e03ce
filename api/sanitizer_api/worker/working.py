"""A worker from its settings, in a process of its own or beside the API."""

from __future__ import annotations

import asyncio
import logging
import signal

from sanitizer_api.db.engine import Database
from sanitizer_api.queue.kinds import Parts
from sanitizer_api.settings import Settings
from sanitizer_api.stores.opening import store_of
from sanitizer_api.worker.kinds import CHORES, KINDS
from sanitizer_api.worker.running import Worker
from sanitizer_api.worker.scratch import scratch_folder


async def work(settings: Settings, address: str, at_once: int) -> None:
    """Works until a signal says stop; the second time it is said, at once."""
    stopping, hurrying = asyncio.Event(), asyncio.Event()

    def stop() -> None:
        (hurrying if stopping.is_set() else stopping).set()

    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop)
    await work_until(settings, address, at_once, stopping, hurrying)


async def work_until(
    settings: Settings, address: str, at_once: int, stopping: asyncio.Event, hurrying: asyncio.Event | None = None
) -> None:
    """Works until it is told to stop, and ends its jobs unless it is told to hurry."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # It tells of every chore, every few seconds.
    database = Database.of(address, settings)
    try:
        with scratch_folder() as scratch:
            parts = Parts(settings, database, store_of(settings), scratch)
            await Worker(parts, address, KINDS, CHORES, at_once, stopping, hurrying or asyncio.Event()).run()
    finally:
        await database.close()
