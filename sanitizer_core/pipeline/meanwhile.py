"""Two things of a run at once: one statement leaves cores idle while it is planned, and at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from sanitizer_core.engines.duckdb import DuckDBEngine

Result = TypeVar("Result")

PATIENCE = 0.05
"""Seconds between two attempts to interrupt: one that comes between two statements interrupts nothing."""


@contextmanager
def meanwhile(engine: DuckDBEngine, work: Callable[[DuckDBEngine], Result]) -> Iterator[Future[Result]]:
    """Does something by a second connection while the block goes on. When the block ends it is done, or has failed.

    Args:
        work: changes nothing that the block reads.
    """
    other = engine.twin()
    one_by_one = engine.threads == 1  # for whoever wants one core used
    with other.connection, ThreadPoolExecutor(1) as threads:
        pending = threads.submit(work, other)
        try:
            if one_by_one:
                pending.result()
            yield pending
            pending.result()
        finally:
            # Still going on only where the block failed, or where somebody is tired of waiting.
            while wait([pending], PATIENCE).not_done:
                other.connection.interrupt()
