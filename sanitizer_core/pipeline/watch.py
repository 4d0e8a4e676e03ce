"""Looking at a run from outside while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Watch:
    """Where a run is. The run writes it; another thread may read it at any time.

    Args:
        phase: what the run does now.
        percent: how much of the statement that runs now is done, from 0 to 100; below 0 when nobody knows.
        rows: rows of the input, once they are counted; 0 before.
        expected: about how many they are, before they are counted; 0 when nobody knows.
        pace: rows that were read in a second, once they are counted, where no percentage tells how fast it goes.
    """

    phase: str = "starting"
    percent: Callable[[], float] = field(default=lambda: -1.0)
    rows: Callable[[], int] = field(default=lambda: 0)
    expected: Callable[[], int] = field(default=lambda: 0)
    pace: Callable[[], float] = field(default=lambda: 0.0)
    began: float = field(default_factory=time.perf_counter)

    def begin(self, phase: str) -> None:
        """The run begins a phase."""
        self.phase, self.began = phase, time.perf_counter()

    def told(self) -> str:
        """One line for people: ``clean: 2,000,000 rows, 41 %, 480,000 rows/s, 3 s left``."""
        percent, rows, seconds = self.percent(), self.rows(), time.perf_counter() - self.began
        parts = [f"{rows:,} rows"] if rows else [f"about {about:,} rows"] if (about := self.expected()) else []
        if 0 < percent < 100:
            done = percent / 100
            parts.append(f"{percent:.0f} %")
            parts += [f"{rows * done / seconds:,.0f} rows/s"] if rows and seconds > 0.5 else []
            parts += [f"{seconds * (1 - done) / done:.0f} s left"] if seconds > 0.5 else []
        elif rows and (pace := self.pace()):
            parts.append(f"read at {pace:,.0f} rows/s")
        return f"{self.phase}: {', '.join(parts)}" if parts else self.phase
