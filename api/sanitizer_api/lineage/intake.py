"""Many requests with events at once, written together."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import Request

from sanitizer_api.db.engine import Database
from sanitizer_api.db.scope import Scope
from sanitizer_api.lineage import service
from sanitizer_api.lineage.service import Received


@dataclass(frozen=True)
class Delivery:
    """The events of one request, and who waits for them to be kept."""

    events: Sequence[Received]
    kept: asyncio.Future[None]


@dataclass(frozen=True)
class Intake:
    """Takes in events, one transaction of an organisation at a time: what comes meanwhile is the next, all of it.

    Only one transaction may change the graph of an organisation anyway, so that requests which wait for each other wait
    for one commit, and not for each its own.
    """

    database: Database
    _waiting: dict[uuid.UUID, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    _busy: dict[uuid.UUID, asyncio.Task[None]] = field(default_factory=dict)

    async def take(self, organisation: uuid.UUID, events: Sequence[Received]) -> None:
        """Comes back once the events are kept, for good; raises what their own transaction raised."""
        if not events:
            return
        delivery = Delivery(events, asyncio.get_running_loop().create_future())
        self._waiting[organisation].append(delivery)
        if organisation not in self._busy:
            self._busy[organisation] = asyncio.create_task(self._work(organisation))
        await delivery.kept

    async def _work(self, organisation: uuid.UUID) -> None:
        try:
            while deliveries := self._waiting.pop(organisation, None):
                await self._together(organisation, deliveries)
        finally:
            del self._busy[organisation]

    async def _together(self, organisation: uuid.UUID, deliveries: Sequence[Delivery]) -> None:
        """In one transaction; if that fails, each in its own, so that nobody suffers from what others sent."""
        (failure,) = await asyncio.gather(self._written(organisation, deliveries), return_exceptions=True)
        if failure is not None and len(deliveries) > 1:
            for each in deliveries:
                await self._together(organisation, [each])
            return
        for each in deliveries:
            if each.kept.done():  # Whoever waited is gone.
                continue
            each.kept.set_result(None) if failure is None else each.kept.set_exception(failure)

    async def _written(self, organisation: uuid.UUID, deliveries: Sequence[Delivery]) -> None:
        async with self.database.session(Scope(organisation)) as session:
            await service.take_in(session, organisation, [event for each in deliveries for event in each.events])


async def intake_of(request: Request) -> Intake:
    """Who takes in events in this app."""
    known = request.app.state.intake
    assert isinstance(known, Intake)
    return known
