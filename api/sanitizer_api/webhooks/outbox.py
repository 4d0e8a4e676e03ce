"""Writing down what is to be told, in the transaction in which it happened: told if that is committed, and only then."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.webhooks.models import Delivery, Webhook


class Event(StrEnum):
    """What can happen."""

    GATE_FAILED = "gate.failed"
    ANOMALY = "score.anomaly"
    JOB_FAILED = "job.failed"
    TEST = "test"


async def tell(session: AsyncSession, event: Event, about: dict[str, Any]) -> int:
    """Has every webhook of the session's organisation told that wants to know; gives how many there are.

    Args:
        about: plain JSON data; never a cell of a table.
    """
    hooks = (await session.scalars(select(Webhook).where(Webhook.active.is_(True)))).all()
    wanting = [hook for hook in hooks if event in hook.events]
    session.add_all(delivery(hook, event, about) for hook in wanting)
    await session.flush()
    return len(wanting)


def delivery(hook: Webhook, event: Event, about: dict[str, Any]) -> Delivery:
    """A delivery that is due at once."""
    now = datetime.now(UTC)
    payload = {"type": event.value, "timestamp": now.isoformat(), "data": about}
    return Delivery(webhook_id=hook.id, event=event.value, payload=payload, next_at=now)
