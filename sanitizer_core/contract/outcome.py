"""What became of a check that is no condition on a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What became of a check.

    Args:
        checked: rows that were asked.
        failed: rows whose ids are stored; all rows where the check speaks of them as a whole and fails.
        whole: whether it failed as a whole.
        error: what its function raised.
    """

    checked: int
    failed: int
    whole: bool = False
    error: str | None = None
