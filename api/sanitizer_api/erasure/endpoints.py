"""Routes of erasures."""

from __future__ import annotations

import hmac
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends

from sanitizer_api.erasure import repository
from sanitizer_api.erasure.models import Erasure
from sanitizer_api.erasure.schemas import DatasetWanted, ErasureView, RowsWanted, Verified, Verify
from sanitizer_api.erasure.service import Eraser, digest_of_value
from sanitizer_api.identity.caller import Administrator, OwnSession
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.problems import NotFoundError
from sanitizer_api.state import StateOf

router = APIRouter(prefix="/erasures", tags=["erasures"])


@router.post("/rows", status_code=201)
async def rows(wanted: RowsWanted, known: Administrator, state: StateOf) -> ErasureView:
    """Erases somebody's rows from the files of all runs in the registry's store.

    That is from outputs, change logs, rows that were removed or rejected, and what undoes a run; and from uploaded files
    when that is asked for. It answers when it is done, with a receipt. Asking again is safe, and does what an interrupted one had left.
    """
    return ErasureView.model_validate(await Eraser(state, known).rows(wanted))


@router.post("/datasets", status_code=201)
async def dataset(wanted: DatasetWanted, known: Administrator, state: StateOf) -> ErasureView:
    """Erases a dataset at once: its bytes, its address with credentials, and the files of its runs."""
    return ErasureView.model_validate(await Eraser(state, known).dataset(wanted))


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
