"""The cost of a run whose work is done by other processes than the one that is started: a server's, or a Java of its own."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import psycopg

from benchmarks.contestants import ROOT
from benchmarks.timing import Cost, cost_of

Measured = Callable[[Sequence[str]], Cost]


@contextmanager
def in_server(connection: psycopg.Connection[Any]) -> Iterator[Measured]:
    """Costs with what the sessions of a PostgreSQL on this machine took, besides that of this connection."""
    server = _parent(connection.info.backend_pid)

    def cost(command: Sequence[str]) -> Cost:
        before, known = _of_children(server), _sessions(server)
        found = cost_of(command, ROOT)
        # A session leaves the list of the sessions before its process ends, and only then is its time the server's.
        while _sessions(server) - known:
            time.sleep(0.05)
        return replace(found, cpu=found.cpu + _of_children(server) - before)

    yield cost


def _sessions(server: int) -> set[int]:
    """The processes of a server that work for somebody."""
    working = set()
    for each in psutil.Process(server).children():
        with suppress(psutil.NoSuchProcess):
            if "autovacuum" not in " ".join(each.cmdline()):
                working.add(each.pid)
    return working


def _stat(process: int) -> list[str]:
    """What the system says of a process, from the third field on; the second is its name, which may hold blanks."""
    return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()


def _parent(process: int) -> int:
    return int(_stat(process)[1])


def _of_children(process: int) -> float:
    """Processor seconds of the children that have ended."""
    user, system = _stat(process)[13:15]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


_ADOPT = 36
"""``PR_SET_CHILD_SUBREAPER``: what a child leaves running becomes a child of this process."""


@contextmanager
def with_descendants() -> Iterator[Measured]:
    """Costs with those of processes that the started one leaves behind, such as Spark's Java, until the last has ended."""
    _adopt(True)
    try:
        yield _whole
    finally:
        _adopt(False)


def _adopt(wanted: bool) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_ADOPT, int(wanted), 0, 0, 0)


def _whole(command: Sequence[str]) -> Cost:
    began = time.perf_counter()
    found = cost_of(command, ROOT)
    cpu, peak = found.cpu, found.peak
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return Cost(time.perf_counter() - began, cpu, peak)
        cpu, peak = cpu + usage.ru_utime + usage.ru_stime, max(peak, usage.ru_maxrss / 1024)
