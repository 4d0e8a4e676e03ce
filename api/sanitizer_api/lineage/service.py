"""Taking events in."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.lineage import storing
from sanitizer_api.lineage.graph import in_order
from sanitizer_api.lineage.naming import named
from sanitizer_api.lineage.spec import AnyEvent, RunEvent, kind_of, read

AT_ONCE = 250
"""Events that are worked on before others get their turn."""


@dataclass(frozen=True)
class Received:
    """An event as it came, and what it says."""

    told: dict[str, Any]
    event: AnyEvent
    digest: str


def received(told: Any) -> Received:
    """An event that is as the specification has it.

    Raises:
        ValueError: it is none, with every problem of it.
    """
    event = read(told)
    text = json.dumps(told, sort_keys=True)
    if "\\u0000" in text:
        raise ValueError("the character NUL is in no text of an event")
    return Received(told, event, hashlib.sha256(text.encode()).hexdigest())


async def take_in(session: AsyncSession, organisation: uuid.UUID, events: Iterable[Received]) -> int:
    """Keeps events, once each, and lets the new ones change the graph; says how many were new."""
    wanted = list({each.digest: each for each in events}.values())
    if not wanted:
        return 0
    await storing.one_at_a_time(session, organisation)
    return sum([await _part(session, organisation, wanted[at : at + AT_ONCE]) for at in range(0, len(wanted), AT_ONCE)])


async def _part(session: AsyncSession, organisation: uuid.UUID, events: Sequence[Received]) -> int:
    fresh = await storing.keep_events(session, [_row(organisation, each) for each in events])
    new = in_order(named(organisation, each.event) for each in events if each.digest in fresh)
    graph = await storing.load(session, organisation, new)
    for each in new:
        graph.take(each)
    await storing.store(session, graph)
    return len(new)


def _row(organisation: uuid.UUID, each: Received) -> dict[str, Any]:
    event = each.event
    run = event if isinstance(event, RunEvent) else None
    return {
        "id": uuid.uuid4(),
        "organisation_id": organisation,
        "event_time": event.moment,
        "kind": kind_of(event),
        "event_type": run.event_type if run else None,
        "run_id": run.run.run_id if run else None,
        "digest": each.digest,
        "payload": each.told,
    }
