"""Progress on a terminal; nothing in a pipe."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from sanitizer_core.cli.console import err
from sanitizer_core.run.session import OnPhase, quiet


@contextmanager
def phases(shown: bool) -> Iterator[OnPhase]:
    """Shows each phase as it goes on, and how long it took; the terminal is as before when the block ends."""
    if not shown or not err.is_terminal:
        yield quiet
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("starting", total=None)
        began = time.perf_counter()

        def on_phase(phase: str) -> None:
            progress.update(task, description=f"{phase} ({time.perf_counter() - began:.1f} s)")

        yield on_phase
