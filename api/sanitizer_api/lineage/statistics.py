"""Routes of what came in over the last day or week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from fastapi import APIRouter, Depends, Query

from sanitizer_api.identity.caller import OwnSession, Reader
from sanitizer_api.lineage import searching
from sanitizer_api.lineage.models import LineageDataset, LineageJob
from sanitizer_api.lineage.views import CountPoint, EventPoint
from sanitizer_api.problems import ApiError

router = APIRouter(prefix="/stats", tags=["lineage"])


async def asked(
    period: Literal["DAY", "WEEK"], timezone: Annotated[str, Query(max_length=100, examples=["Europe/Berlin"])] = "UTC"
) -> list[tuple[datetime, datetime]]:
    """The intervals that are asked for."""
    if timezone not in available_timezones():
        raise ApiError(f"there is no time zone {timezone!r}", hint="It looks like Europe/Berlin.")
    return searching.intervals(period, ZoneInfo(timezone), datetime.now(UTC))


Intervals = Annotated[Sequence[tuple[datetime, datetime]], Depends(asked)]


@router.get("/lineage-events")
async def events(known: Reader, session: OwnSession, parts: Intervals) -> list[EventPoint]:
    """How many events of each type there were."""
    return await searching.events_by_type(session, parts)


@router.get("/jobs")
async def jobs(known: Reader, session: OwnSession, parts: Intervals) -> list[CountPoint]:
    """How many jobs there were."""
    return await searching.counted(session, LineageJob.id, LineageJob.created_at, parts)


@router.get("/datasets")
async def datasets(known: Reader, session: OwnSession, parts: Intervals) -> list[CountPoint]:
    """How many datasets there were."""
    return await searching.counted(session, LineageDataset.id, LineageDataset.created_at, parts)


@router.get("/sources")
async def sources(known: Reader, session: OwnSession, parts: Intervals) -> list[CountPoint]:
    """In how many namespaces there were datasets."""
    return await searching.counted(session, LineageDataset.namespace_id, LineageDataset.created_at, parts)
