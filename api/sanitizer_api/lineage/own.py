"""Our own runs in the graph: the events of a run that was reported, where nobody sent any."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.lineage import repository, service
from sanitizer_api.lineage.service import Received
from sanitizer_core.lineage import restored_event, run_events, text_of
from sanitizer_core.record import RunRecord

_log = logging.getLogger("sanitizer.lineage")


async def take_in_run(session: AsyncSession, organisation: uuid.UUID, record: RunRecord) -> None:
    """Lets a run enter the graph; one whose events came already, from where it ran, is there.

    A record that was not written by us may hold what no event can say: it is kept all the same, outside of the graph.
    """
    await service.take_in(session, organisation, await events_of(session, record))


async def events_of(session: AsyncSession, record: RunRecord) -> list[Received]:
    """The events of a run, always the same ones; none where some came already, from where it ran."""
    if await repository.any_event_of_run(session, uuid.UUID(record.run_id)):
        return []
    return _events(record, lambda: run_events(record, here=False))


async def take_in_undoing(
    session: AsyncSession, organisation: uuid.UUID, record: RunRecord, name: str, rows: int, job: uuid.UUID
) -> None:
    """Lets it enter the graph that a job wrote the input of a run again, as a dataset of a name (see ``take_in_run``)."""
    now = datetime.now(UTC)
    events = _events(record, lambda: [restored_event(record, name, rows, str(job), now)])
    await service.take_in(session, organisation, events)


def _events(record: RunRecord, told: Callable[[], Iterable[Any]]) -> list[Received]:
    try:
        return [service.received(json.loads(text_of(each))) for each in told()]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        _log.warning("a record makes no events", extra={"fields": {"run": record.run_id, "why": type(error).__name__}})
        return []
