"""Work in a process of its own: it can be ended at any moment, and what it does to its memory is its own affair."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import duckdb

from sanitizer_api.queue.failing import FailedError, ProcessDiedError, defect, failure_of
from sanitizer_core.pipeline.watch import Watch

_log = logging.getLogger("sanitizer.jobs")

PRELOADED = [
    "sanitizer_api.worker.kinds", "sanitizer_api.worker.prepared", "sanitizer_core.contract", "sqlglot.dialects.duckdb",
    "sqlglot.generators.duckdb", "sqlglot.parsers.duckdb", "sqlglot.optimizer.annotate_types",
]  # fmt: skip
"""All that jobs need: imported once, in the process that all others are forked from; it holds no connection and no thread."""
SHOWN_EVERY = 0.5
"""Seconds between two words of where the work is."""


@dataclass
class Progress:
    """Where an attempt is."""

    phase: str = "starting"
    percent: float | None = None
    rows: int | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, phase: str, percent: float | None = None, rows: int | None = None) -> None:
        """Says where the work is now."""
        if (phase, percent, rows) != (self.phase, self.percent, self.rows):
            self.phase, self.percent, self.rows = phase, percent, rows
            self.changed.set()


async def in_process(function: Callable[..., Any], args: tuple[Any, ...], progress: Progress, scratch: Path) -> Any:
    """What ``function(*args, watch)`` gives; both have to be picklable, and the watch is shown as progress.

    Args:
        scratch: where the process gets a folder of its own, which is gone when it ends, however it ends.

    Raises:
        FailedError: it failed, or died.
        asyncio.CancelledError: this was cancelled; the process is gone.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as own:
        process = context.Process(target=_main, args=(theirs, own, function, args), daemon=True)
        try:
            await asyncio.to_thread(process.start)
            theirs.close()
            return await _answer(ours, process, progress)
        finally:
            await asyncio.to_thread(_ended, process)
            ours.close()


async def _answer(pipe: Connection, process: Any, progress: Progress) -> Any:
    while True:
        try:
            word, *said = await _received(pipe)
        except (EOFError, ConnectionError):
            await asyncio.to_thread(process.join, 10)
            raise ProcessDiedError(process.exitcode) from None
        match word:
            case "progress":
                progress.tell(*said)
            case "done":
                return said[0]
            case "failed":
                raise FailedError(said[0], retryable=said[1])
            case "defect":
                _log.error("a job's process failed", extra={"fields": {"traceback": said[0]}})
                raise FailedError(defect(), retryable=False)


async def _received(pipe: Connection) -> Any:
    ready = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(pipe.fileno())
    return pipe.recv()


def _ended(process: Any) -> None:
    if process.pid is None:
        return
    process.kill()
    process.join()
    process.close()


def _main(pipe: Connection, scratch: str, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """In the process: does the work, tells where it is, and says at the end what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to handle.
    os.environ["SANITIZER_SCRATCH"] = os.environ["TMPDIR"] = tempfile.tempdir = scratch
    watch, saying = Watch(), threading.Lock()

    def say(*words: Any) -> None:
        with saying, suppress(BrokenPipeError):
            pipe.send(words)

    threading.Thread(target=_die_with_worker, daemon=True).start()
    threading.Thread(target=_show, args=(watch, say), daemon=True).start()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(function, *args, watch)
        say(*(("done", done.result()) if (error := done.exception()) is None else _told(error)))


def _told(error: BaseException) -> tuple[Any, ...]:
    failure = failure_of(error)
    if failure is not None:
        return "failed", failure.problem, failure.retryable
    return "defect", "".join(traceback.format_exception(error))


def _die_with_worker() -> None:
    """A worker that is gone can publish nothing, so what works for it ends, too."""
    worker = multiprocessing.parent_process()
    assert worker is not None
    wait([worker.sentinel])
    os._exit(1)


def _show(watch: Watch, say: Callable[..., None]) -> None:
    pause = threading.Event()
    while not pause.wait(SHOWN_EVERY):
        with suppress(duckdb.Error):  # The run has just ended, and its connection with it.
            percent, rows = watch.percent(), watch.rows()
            say("progress", watch.phase, percent if 0 <= percent <= 100 else None, rows or None)
