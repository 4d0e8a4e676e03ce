"""Getting the rows that events touch, and putting them back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.db.base import Base
from sanitizer_api.lineage.graph import Graph
from sanitizer_api.lineage.models import (
    LineageColumn,
    LineageDataset,
    LineageEvent,
    LineageJob,
    LineageLink,
    LineageNamespace,
    LineageRun,
    LineageUse,
    LineageVersion,
)
from sanitizer_api.lineage.naming import Name, NamedEvent

R = TypeVar("R", bound=Base)


async def one_at_a_time(session: AsyncSession, organisation: uuid.UUID) -> None:
    """Waits for whoever changes the organisation's graph, until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"lineage {organisation}", 0))))


async def keep_events(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Keeps events, and gives the digests of those that are new."""
    statement = insert(LineageEvent).on_conflict_do_nothing().returning(LineageEvent.digest)
    return set(await session.scalars(statement, rows)) if rows else set()


async def load(session: AsyncSession, organisation: uuid.UUID, events: Sequence[NamedEvent]) -> Graph:
    """The part of the graph that events touch."""
    named = [each for event in events for each in event.datasets]
    datasets = [each.name for each in named]
    jobs = [job for event in events for job in (event.job, event.parent_job) if job is not None]
    runs = [run for event in events for run in (event.run, event.parent_run) if run is not None]
    return Graph(
        organisation,
        namespaces=await _rows(session, LineageNamespace, (each.namespace_id for each in (*datasets, *jobs))),
        jobs=await _rows(session, LineageJob, (each.id for each in jobs)),
        datasets=await _rows(session, LineageDataset, (each.id for each in datasets)),
        runs=await _rows(session, LineageRun, (each.id for each in runs)),
        uses=await _rows(session, LineageUse, (each.use for each in named)),
        versions=await _rows(session, LineageVersion, (each.version for each in named)),
        links=await _rows(session, LineageLink, (each.link for each in named)),
    )


async def _rows(session: AsyncSession, table: type[R], ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, R]:
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    found = await session.scalars(select(table).where(table.__table__.c.id == any_(_array(wanted))))
    return {row.id: row for row in found}  # type: ignore[attr-defined]


def _array(ids: Iterable[uuid.UUID]) -> Any:
    return bindparam(None, list(ids), type_=ARRAY(Uuid()))


async def store(session: AsyncSession, graph: Graph) -> None:
    """Writes the graph back, its new column lineage in the place of the old."""
    for rows in (graph.namespaces, graph.jobs, graph.datasets, graph.runs, graph.versions, graph.uses, graph.links):
        session.add_all(rows.values())
    await session.flush()
    if graph.columns:
        await _replace_columns(session, graph)
    await _mark_current(session, {link.job_id for link in graph.links.values()})


async def _replace_columns(session: AsyncSession, graph: Graph) -> None:
    unnamed = [_bare(graph.organisation, each) for known, each in graph.sources.items() if known not in graph.datasets]
    if unnamed:
        await session.execute(insert(LineageDataset).on_conflict_do_nothing(), unnamed)
    await session.execute(delete(LineageColumn).where(LineageColumn.link_id == any_(_array(graph.columns))))
    session.add_all([edge for edges in graph.columns.values() for edge in edges.values()])
    await session.flush()


def _bare(organisation: uuid.UUID, name: Name) -> dict[str, Any]:
    """A dataset of which no event said more than that columns come from it."""
    now = datetime.now(UTC)
    return {
        "id": name.id, "organisation_id": organisation, "namespace_id": name.namespace_id, "namespace": name.namespace,
        "name": name.name, "created_at": now, "updated_at": now, "facets": {}, "facet_times": {}, "fields": [],
    }  # fmt: skip


async def _mark_current(session: AsyncSession, jobs: set[uuid.UUID]) -> None:
    """A link is current when the run whose datasets are the job's own used the dataset."""
    if not jobs:
        return
    used = exists(
        select(literal(1))
        .select_from(LineageUse)
        .join(LineageJob, LineageUse.run == LineageJob.current)
        .where(
            LineageJob.id == LineageLink.job_id,
            LineageUse.dataset_id == LineageLink.dataset_id,
            LineageUse.direction == LineageLink.direction,
        )
        .correlate(LineageLink)
    )
    changed = (LineageLink.job_id == any_(_array(jobs))) & (LineageLink.current != used)
    await session.execute(
        update(LineageLink).where(changed).values(current=used), execution_options={"synchronize_session": False}
    )
