"""The command line."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from types import FrameType

from sanitizer_core.cli.app import app
from sanitizer_core.cli.app import main as command

__all__ = ["app", "main"]

TERMINATED = 128 + signal.SIGTERM


def main() -> None:
    """The command line as a process of its own, which it ends.

    To take apart every module and object takes an eighth of a small run, for memory that is given back with the process.
    """
    told: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        told.append(number)
        raise KeyboardInterrupt

    # What Ctrl-C clears away, a scratch folder full of cells among it, is not left by whoever ends a container either.
    signal.signal(signal.SIGTERM, stop)
    try:
        command()
    except SystemExit as leaving:
        code = TERMINATED if told and leaving.code else leaving.code
        _end(code)
        sys.exit(code)


def _end(code: object) -> None:
    """Ends the process, unless something else still goes on in it, or what was said cannot be handed on."""
    if not isinstance(code, int) or threading.active_count() > 1:
        return
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(code)
