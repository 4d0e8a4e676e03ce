"""Finding jobs and datasets by name, and counting what came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.lineage import nodes
from sanitizer_api.lineage.models import LineageDataset, LineageEvent, LineageJob
from sanitizer_api.lineage.views import CountPoint, EventPoint, Found

Table = type[LineageJob | LineageDataset]


async def search(
    session: AsyncSession, text: str, tables: Sequence[Table], *, namespace: str | None, after: date | None,
    before: date | None, newest: bool, limit: int,
) -> list[Found]:  # fmt: skip
    """Jobs and datasets whose names hold a text (``%`` and ``_`` as in ``LIKE``), whatever its capitals."""
    found = [
        each for table in tables for each in await _named(session, table, text, namespace, after, before, newest, limit)
    ]  # fmt: skip
    if newest:
        return sorted(found, key=lambda each: (each.updated_at, each.node_id), reverse=True)[:limit]
    return sorted(found, key=lambda each: (each.name, each.node_id))[:limit]


async def _named(
    session: AsyncSession, table: Table, text: str, namespace: str | None, after: date | None, before: date | None,
    newest: bool, limit: int,
) -> list[Found]:  # fmt: skip
    query = select(table).where(table.hidden_at.is_(None), table.name.ilike(f"%{_whole(text)}%"))
    if namespace is not None:
        query = query.where(table.namespace == namespace)
    if after is not None:
        query = query.where(table.updated_at >= datetime.combine(after, time(), UTC))
    if before is not None:
        query = query.where(table.updated_at < datetime.combine(before, time(), UTC))
    order: Any = table.updated_at.desc() if newest else table.name
    rows: Any = await session.scalars(query.order_by(order, table.id).limit(limit))
    return [_found(row) for row in rows]


def _whole(text: str) -> str:
    """A pattern without a lone escape at its end, which ``LIKE`` refuses."""
    return text + "\\" if (len(text) - len(text.rstrip("\\"))) % 2 else text


def _found(row: LineageJob | LineageDataset) -> Found:
    kind: Literal["JOB", "DATASET"] = "JOB" if isinstance(row, LineageJob) else "DATASET"
    node = nodes.job_id(row) if isinstance(row, LineageJob) else nodes.dataset_id(row)
    return Found(type=kind, name=row.name, namespace=row.namespace, node_id=node, updated_at=row.updated_at)


def intervals(period: Literal["DAY", "WEEK"], zone: ZoneInfo, now: datetime) -> list[tuple[datetime, datetime]]:
    """The last 24 hours, hour by hour, or the last 7 days of a time zone, the newest last."""
    if period == "DAY":
        last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return [(last - timedelta(hours=back), last - timedelta(hours=back - 1)) for back in range(23, -1, -1)]
    today = now.astimezone(zone).date()
    days = [datetime.combine(today - timedelta(days=back), time(), zone).astimezone(UTC) for back in range(6, -2, -1)]
    return list(pairwise(days))


async def events_by_type(session: AsyncSession, parts: Sequence[tuple[datetime, datetime]]) -> list[EventPoint]:
    """How many events of each type there were in each interval."""
    at, kind = LineageEvent.event_time, LineageEvent.event_type
    place = func.width_bucket(at, [begin for begin, _ in parts]).label("place")
    query = select(place, kind, func.count()).where(at >= parts[0][0], at < parts[-1][1]).group_by(place, kind)
    points = [EventPoint(start_interval=begin, end_interval=end) for begin, end in parts]
    rows: Any = await session.execute(query)
    for place_of, name, many in rows:
        if name in ("START", "COMPLETE", "FAIL", "ABORT"):
            setattr(points[place_of - 1], name.lower(), many)
    return points


async def counted(
    session: AsyncSession, what: Any, moment: Any, parts: Sequence[tuple[datetime, datetime]]
) -> list[CountPoint]:
    """How many of something there were at the end of each interval.

    Args:
        what: what is counted, once each.
        moment: when it was first seen.
    """
    first = select(func.min(moment).label("first")).group_by(what).subquery()
    ends = [func.count().filter(first.c.first < end) for _, end in parts]
    row = (await session.execute(select(*ends).select_from(first))).one()
    pairs = zip(parts, row, strict=True)
    return [CountPoint(start_interval=begin, end_interval=end, count=many) for (begin, end), many in pairs]
