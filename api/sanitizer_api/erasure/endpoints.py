"""Routes of erasures."""

from __future__ import annotations

import hmac
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response

from sanitizer_api.erasure import repository
from sanitizer_api.erasure.models import Erasure
from sanitizer_api.erasure.schemas import DatasetWanted, ErasureView, RowsWanted, Verified, Verify
from sanitizer_api.erasure.service import Eraser, Errand, digest_of_value
from sanitizer_api.identity.caller import Administrator, OwnSession
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.problems import NotFoundError
from sanitizer_api.state import State, StateOf

router = APIRouter(prefix="/erasures", tags=["erasures"])


WAIT_SECONDS = 30.0
"""How long an answer waits until all is erased: what is before the registry may cut it off after a minute."""
Prefer = Annotated[str, Header(max_length=1000, description="`respond-async`: answer at once (RFC 7240).")]
_LATER: dict[int | str, dict[str, Any]] = {
    202: {
        "model": ErasureView,
        "description": "It goes on, also when nobody waits: ask for the receipt until it is finished.",
    }
}


@router.post("/rows", status_code=201, responses=_LATER)
async def rows(
    wanted: RowsWanted, known: Administrator, state: StateOf, response: Response, prefer: Prefer = ""
) -> ErasureView:
    """Erases somebody's rows from the files of all runs in the registry's store.

    That is from outputs, change logs, rows that were removed or rejected, and what undoes a run; and from uploaded files
    when that is asked for. It answers with a receipt: 201 when it is done, and 202 when that takes longer than
    half a minute; it goes on then. Asking again is safe, and does what an interrupted one had left.
    """
    return await _answered(await Eraser(state, known).rows(wanted), state, response, prefer)


@router.post("/datasets", status_code=201, responses=_LATER)
async def dataset(
    wanted: DatasetWanted, known: Administrator, state: StateOf, response: Response, prefer: Prefer = ""
) -> ErasureView:
    """Erases a dataset at once: its bytes, its address with credentials, and the files of its runs."""
    return await _answered(await Eraser(state, known).dataset(wanted), state, response, prefer)


async def _answered(errand: Errand, state: State, response: Response, prefer: str) -> ErasureView:
    """What came of it, or its receipt as it is now. No job of the queue: that would keep what is to be erased."""
    at_once = "respond-async" in [each.strip().lower() for each in prefer.split(",")]
    made = await state.lasting.within(0 if at_once else WAIT_SECONDS, errand.work)
    if made is None:
        response.status_code = 202
    response.headers["Location"] = f"/api/v1/erasures/{errand.receipt.id}"
    return ErasureView.model_validate(made or errand.receipt)


@router.get("")
async def listed(
    known: Administrator, session: OwnSession, page: Annotated[Paging, Depends(paging)]
) -> Page[ErasureView]:
    """Receipts, the newest first."""
    kept, following = page.page(await repository.erasures(session, page), "created_at", "id")
    return Page(items=[ErasureView.model_validate(row) for row in kept], next=following)


@router.get("/{erasure_id}")
async def one(erasure_id: uuid.UUID, known: Administrator, session: OwnSession) -> ErasureView:
    """A receipt."""
    return ErasureView.model_validate(await _found(session, erasure_id))


@router.post("/{erasure_id}/verify")
async def verify(
    erasure_id: uuid.UUID, wanted: Verify, known: Administrator, session: OwnSession, state: StateOf
) -> Verified:
    """Whether a receipt is about a value, which the registry itself no longer knows."""
    digest = digest_of_value(wanted.value, state.settings.signing_key())
    found = await _found(session, erasure_id)
    return Verified(erased=any(hmac.compare_digest(digest, each) for each in found.values))


async def _found(session: OwnSession, erasure_id: uuid.UUID) -> Erasure:
    found = await repository.erasure(session, erasure_id)
    if found is None:
        raise NotFoundError("there is no such erasure", hint="GET /api/v1/erasures lists them.")
    return found
