"""The cost of a whole process: wall time, processor time and peak memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one process took.

    Args:
        seconds: wall time from start to end.
        cpu: seconds of all cores.
        peak: resident memory at most, in MB.
    """

    seconds: float
    cpu: float
    peak: float


class ContestantError(Exception):
    """A process that was to be timed failed; with the end of what it said."""


def cost_of(command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> Cost:
    """Runs a process in a folder and waits for it.

    Raises:
        ContestantError: it ended with an error.
    """
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(environment or {}), stdout=subprocess.DEVNULL, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 2):
            said.seek(0)
            raise ContestantError(said.read().decode(errors="replace")[-2000:])
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _environment(further: dict[str, str]) -> dict[str, str]:
    """Ours, but that Python keeps its bytecode, as it does for packages that pip installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | further
