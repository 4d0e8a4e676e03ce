"""What the commands share: saying things to people and to machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import typer

from sanitizer_core.errors import SanitizerError


def complain(error: SanitizerError) -> None:
    """Each problem on a line of its own, with its place and what to do."""
    for problem in error.problems:
        typer.echo(f"error: {problem}", err=True)


def say(text: str = "") -> None:
    """A line for people."""
    typer.echo(text)


def say_json(value: Any) -> None:
    """One JSON object, for machines."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None, default=str))


def warn(text: str) -> None:
    """A note beside the output."""
    typer.echo(f"note: {text}", err=True)


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``2,345 rows``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def some_of(names: Iterable[str], most: int = 20) -> str:
    """``a, b``, and of many the first and how many more there are."""
    every = list(names)
    told = ", ".join(every[:most])
    return told if len(every) <= most else f"{told} and {len(every) - most:,} more"
