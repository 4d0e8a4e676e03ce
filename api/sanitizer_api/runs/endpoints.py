"""Routes of runs and scores."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.caller import OwnSession, Reader, Reporter
from sanitizer_api.lineage.intake import Intake, intake_of
from sanitizer_api.lineage.own import events_of
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.problems import NotFoundError
from sanitizer_api.runs import anomalies, repository, service
from sanitizer_api.runs.repository import Wanted
from sanitizer_api.runs.schemas import AnomalyView, RunBrief, RunView, ScorePoint
from sanitizer_api.state import StateOf
from sanitizer_core.record import RunRecord

router = APIRouter()
ListPaging = Annotated[Paging, Depends(paging)]
IntakeOf = Annotated[Intake, Depends(intake_of)]
Word = Annotated[str | None, Query(max_length=1000)]
Dimension = Literal["overall", "completeness", "uniqueness", "consistency", "integrity"]


async def wanted_runs(recipe: Word = None, dataset: Word = None, status: Word = None) -> Wanted:
    """The query parameters that say which runs."""
    return Wanted(recipe, dataset, status)


WantedRuns = Annotated[Wanted, Depends(wanted_runs)]


@router.post("/runs", status_code=201, tags=["runs"], responses={200: {"description": "It was reported before."}})
async def report(record: RunRecord, known: Reporter, state: StateOf, intake: IntakeOf, response: Response) -> RunView:
    """Takes in a run: the content of its `run.json`. Reporting it twice is safe."""
    async with state.database.session(Scope(known.organisation)) as session:
        run, new = await service.keep(session, known, record)
        events = await events_of(session, record)
    # If this ends here, it is reported again, since nobody was answered: then the events are taken in.
    await intake.take(known.organisation, events)
    response.status_code = 201 if new else 200
    return RunView.model_validate(run)


@router.get("/runs", tags=["runs"])
async def listed(known: Reader, session: OwnSession, wanted: WantedRuns, page: ListPaging) -> Page[RunBrief]:
    """Runs, the newest first."""
    kept, following = page.page(await repository.runs(session, wanted, page), "created_at", "id")
    return Page(items=[RunBrief.model_validate(row) for row in kept], next=following)


@router.get("/runs/{run_id}", tags=["runs"])
async def one(run_id: uuid.UUID, known: Reader, session: OwnSession) -> RunView:
    """A run, with its whole record."""
    found = await repository.run(session, run_id)
    if found is None:
        raise NotFoundError("there is no such run")
    return RunView.model_validate(found)


@router.get("/scores", tags=["scores"])
async def scores(
    known: Reader,
    session: OwnSession,
    wanted: WantedRuns,
    page: ListPaging,
    dimension: Dimension = "overall",
    column: Annotated[str, Query(max_length=1000, description="Of a column; empty: of the whole table.")] = "",
) -> Page[ScorePoint]:
    """A score over the runs, the newest first."""
    rows = await repository.scores(session, wanted, dimension, column, page)
    kept, following = page.page(rows, "created_at", "id")
    points = [
        ScorePoint(
            run_id=row.id, started_at=row.started_at, dataset=row.dataset, recipe_name=row.recipe_name,
            recipe_version=row.recipe_version, before=row.before, after=row.after,
            before_z=row.before_z, after_z=row.after_z,
        )
        for row in kept
    ]  # fmt: skip
    return Page(items=points, next=following)


@router.get("/anomalies", tags=["scores"])
async def sudden(
    known: Reader,
    session: OwnSession,
    page: ListPaging,
    recipe: Word = None,
    dataset: Word = None,
    run_id: uuid.UUID | None = None,
    dimension: Dimension | None = None,
) -> Page[AnomalyView]:
    """Scores that changed suddenly, each with the history that it was held against, the newest first."""
    rows = await anomalies.listed(session, page, recipe=recipe, dataset=dataset, run_id=run_id, dimension=dimension)
    kept, following = page.page(rows, "created_at", "id")
    return Page(items=[AnomalyView.model_validate(row) for row in kept], next=following)
