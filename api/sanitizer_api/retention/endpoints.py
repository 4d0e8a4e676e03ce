"""Routes of retention."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sanitizer_api.audit.trail import note
from sanitizer_api.identity.caller import Administrator, OwnSession, Reader
from sanitizer_api.identity.schemas import Body
from sanitizer_api.retention.models import RetentionPlan
from sanitizer_api.retention.plans import days_of, plan_of
from sanitizer_api.state import StateOf

router = APIRouter(prefix="/retention", tags=["retention"])
Days = Annotated[int | None, Field(ge=0, le=36_500)]


class RetentionView(BaseModel):
    """For how many days what is kept; `null` is for ever."""

    deleted: int = Field(description="The bytes of a dataset after it was deleted.")
    unfinished: int = Field(
        description="An upload that is not completed, or the files of a run that were sent in part."
    )
    uploads: int | None = Field(description="An uploaded dataset.")
    artifacts: int | None = Field(description="The files of a run in the registry's store.")
    runs: int | None = Field(description="A run, with its scores and files.")


class RetentionWanted(Body):
    """For how many days to keep what; left out or `null`, as the registry's settings say."""

    deleted: Days = None
    unfinished: Days = None
    uploads: Days = Field(default=None, examples=[365])
    artifacts: Days = Field(default=None, examples=[90])
    runs: Days = None


@router.get("")
async def shown(known: Reader, session: OwnSession, state: StateOf) -> RetentionView:
    """For how many days the organisation keeps what."""
    return RetentionView(**asdict(await days_of(session, state.settings)))


@router.put("")
async def put(wanted: RetentionWanted, known: Administrator, session: OwnSession, state: StateOf) -> RetentionView:
    """Sets for how many days to keep what; what is older goes with the next purge."""
    plan = await plan_of(session)
    if plan is None:
        plan = RetentionPlan()
        session.add(plan)
    said = wanted.model_dump()
    for name, days in said.items():
        setattr(plan, name, days)
    await session.flush()
    await note(session, known.organisation, known.user, "set-retention", "retention", **said)
    return RetentionView(**asdict(await days_of(session, state.settings)))
