"""All that a worker can do: another kind of job, or another chore, is a line here."""

from __future__ import annotations

from sanitizer_api.jobs import cleaning
from sanitizer_api.queue.kinds import Chore, Kind
from sanitizer_api.worker.reaping import reap

KINDS: tuple[Kind, ...] = (cleaning.KIND,)
CHORES: tuple[Chore, ...] = (Chore("reap", "* * * * * */5", reap),)
