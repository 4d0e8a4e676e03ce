"""Every query about jobs, runs and datasets of the graph."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sanitizer_api.lineage.models import (
    LineageColumn,
    LineageDataset,
    LineageEvent,
    LineageJob,
    LineageLink,
    LineageNamespace,
    LineageRun,
    LineageTagged,
    LineageUse,
    LineageVersion,
)

SHOWN_RUNS = 10
"""How many of its last runs a job is told with."""


async def namespaces(session: AsyncSession) -> Sequence[LineageNamespace]:
    """Every namespace, by name."""
    return (await session.scalars(select(LineageNamespace).order_by(LineageNamespace.name))).all()


async def jobs(
    session: AsyncSession, namespace: uuid.UUID | None, states: Sequence[str], limit: int, offset: int
) -> tuple[Sequence[LineageJob], int]:
    """A part of the jobs, those that changed last first, and how many there are."""
    query = select(LineageJob).where(LineageJob.hidden_at.is_(None))
    if namespace is not None:
        query = query.where(LineageJob.namespace_id == namespace)
    if states:
        query = query.where(_latest_state().in_(states))
    return await _part(session, query, LineageJob, limit, offset)


def _latest_state() -> Any:
    latest = select(LineageRun.state).where(LineageRun.job_id == LineageJob.id).correlate(LineageJob)
    return latest.order_by(LineageRun.created_at.desc(), LineageRun.id).limit(1).scalar_subquery()


async def datasets(
    session: AsyncSession, namespace: uuid.UUID, limit: int, offset: int
) -> tuple[Sequence[LineageDataset], int]:
    """A part of a namespace's datasets, and how many there are."""
    query = select(LineageDataset).where(LineageDataset.hidden_at.is_(None), LineageDataset.namespace_id == namespace)
    return await _part(session, query, LineageDataset, limit, offset)


async def _part(
    session: AsyncSession, query: Select[Any], table: type[LineageJob | LineageDataset], limit: int, offset: int
) -> tuple[Sequence[Any], int]:
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(table.updated_at.desc(), table.name, table.id).limit(limit).offset(offset)
    return (await session.scalars(ordered)).all(), total


async def job(session: AsyncSession, key: uuid.UUID) -> LineageJob | None:
    """A job that is not deleted."""
    return await session.scalar(select(LineageJob).where(LineageJob.id == key, LineageJob.hidden_at.is_(None)))


async def dataset(session: AsyncSession, key: uuid.UUID) -> LineageDataset | None:
    """A dataset that is not deleted."""
    query = select(LineageDataset).where(LineageDataset.id == key, LineageDataset.hidden_at.is_(None))
    return await session.scalar(query)


async def jobs_by_key(session: AsyncSession, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, LineageJob]:
    """Jobs by their keys, without deleted ones."""
    query = select(LineageJob).where(LineageJob.id.in_(list(keys)), LineageJob.hidden_at.is_(None))
    return {row.id: row for row in await session.scalars(query)}


async def datasets_by_key(session: AsyncSession, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, LineageDataset]:
    """Datasets by their keys, without deleted ones."""
    query = select(LineageDataset).where(LineageDataset.id.in_(list(keys)), LineageDataset.hidden_at.is_(None))
    return {row.id: row for row in await session.scalars(query)}


async def run(session: AsyncSession, run_id: uuid.UUID) -> LineageRun | None:
    """A run by the id that events have."""
    return await session.scalar(select(LineageRun).where(LineageRun.run_id == run_id))


async def runs(session: AsyncSession, key: uuid.UUID, limit: int, offset: int) -> tuple[Sequence[LineageRun], int]:
    """A part of a job's runs, the newest first, and how many there are."""
    query = select(LineageRun).where(LineageRun.job_id == key)
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(LineageRun.created_at.desc(), LineageRun.id).limit(limit).offset(offset)
    return (await session.scalars(ordered)).all(), total


async def runs_by_key(session: AsyncSession, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, LineageRun]:
    """Runs by their keys."""
    query = select(LineageRun).where(LineageRun.id.in_(list(keys)))
    return {row.id: row for row in await session.scalars(query)}


async def last_runs(session: AsyncSession, keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[LineageRun]]:
    """The last runs of jobs, the newest first; each job's are found by its index."""
    found: dict[uuid.UUID, list[LineageRun]] = defaultdict(list)
    if keys:
        newest = select(LineageRun).where(LineageRun.job_id == LineageJob.id).correlate(LineageJob)
        newest = newest.order_by(LineageRun.created_at.desc(), LineageRun.id).limit(SHOWN_RUNS)
        row = aliased(LineageRun, newest.lateral())
        query = select(row).select_from(LineageJob).join(row, true()).where(LineageJob.id.in_(keys))
        for each in await session.scalars(query.order_by(row.created_at.desc(), row.id)):
            found[each.job_id].append(each)
    return found


