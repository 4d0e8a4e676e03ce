"""The route that has the input of a run written into the store."""

from __future__ import annotations

import uuid

from anyio import to_thread
from fastapi import APIRouter, Response

from sanitizer_api.datasets import repository as datasets
from sanitizer_api.identity.caller import OwnSession, Runner
from sanitizer_api.jobs.endpoints import IdempotencyKey
from sanitizer_api.jobs.schemas import JobView
from sanitizer_api.jobs.service import Desk
from sanitizer_api.problems import ConflictError, NotFoundError
from sanitizer_api.restoring.schemas import Restoration, Restored
from sanitizer_api.restoring.undoing import refuse_unrestorable
from sanitizer_api.runs import repository as runs
from sanitizer_api.state import StateOf

router = APIRouter(tags=["runs"])


@router.post(
    "/runs/{run_id}/restorations",
    status_code=202,
    responses={200: {"description": "The Idempotency-Key was sent before."}},
)
async def restore(
    run_id: uuid.UUID, wanted: Restoration, known: Runner, session: OwnSession, state: StateOf, response: Response,
    idempotency_key: IdempotencyKey = None,
) -> JobView:  # fmt: skip
    """Writes the input of a run, as it was, into the registry's store: a job, of which a dataset comes.

    To have it sent instead, see `POST /runs/{run_id}/restore`, which also takes the key of masked columns.
    """
    run = await runs.run(session, run_id)
    if run is None:
        raise NotFoundError("there is no such run")
    desk = Desk(session, known, state.settings)
    order = Restored(run=run_id, **wanted.model_dump())
    request = order.model_dump_json()
    job, new = await desk.known(idempotency_key, request), False
    if job is None:
        await to_thread.run_sync(refuse_unrestorable, state.settings, state.store, run)
        if await datasets.named(session, wanted.name) is not None:
            raise ConflictError(f"there is a dataset {wanted.name!r} already", hint="Choose another name.")
        job, new = await desk.ask("restore", order.model_dump(mode="json"), key=idempotency_key, request=request)
    response.status_code = 202 if new else 200
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return JobView.model_validate(job)
