"""The route of quotas."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sanitizer_api.identity.caller import OwnSession, Reader
from sanitizer_api.quotas.counting import UNITS, Quotas, What
from sanitizer_api.state import StateOf

router = APIRouter(prefix="/quotas", tags=["quotas"])


class QuotaView(BaseModel):
    """How much is used of what is allowed."""

    what: What
    unit: str = Field(examples=["bytes"])
    used: int
    allowed: int | None = Field(description="`null`: as much as you like.")


class QuotaViews(BaseModel):
    """All of them."""

    items: list[QuotaView]


@router.get("")
async def listed(known: Reader, session: OwnSession, state: StateOf) -> QuotaViews:
    """What the organisation uses, and what it is allowed: bytes kept, jobs at once, rows since midnight (UTC)."""
    quotas = Quotas(session, known.organisation, state.settings)
    uses = [await quotas.use(what) for what in What]
    return QuotaViews(
        items=[QuotaView(what=use.what, unit=UNITS[use.what], used=use.used, allowed=use.allowed) for use in uses]
    )
