"""Routes of jobs."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from sanitizer_api.identity.caller import OwnSession, Reader, Runner
from sanitizer_api.jobs import repository
from sanitizer_api.jobs.asking import cleaning_of
from sanitizer_api.jobs.repository import WantedJobs
from sanitizer_api.jobs.schemas import JobRequest, JobView
from sanitizer_api.jobs.service import Desk
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.queue.models import JobState
from sanitizer_api.state import StateOf

router = APIRouter(prefix="/jobs", tags=["jobs"])
ListPaging = Annotated[Paging, Depends(paging)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Of your making, one for each job: sent again with the same request, it gives the same job.",
        examples=["customers-2026-11-22"],
    ),
]


async def reading(session: OwnSession, known: Reader, state: StateOf) -> Desk:
    """The jobs of whoever may read."""
    return Desk(session, known, state.settings)


async def running(session: OwnSession, known: Runner, state: StateOf) -> Desk:
    """The jobs of whoever may start and cancel some."""
    return Desk(session, known, state.settings)


Readable = Annotated[Desk, Depends(reading)]
Runnable = Annotated[Desk, Depends(running)]


async def wanted_jobs(
    state: Annotated[list[JobState], Query(description="In one of these states; may be given several times.")] = [],  # noqa: B006 (FastAPI copies it)
    kind: Annotated[str | None, Query(max_length=100, pattern=r"^[a-z-]+$")] = None,
    run: Annotated[uuid.UUID | None, Query(description="The job that a run came of.")] = None,
) -> WantedJobs:
    """The query parameters that say which jobs."""
    return WantedJobs(tuple(state), kind, run)


@router.post("", status_code=202, responses={200: {"description": "The Idempotency-Key was sent before."}})
async def ask(
    wanted: JobRequest, desk: Runnable, response: Response, idempotency_key: IdempotencyKey = None
) -> JobView:
    """Cleans a dataset by a recipe, as soon as a worker is free. Labels are resolved now."""
    request = wanted.model_dump_json()
    job, new = await desk.known(idempotency_key, request), False
    if job is None:
        cleaning = await cleaning_of(desk, wanted)
        job, new = await desk.ask("run", cleaning.model_dump(mode="json"), key=idempotency_key, request=request)
    response.status_code = 202 if new else 200
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return JobView.model_validate(job)


@router.get("")
async def listed(
    desk: Readable, wanted: Annotated[WantedJobs, Depends(wanted_jobs)], page: ListPaging
) -> Page[JobView]:
    """Jobs, the newest first."""
    kept, following = page.page(await repository.jobs(desk.session, wanted, page), "created_at", "id")
    return Page(items=[JobView.model_validate(row) for row in kept], next=following)


@router.get("/{job_id}")
async def one(job_id: uuid.UUID, desk: Readable) -> JobView:
    """A job, and how far it is. To watch it, see `/jobs/{job_id}/events` and the WebSocket `/ws/jobs/{job_id}`."""
    return JobView.model_validate(await desk.find(job_id))


@router.post("/{job_id}/cancel", status_code=202)
async def cancel(job_id: uuid.UUID, desk: Runnable) -> JobView:
    """Cancels a job: it stops where it is, and leaves nothing half-written."""
    return JobView.model_validate(await desk.cancel(job_id))


@router.post("/{job_id}/retry", status_code=202)
async def retry(job_id: uuid.UUID, desk: Runnable) -> JobView:
    """Queues a job anew that failed or was cancelled; recipe and contract stay those that were resolved."""
    return JobView.model_validate(await desk.retry(job_id))
