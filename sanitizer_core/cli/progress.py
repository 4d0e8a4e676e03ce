"""Progress on a terminal; nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sanitizer_core.pipeline.watch import Watch


@contextmanager
def watching(shown: bool = True) -> Iterator[Watch]:
    """Shows where a run is as it goes on (phase, rows, rate, time left); the terminal is as before when it ends."""
    watch = Watch()
    if not shown or not sys.stderr.isatty():
        yield watch
        return
    # Rich takes longer to import than a small run takes; a pipe needs none of it.
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TimeElapsedColumn
    from rich.text import Text

    class Where(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(watch.told())

    with Progress(
        SpinnerColumn(), TimeElapsedColumn(), Where(), console=Console(stderr=True), transient=True
    ) as progress:
        progress.add_task("run", total=None)
        yield watch
