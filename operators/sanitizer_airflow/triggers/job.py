"""Waiting for a job of the registry without a worker's slot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from sanitizer_airflow.compat import killed_unseen
from sanitizer_airflow.hooks.sanitizer import SanitizerHook


class JobTrigger(BaseTrigger):
    """Fires when a job is over; killed by somebody, or when it is too late, it cancels the job.

    Args:
        poll_interval: seconds between two looks.
        deadline: when the job has to be over, in seconds of the epoch.
    """

    def __init__(
        self, *, sanitizer_conn_id: str, job_id: str, poll_interval: float, deadline: float | None = None
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.sanitizer_conn_id = sanitizer_conn_id
        self.job_id = job_id
        self.poll_interval = poll_interval
        self.deadline = deadline

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What another triggerer needs to go on."""
        names = ("sanitizer_conn_id", "job_id", "poll_interval", "deadline")
        return "sanitizer_airflow.triggers.job.JobTrigger", {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Looks until the job is over."""
        try:
            event = await self._over()
        except asyncio.CancelledError:
            await self._undisturbed(self._cancel_if_unseen())
            raise
        yield event

    async def on_kill(self) -> None:
        """Cancels the job in the registry."""
        await self._undisturbed(self._cancel())

    async def _undisturbed(self, work: Coroutine[Any, Any, None]) -> None:
        """Does something to its end: Airflow cancels a trigger again each second until it has ended."""
        self._ending = asyncio.create_task(work)  # The loop itself holds a task only weakly.
        await asyncio.shield(self._ending)

    async def _cancel_if_unseen(self) -> None:
        if await killed_unseen(self):
            await self._cancel()

    async def _cancel(self) -> None:
        hook = SanitizerHook(self.sanitizer_conn_id)
        await sync_to_async(lambda: hook.connection)()
        await asyncio.to_thread(hook.cancel, self.job_id)

    async def _over(self) -> TriggerEvent:
        """The event of the job's end. A registry that is away for a while ends nothing."""
        from sanitizer_core.errors import SanitizerError

        hook = SanitizerHook(self.sanitizer_conn_id)
        await sync_to_async(lambda: hook.connection)()
        while True:
            try:
                if (await asyncio.to_thread(hook.job, self.job_id)).is_over:
                    return _event(self.job_id)
            except SanitizerError as error:
                if not error.retryable:
                    return _event(self.job_id, error=str(error))
                self.log.warning("%s", error)
            if self.deadline is not None and time.time() > self.deadline:
                await self._cancel()
                return _event(self.job_id, error=f"the job {self.job_id} took too long, and is cancelled")
            await asyncio.sleep(self.poll_interval)


def _event(job_id: str, **more: str) -> TriggerEvent:
    return TriggerEvent({"job_id": job_id} | more)  # type: ignore[no-untyped-call]
