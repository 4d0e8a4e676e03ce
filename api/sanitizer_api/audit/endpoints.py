"""Routes of who did what."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from sanitizer_api.audit import trail
from sanitizer_api.identity.caller import Administrator, OwnSession
from sanitizer_api.pages import Page, Paging, paging

router = APIRouter(prefix="/audit", tags=["audit"])


class EntryView(BaseModel):
    """That somebody did something."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    created_at: datetime
    actor: uuid.UUID
    action: str
    subject: str
    details: dict[str, Any]
    before: str
    digest: str


class Verification(BaseModel):
    """Whether the entries are as they were written.

    Args:
        broken_at: the number of the first that is not.
    """

    entries: int
    intact: bool
    broken_at: int | None


@router.get("")
async def listed(
    known: Administrator, session: OwnSession, page: Annotated[Paging, Depends(paging)]
) -> Page[EntryView]:
    """Who did what, the newest first."""
    kept, following = page.page(await trail.listed(session, page), "created_at", "id")
    return Page(items=[EntryView.model_validate(row) for row in kept], next=following)


@router.get("/verify")
async def verify(known: Administrator, session: OwnSession) -> Verification:
    """Goes through every entry, and tells whether each follows from the one before."""
    entries, broken = await trail.first_broken(session, known.organisation)
    return Verification(entries=entries, intact=broken is None, broken_at=broken)
