"""Routes of the story of a row or a cell."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from sanitizer_api.datasets import repository as datasets
from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.caller import Reader
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.problems import ApiError, NotFoundError, ProblemDocument
from sanitizer_api.runs.answers import ChangeView, Number
from sanitizer_api.runs.story import Asked, Chapter, Teller
from sanitizer_api.state import StateOf

router = APIRouter(tags=["runs"])
MOST = 20
"""Runs of a page: the files of each are asked."""


class GoneBrief(BaseModel):
    """How a row left the table."""

    what: str
    step: int | None
    op: str
    reason: str | list[str]


class RowView(BaseModel):
    """What a run did to a row.

    Args:
        row: its number in the input of this run, from 0.
        gone: how it left the table; null when it did not.
        cells: how it ended: its cells, or the one that was asked for, as canonical texts.
    """

    row: int
    changes: list[ChangeView]
    gone: GoneBrief | None
    cells: dict[str, str | None] | None


class ChapterView(BaseModel):
    """One run in the story. It has a `problem` where its files cannot be asked."""

    run_id: uuid.UUID
    parent: uuid.UUID | None
    started_at: datetime
    recipe_name: str
    recipe_version: int
    rows: list[RowView]
    problem: ProblemDocument | None

    @classmethod
    def of(cls, chapter: Chapter) -> ChapterView:
        """The view of a chapter."""
        run = chapter.run
        return cls(
            run_id=run.id, parent=run.parent, started_at=run.started_at, recipe_name=run.recipe_name,
            recipe_version=run.recipe_version, problem=chapter.problem,
            rows=[RowView.model_validate(vars(each)) for each in chapter.rows],
        )  # fmt: skip


async def asked(
    key: Annotated[list[str], Query(default_factory=list, max_length=20, description="A column that names the row.")],
    value: Annotated[list[str], Query(default_factory=list, max_length=20, description="Its value, for each `key`.")],
    row: Number = None,
    column: Annotated[str | None, Query(max_length=1000, description="Of this column alone.")] = None,
) -> Asked:
    """The query parameters that say which row or cell.

    Raises:
        ApiError: it is not said, or said in two ways.
    """
    if (row is None) == (not key) or len(key) != len(value) or len(set(key)) < len(key):
        raise ApiError(
            "say which row: by 'row', its number, or by 'key' and 'value', once for each column that names it",
            hint="Such as ?key=id&value=17&column=age.",
        )
    return Asked(row, dict(zip(key, value, strict=True)), column)


async def few(page: Annotated[Paging, Depends(paging)]) -> Paging:
    """So many runs as can be asked in a request."""
    return page.model_copy(update={"limit": min(page.limit, MOST)})


Wanted = Annotated[Asked, Depends(asked)]
FewRuns = Annotated[Paging, Depends(few)]


@router.get("/story")
async def story(
    known: Reader,
    state: StateOf,
    wanted: Wanted,
    page: FewRuns,
    dataset: Annotated[str, Query(max_length=10_000, description="As the runs call it: its address.")],
) -> Page[ChapterView]:
    """What every run on a dataset did to a row or a cell, the oldest first, runs upon their output included.

    A key follows the row wherever it stands; its values are those of the output, and of rows that went as they were
    read. A number is the row's place in the input of the runs on the dataset.
    """
    chapters, following = await Teller(state, known.organisation, wanted).chapters(dataset, page)
    return Page(items=[ChapterView.of(each) for each in chapters], next=following)


@router.get("/datasets/{dataset_id}/story")
async def story_of_dataset(
    dataset_id: uuid.UUID, known: Reader, state: StateOf, wanted: Wanted, page: FewRuns
) -> Page[ChapterView]:
    """What every run on a registered dataset did to a row or a cell (see `GET /story`)."""
    async with state.database.session(Scope(known.organisation)) as session:
        found = await datasets.dataset(session, dataset_id)
    if found is None:
        raise NotFoundError("there is no such dataset")
    return await story(known, state, wanted, page, found.address)
