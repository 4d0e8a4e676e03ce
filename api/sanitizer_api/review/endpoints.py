"""Routes of reviews."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from sanitizer_api.identity.caller import Publisher, Reader
from sanitizer_api.pages import MOST, Page, Paging, paging
from sanitizer_api.problems import ApiError
from sanitizer_api.review.schemas import Decided, Decisions, DecisionView, ReviewItem
from sanitizer_api.review.service import Desk
from sanitizer_api.runs.file_endpoints import RunFilesOf
from sanitizer_api.runs.schemas import RunView
from sanitizer_api.state import StateOf
from sanitizer_core.audit.flagged import Kind, Place

router = APIRouter(prefix="/runs/{run_id}/review", tags=["review"])
Cursor = Annotated[str | None, Query(description="`next` of the page before.", max_length=200)]


async def reading(known: Reader, state: StateOf, files: RunFilesOf) -> Desk:
    """The review of whoever may read."""
    return Desk(state, known, files)


async def deciding(known: Publisher, state: StateOf, files: RunFilesOf) -> Desk:
    """The review of whoever may decide."""
    return Desk(state, known, files)


Readable = Annotated[Desk, Depends(reading)]
Writable = Annotated[Desk, Depends(deciding)]


@router.get("")
async def listed(
    desk: Readable,
    kind: Annotated[Kind, Query(description="Outliers that the run flagged, or cells that hold nothing.")],
    column: Annotated[str | None, Query(max_length=1000, description="Of the clean table.")] = None,
    state: Annotated[Literal["open", "decided", "all"], Query(description="With a decision or without.")] = "open",
    limit: Annotated[int, Query(ge=1, le=MOST, description="The most items of a page.")] = 50,
    cursor: Cursor = None,
) -> Page[ReviewItem]:
    """Cells to look at, column by column. A page that is not full may still have a `next`."""
    decided = None if state == "all" else state == "decided"
    pairs, following = await desk.page(kind, column, limit, _place(cursor), decided=decided)
    items = [
        ReviewItem(**vars(doubt), decision=DecisionView.model_validate(decision) if decision is not None else None)
        for doubt, decision in pairs
    ]
    return Page(items=items, next=_cursor(following))


@router.post("", status_code=201)
async def decide(wanted: Decisions, desk: Writable) -> Decided:
    """Decides about cells: one by one, or all open ones of a kind at once. A later decision about a cell counts."""
    return Decided(decided=await desk.decide(wanted))


@router.get("/decisions")
async def decisions(desk: Readable, page: Annotated[Paging, Depends(paging)]) -> Page[DecisionView]:
    """Every decision about the run, the newest first; those that later ones replaced are still there."""
    kept, following = page.page(await desk.listed(page), "created_at", "id")
    return Page(items=[DecisionView.model_validate(each) for each in kept], next=following)


@router.post("/apply", status_code=201, responses={200: {"description": "They were applied before."}})
async def apply(desk: Writable, response: Response) -> RunView:
    """Carries out the decisions in a run of its own, upon the clean table of this one.

    Its log holds them, with the reviewers' reasons; undone, it gives the clean table of this run. Applying the same
    decisions twice gives the same run.
    """
    made, new = await desk.apply()
    response.status_code = 201 if new else 200
    return RunView.model_validate(made)


def _cursor(place: Place | None) -> str | None:
    return None if place is None else base64.urlsafe_b64encode(f"{place.column}:{place.row}".encode()).decode()


def _place(cursor: str | None) -> Place:
    if cursor is None:
        return Place()
    try:
        column, _, row = base64.urlsafe_b64decode(cursor.encode()).decode("ascii").partition(":")
        return Place(int(column), int(row))
    except (ValueError, binascii.Error):
        raise ApiError("the cursor is none that a list gave", hint="Begin again without 'cursor'.") from None
