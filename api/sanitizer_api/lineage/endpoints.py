"""Routes of lineage: events in, and the graph out, where Marquez has them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sanitizer_api.identity.caller import OwnSession, Reader, Reporter
from sanitizer_api.lineage import nodes, receiving, repository, searching, walking
from sanitizer_api.lineage.intake import Intake, intake_of
from sanitizer_api.lineage.models import LineageDataset, LineageJob
from sanitizer_api.lineage.paths import EncodedRoute
from sanitizer_api.lineage.receiving import BatchAnswer, InvalidEventError
from sanitizer_api.lineage.spec import moment_of
from sanitizer_api.lineage.telling import run_views
from sanitizer_api.lineage.views import (
    EventsView,
    FacetsView,
    FieldGraphView,
    GraphView,
    RunView,
    SearchView,
)
from sanitizer_api.problems import ApiError, NotFoundError
from sanitizer_api.state import StateOf

router = APIRouter(tags=["lineage"], route_class=EncodedRoute)
SMALL, FEW = 100_000, 10
"""Bytes and events below which a thread of their own costs more than the work."""
IntakeOf = Annotated[Intake, Depends(intake_of)]
NodeId = Annotated[str, Query(alias="nodeId", max_length=40_000, description=nodes.FORMS)]
Depth = Annotated[int, Query(ge=0, le=100, description="How many jobs away.")]
Limit = Annotated[int, Query(ge=0, le=10_000)]
Offset = Annotated[int, Query(ge=0, le=2**31)]
Moment = Annotated[str, Query(max_length=60, description="A moment (ISO 8601); empty: any.")]
_EVENT = {"type": "object", "description": "A RunEvent, JobEvent or DatasetEvent of OpenLineage."}
_EXAMPLE = {
    "eventType": "COMPLETE", "eventTime": "2026-01-31T12:00:00Z",
    "run": {"runId": "0193a3c0-0000-7000-8000-000000000000"}, "job": {"namespace": "airflow", "name": "shop.load"},
    "inputs": [{"namespace": "postgres://db:5432", "name": "shop.public.orders"}],
    "outputs": [{"namespace": "s3://lake", "name": "orders"}],
    "producer": "https://example.com/etl", "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
}  # fmt: skip


def _body(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/lineage", status_code=201, response_model=BatchAnswer, responses={200: {"model": BatchAnswer}},
    openapi_extra=_body({"oneOf": [_EVENT, {"type": "array", "items": _EVENT}]}, _EXAMPLE),
)  # fmt: skip
async def receive(
    request: Request, response: Response, known: Reporter, state: StateOf, intake: IntakeOf
) -> BatchAnswer:
    """Takes in an event of OpenLineage, or an array of them; gzip is taken. Sending one twice is safe.

    One event that is wrong is refused (422). Of an array, the good ones are taken and the others are told.
    """
    told = await _told(request, state.settings.body_limit)
    if isinstance(told, list):
        response.status_code = 200
    return await _taken(told, intake, known.organisation)


@router.post("/lineage/batch", openapi_extra=_body({"type": "array", "items": _EVENT}, [_EXAMPLE]))
async def receive_batch(request: Request, known: Reporter, state: StateOf, intake: IntakeOf) -> BatchAnswer:
    """Takes in an array of events, and tells what became of them."""
    told = await _told(request, state.settings.body_limit)
    if not isinstance(told, list):
        raise ApiError("a batch is an array of events", hint="Send one event to /lineage.")
    return await _taken(told, intake, known.organisation)


async def _told(request: Request, limit: int) -> Any:
    body, encoding = await request.body(), request.headers.get("content-encoding", "")
    plain = receiving.unpacked(body, encoding.strip().lower(), limit * receiving.UNPACKED)
    return receiving.parsed(plain) if len(plain) < SMALL else await run_in_threadpool(receiving.parsed, plain)


async def _taken(told: Any, intake: Intake, organisation: uuid.UUID) -> BatchAnswer:
    many = isinstance(told, list) and len(told) > FEW
    batch = await run_in_threadpool(receiving.batch_of, told) if many else receiving.batch_of(told)
    if batch.failed and not isinstance(told, list):
        raise InvalidEventError(batch.failed[0].reason, hint="See https://openlineage.io/spec/2-0-2/OpenLineage.json.")
    await intake.take(organisation, batch.events)
    return batch.answer()


@router.get("/lineage")
async def lineage(known: Reader, session: OwnSession, node: NodeId, depth: Depth = 20) -> GraphView:
    """Jobs and datasets around a job or dataset."""
    return await walking.around(session, await nodes.found(session, known.organisation, node), depth)


@router.get("/column-lineage")
async def column_lineage(
    known: Reader,
    session: OwnSession,
    node: NodeId,
    depth: Depth = 20,
    downstream: Annotated[bool, Query(alias="withDownstream")] = False,
) -> FieldGraphView:
    """What the columns of a job or dataset, or one column, come from, and on request what comes from them."""
    start = await nodes.found(session, known.organisation, node)
    return await walking.columns_around(session, start, depth, downstream=downstream)


@router.get("/events/lineage")
async def events(
    known: Reader,
    session: OwnSession,
    before: Moment = "",
    after: Moment = "",
    limit: Limit = 100,
    offset: Offset = 0,
    direction: Annotated[Literal["asc", "desc"], Query(alias="sortDirection")] = "desc",
) -> EventsView:
    """Events as they came in."""
    found, total = await repository.events(
        session, _moment(before), _moment(after), newest=direction == "desc", limit=limit, offset=offset
    )
    return EventsView(events=list(found), total_count=total)


def _moment(text: str) -> datetime | None:
    try:
        return moment_of(text) if text else None
    except ValueError as error:
        raise ApiError(f"{text!r} {error}") from None


@router.get("/jobs/runs/{run_id}")
async def run(run_id: uuid.UUID, known: Reader, session: OwnSession) -> RunView:
    """A run, with the versions of datasets that it read and wrote."""
    found = await repository.run(session, run_id)
    if found is None:
        raise NotFoundError("no event told of such a run")
    (view,) = await run_views(session, [found])
    return view


@router.get("/jobs/runs/{run_id}/facets")
async def facets(
    run_id: uuid.UUID, known: Reader, session: OwnSession, kind: Annotated[Literal["run", "job"], Query(alias="type")]
) -> FacetsView:
    """The facets of a run, or of its job as the run's events had them."""
    found = await repository.run(session, run_id)
    if found is None:
        raise NotFoundError("no event told of such a run")
    return FacetsView(run_id=run_id, facets=found.facets if kind == "run" else found.job_facets)


@router.get("/search")
async def search(
    known: Reader,
    session: OwnSession,
    q: Annotated[str, Query(min_length=1, max_length=1000, description="A part of a name; % and _ as in LIKE.")],
    kind: Annotated[Literal["JOB", "DATASET", "job", "dataset"] | None, Query(alias="filter")] = None,
    sort: Annotated[Literal["NAME", "UPDATED_AT", "UPDATE_AT", "name", "updated_at"], Query()] = "name",
    limit: Limit = 10,
    namespace: Annotated[str | None, Query(max_length=10_000)] = None,
    before: date | None = None,
    after: date | None = None,
) -> SearchView:
    """Jobs and datasets by name."""
    tables = [LineageJob] * (kind in (None, "JOB", "job")) + [LineageDataset] * (kind in (None, "DATASET", "dataset"))
    found = await searching.search(
        session, q, tables, namespace=namespace, after=after, before=before, newest=sort.lower() != "name", limit=limit
    )
    return SearchView(total_count=len(found), results=found)
