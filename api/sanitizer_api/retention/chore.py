"""Purging as workers do it, once an hour."""

from __future__ import annotations

from sanitizer_api.queue.kinds import Chore, Parts
from sanitizer_api.retention.purging import Purge


async def purge(parts: Parts) -> None:
    """Takes away what has been kept long enough."""
    await Purge(parts.database, parts.settings, parts.store).all()


CHORE = Chore("purge", "17 * * * *", purge)