async def uses(session: AsyncSession, keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[LineageUse]]:
    """What runs read and wrote."""
    found: dict[uuid.UUID, list[LineageUse]] = defaultdict(list)
    if keys:
        query = select(LineageUse).where(LineageUse.run.in_(keys)).order_by(LineageUse.created_at, LineageUse.id)
        for each in await session.scalars(query):
            found[each.run].append(each)
    return found


async def links(
    session: AsyncSession, *, jobs: Iterable[uuid.UUID] = (), datasets: Iterable[uuid.UUID] = ()
) -> Sequence[LineageLink]:
    """What jobs use now, by the jobs or by the datasets; neither of them deleted."""
    either = LineageLink.job_id.in_(list(jobs)) | LineageLink.dataset_id.in_(list(datasets))
    query = (
        select(LineageLink)
        .join(LineageJob, LineageJob.id == LineageLink.job_id)
        .join(LineageDataset, LineageDataset.id == LineageLink.dataset_id)
        .where(LineageLink.current, either, LineageJob.hidden_at.is_(None), LineageDataset.hidden_at.is_(None))
    )
    return (await session.scalars(query)).all()


async def tagged(session: AsyncSession, keys: Iterable[uuid.UUID]) -> dict[tuple[uuid.UUID, str], list[str]]:
    """Tags by node and column; the column is empty for the node itself."""
    found: dict[tuple[uuid.UUID, str], list[str]] = defaultdict(list)
    query = select(LineageTagged).where(LineageTagged.node_id.in_(list(keys))).order_by(LineageTagged.tag)
    for each in await session.scalars(query):
        found[each.node_id, each.field].append(each.tag)
    return found


async def versions(
    session: AsyncSession, key: uuid.UUID, limit: int, offset: int
) -> tuple[Sequence[LineageVersion], int]:
    """A part of a dataset's versions, the newest first: those that were written, or else those that readers saw."""
    query = select(LineageVersion).where(LineageVersion.dataset_id == key)
    written = await session.scalar(select(query.where(LineageVersion.written).exists()))
    query = query.where(LineageVersion.written) if written else query
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(LineageVersion.created_at.desc(), LineageVersion.id).limit(limit).offset(offset)
    return (await session.scalars(ordered)).all(), total


async def version(session: AsyncSession, key: uuid.UUID, version: uuid.UUID) -> LineageVersion | None:
    """A version of a dataset."""
    query = select(LineageVersion).where(LineageVersion.dataset_id == key, LineageVersion.id == version)
    return await session.scalar(query)


async def edges_into(session: AsyncSession, keys: Iterable[uuid.UUID]) -> Sequence[LineageColumn]:
    """What columns of datasets come from, by what jobs do now."""
    return await _edges(session, LineageColumn.output_id.in_(list(keys)))


async def edges_out_of(session: AsyncSession, keys: Iterable[uuid.UUID]) -> Sequence[LineageColumn]:
    """What comes from columns of datasets, by what jobs do now."""
    return await _edges(session, LineageColumn.input_id.in_(list(keys)))


async def _edges(session: AsyncSession, wanted: Any) -> Sequence[LineageColumn]:
    query = select(LineageColumn).join(LineageLink, LineageLink.id == LineageColumn.link_id)
    order = (LineageColumn.output_field, LineageColumn.input_field, LineageColumn.id)
    return (await session.scalars(query.where(LineageLink.current, wanted).order_by(*order))).all()


async def events(
    session: AsyncSession, before: datetime | None, after: datetime | None, *, newest: bool, limit: int, offset: int
) -> tuple[Sequence[dict[str, Any]], int]:
    """A part of the events between two moments, and how many there are."""
    query = select(LineageEvent.payload)
    if before is not None:
        query = query.where(LineageEvent.event_time < before)
    if after is not None:
        query = query.where(LineageEvent.event_time >= after)
    total = await session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    order = (LineageEvent.event_time, LineageEvent.id)
    query = query.order_by(*((each.desc() for each in order) if newest else order)).limit(limit).offset(offset)
    return (await session.scalars(query)).all(), total


async def any_event_of_run(session: AsyncSession, run_id: uuid.UUID) -> bool:
    """Whether there are events of a run."""
    return await session.scalar(select(LineageEvent.id).where(LineageEvent.run_id == run_id).limit(1)) is not None
