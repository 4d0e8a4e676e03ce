"""All that a worker can do: another kind of job, or another chore, is a line here."""

from __future__ import annotations

from sanitizer_api.jobs import cleaning
from sanitizer_api.queue.kinds import Chore, Kind, Parts
from sanitizer_api.restoring import undoing
from sanitizer_api.retention import chore as retention
from sanitizer_api.webhooks.sending import deliver_due
from sanitizer_api.worker.reaping import reap


async def tell_webhooks(parts: Parts) -> None:
    """Tells webhooks what is due."""
    await deliver_due(parts.database, parts.settings)


KINDS: tuple[Kind, ...] = (cleaning.KIND, undoing.KIND)
CHORES: tuple[Chore, ...] = (
    Chore("reap", "* * * * * */5", reap),
    Chore("webhooks", "* * * * * */2", tell_webhooks),
    retention.CHORE,
)
