"""Our own runs in the graph: the events of a run that was reported, where nobody sent any."""

from __future__ import annotations

import json
import logging
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.lineage import repository, service
from sanitizer_core.lineage import run_events, text_of
from sanitizer_core.record import RunRecord

_log = logging.getLogger("sanitizer.lineage")


async def take_in_run(session: AsyncSession, organisation: uuid.UUID, record: RunRecord) -> None:
    """Lets a run enter the graph; one whose events came already, from where it ran, is there.

    A record that was not written by us may hold what no event can say: it is kept all the same, outside of the graph.
    """
    if await repository.events_of_run(session, uuid.UUID(record.run_id)):
        return
    try:
        events = [service.received(json.loads(text_of(each))) for each in run_events(record, here=False)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        _log.warning("a record makes no events", extra={"fields": {"run": record.run_id, "why": type(error).__name__}})
        return
    await service.take_in(session, organisation, events)
