"""Work that a request begins and that may outlast it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
_log = logging.getLogger("sanitizer.request")


@dataclass(frozen=True)
class Lasting:
    """Work that is under way in this process. Whoever asked for it may wait, leave or be cut off: it goes on."""

    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work gives, if it is done in time; else it goes on, and what it raises then is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        done, _ = await asyncio.wait((task,), timeout=seconds)
        if done:
            return task.result()
        task.add_done_callback(_tell)
        return None

    async def end(self) -> None:
        """Waits for what is under way, so that nothing is left half done."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _tell(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("what a request began has failed", exc_info=error)
