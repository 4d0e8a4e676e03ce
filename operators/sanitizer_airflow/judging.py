"""When what was found fails a task."""

from __future__ import annotations

from typing import Literal, get_args

FailOn = Literal["error", "warning", "never"]


def check_fail_on(fail_on: str) -> None:
    """Refuses another word, when the DAG is parsed.

    Raises:
        ValueError: with the words that there are.
    """
    if fail_on not in get_args(FailOn):
        raise ValueError(f"fail_on is {fail_on!r}; allowed: {', '.join(get_args(FailOn))}")


def fails(status: str, fail_on: str) -> bool:
    """Whether a status (``passed``, ``warned`` or ``failed``) fails the task."""
    return fail_on != "never" and (status == "failed" or (status == "warned" and fail_on == "warning"))
