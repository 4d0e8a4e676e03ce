"""A small HTTP/1.1 client over asyncio: one request at a time on each of many lines, and as little work as can be.

It runs in a process of its own, so that what it costs is not taken from the server's time of the event loop.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

NEW = re.compile(r"\{uuid\}")


@dataclass(frozen=True)
class Call:
    """A request.

    Args:
        kind: under which it is counted, such as ``read``.
        body: JSON text; each ``{uuid}`` in it becomes a new UUID each time.
    """

    kind: str
    method: str
    path: str
    body: str | None = None
    share: int = 1


@dataclass
class Tally:
    """What came of many calls: seconds by kind, and how many failed."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: int = 0
    elapsed: float = 0.0

    @property
    def count(self) -> int:
        return sum(len(each) for each in self.seconds.values())

    def percentile(self, kind: str, part: float) -> float:
        """In milliseconds."""
        times = sorted(self.seconds.get(kind, [0.0]))
        return times[min(len(times) - 1, int(len(times) * part))] * 1000


class Line:
    """A connection that is kept open."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, call: Call, body: str) -> int:
        """The status of the answer, once all of it is there."""
        if self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.writer is not None
        content = body.encode()
        start = f"{call.method} {call.path} HTTP/1.1\r\n{self.head}Content-Length: {len(content)}\r\n\r\n"
        self.writer.write(start.encode() + content)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await self.reader.readexactly(length)
        return int(head[9:12])

    def close(self) -> None:
        """Begins anew with the next call."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


def drive(port: int, token: str, calls: Sequence[Call], **words: Any) -> Tally:
    """Sends calls from a process of its own.

    Args:
        words: see ``_drive``.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_in_process, (port, token, list(calls), words))


def _in_process(port: int, token: str, calls: list[Call], words: dict[str, Any]) -> Tally:
    return asyncio.run(_drive(port, token, calls, **words))


async def _drive(
    port: int,
    token: str,
    calls: list[Call],
    *,
    clients: int,
    seconds: float = 0,
    total: int = 0,
    rate: float | None = None,
) -> Tally:
    """So many clients at once, for so long or so many calls.

    Args:
        rate: calls a second, begun on time whether the server keeps up or not, and timed from when they were due; without
            it, each client sends the next when it has the answer.
    """
    tally, began, sent = Tally({call.kind: [] for call in calls}), time.perf_counter(), 0
    weighted = [call for call in calls for _ in range(call.share)]
    chance = random.Random(1)

    def due() -> float | None:
        nonlocal sent
        at = began + sent / rate if rate else time.perf_counter()
        if (total and sent >= total) or (not total and at >= began + seconds):
            return None
        sent += 1
        return at

    await asyncio.gather(*(_client(Line(port, token), weighted, chance, due, tally) for _ in range(clients)))
    tally.elapsed = time.perf_counter() - began
    return tally


async def _client(
    line: Line, calls: list[Call], chance: random.Random, due: Callable[[], float | None], tally: Tally
) -> None:
    while (at := due()) is not None:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        call = chance.choice(calls)
        # Each time another: a run that was reported before costs the server next to nothing.
        body = NEW.sub(lambda _: uuid.uuid4().hex, call.body or "")
        try:
            status = await line.send(call, body)
        except (OSError, asyncio.IncompleteReadError, StopIteration):
            line.close()
            status = 0
        tally.seconds[call.kind].append(time.perf_counter() - at)
        tally.errors += not 200 <= status < 300


def compact(value: Any) -> str:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))
