"""The rows of the queue, written in the transaction of the job that they belong to."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.sql import queries
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.queue.models import Job

QUEUE = "jobs"
"""Where jobs of users wait; what keeps the registry in order waits in ``UPKEEP``, so that neither holds up the other."""
UPKEEP = "upkeep"
TASK = "carry_out"

_WITHIN = text("SELECT set_config('search_path', 'queue, ' || current_setting('search_path'), true)")
_deferring = App(connector=PsycopgConnector())


async def enqueue(session: AsyncSession, job: Job) -> None:
    """Puts a job into the queue: committed with the job, or not at all."""
    connection = await _connection(session)
    task = _deferring.configure_task(TASK, queue=QUEUE, connection=connection)
    job.queue_id = await task.defer_async(organisation=str(job.organisation_id), job=str(job.id))
    await session.flush()


async def take_out(session: AsyncSession, queue_id: int) -> None:
    """Takes a waiting row out of the queue; the worker that has it already is told to stop."""
    connection = await _connection(session)
    await connection.execute(queries["cancel_job"], {"job_id": queue_id, "abort": True, "delete_job": True})


async def put_back(session: AsyncSession, queue_id: int, at: datetime | None = None) -> None:
    """Lets another worker have a row whose worker is lost; one that is to be cancelled, too, for it has to clean up."""
    stays = text("UPDATE queue.procrastinate_jobs SET abort_requested = false WHERE id = :id")
    await session.execute(stays, {"id": queue_id})
    wanted = {"job_id": queue_id, "retry_at": at, "new_priority": None, "new_queue_name": None, "new_lock": None}
    await (await _connection(session)).execute(queries["retry_job"], wanted)


async def strike_off(session: AsyncSession, queue_id: int) -> None:
    """Takes a row out whose job is at its end."""
    connection = await _connection(session)
    await connection.execute(queries["finish_job"], {"job_id": queue_id, "status": "succeeded", "delete_job": True})


async def held(session: AsyncSession, queue_id: int) -> bool:
    """Whether some worker has taken the row."""
    query = text("SELECT true FROM queue.procrastinate_jobs WHERE id = :id AND status = 'doing'")
    return bool(await session.scalar(query, {"id": queue_id}))


def organisation_of(arguments: dict[str, Any]) -> uuid.UUID:
    """Whose job a row of the queue stands for."""
    return uuid.UUID(arguments["organisation"])


async def _connection(session: AsyncSession) -> Any:
    """The psycopg connection under the session's transaction, on which the queue's names are known."""
    await session.execute(_WITHIN)
    raw = await (await session.connection()).get_raw_connection()
    return raw.driver_connection
