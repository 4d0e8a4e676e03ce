"""Waiting for a job of the registry without a worker's slot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from sanitizer_airflow.hooks.sanitizer import SanitizerHook


class JobTrigger(BaseTrigger):
    """Fires when a job is over; killed by somebody, it cancels the job.

    Args:
        poll_interval: seconds between two looks.
    """

    def __init__(self, *, sanitizer_conn_id: str, job_id: str, poll_interval: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.sanitizer_conn_id = sanitizer_conn_id
        self.job_id = job_id
        self.poll_interval = poll_interval

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What another triggerer needs to go on."""
        told = {"sanitizer_conn_id": self.sanitizer_conn_id, "job_id": self.job_id, "poll_interval": self.poll_interval}
        return "sanitizer_airflow.triggers.job.JobTrigger", told

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Looks until the job is over. A registry that is away for a while ends nothing."""
        from sanitizer_core.errors import SanitizerError

        hook = SanitizerHook(self.sanitizer_conn_id)
        await sync_to_async(lambda: hook.connection)()
        while True:
            try:
                if (await asyncio.to_thread(hook.job, self.job_id)).is_over:
                    yield _over(self.job_id)
                    return
            except SanitizerError as error:
                if not error.retryable:
                    yield _over(self.job_id, error=str(error))
                    return
                self.log.warning("%s", error)
            await asyncio.sleep(self.poll_interval)

    async def on_kill(self) -> None:
        """Cancels the job in the registry."""
        hook = SanitizerHook(self.sanitizer_conn_id)
        await sync_to_async(lambda: hook.connection)()
        await asyncio.to_thread(hook.cancel, self.job_id)


def _over(job_id: str, **more: str) -> TriggerEvent:
    return TriggerEvent({"job_id": job_id} | more)  # type: ignore[no-untyped-call]
