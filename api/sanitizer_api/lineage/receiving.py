"""From the body of a request to events."""

from __future__ import annotations

import json
import zlib
from typing import Any

from pydantic import BaseModel

from sanitizer_api.lineage.service import Received, received
from sanitizer_api.problems import ApiError, TooLargeError

UNPACKED = 10
"""How many times the largest body an unpacked one may be."""
MOST = 10_000
"""The most events of one request."""


class InvalidEventError(ApiError):
    """An event is not as the specification has it."""

    status, name, title = 422, "invalid-event", "The event is not as OpenLineage has it"


class Summary(BaseModel):
    """How many events came in. ``retriable`` are those that would be taken if they were sent again: none ever."""

    received: int
    successful: int
    failed: int
    retriable: int = 0
    non_retriable: int = 0


class FailedEvent(BaseModel):
    """An event that was refused, by its place in the batch (from 0)."""

    index: int
    reason: str
    retriable: bool = False


class BatchAnswer(BaseModel):
    """What became of a batch, in the words of OpenLineage's API."""

    status: str
    summary: Summary
    failed_events: list[FailedEvent] = []


class Batch:
    """The events of a request: those that are good, and what is wrong with the others."""

    def __init__(self, told: list[Any]) -> None:
        self.events: list[Received] = []
        self.failed: list[FailedEvent] = []
        for index, each in enumerate(told):
            try:
                self.events.append(received(each))
            except ValueError as error:
                self.failed.append(FailedEvent(index=index, reason=str(error)))

    def answer(self) -> BatchAnswer:
        """What became of it."""
        good, bad = len(self.events), len(self.failed)
        summary = Summary(received=good + bad, successful=good, failed=bad, non_retriable=bad)
        return BatchAnswer(
            status="partial_success" if bad else "success", summary=summary, failed_events=self.failed[:1000]
        )


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """A body without its compression.

    Raises:
        ApiError: it is compressed in another way than gzip, or not well.
        TooLargeError: it is larger than the limit.
    """
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise ApiError(f"the body is compressed as {encoding!r}", hint="gzip is taken, or none.")
    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        whole = machine.decompress(body, limit + 1)
    except zlib.error:
        raise ApiError("the body is no gzip") from None
    if len(whole) > limit:
        raise TooLargeError(f"the body is larger than {limit} bytes once it is unpacked")
    if not machine.eof:
        raise ApiError("the body is gzip that was cut off")
    return whole


def parsed(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        ApiError: it is none.
    """
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ApiError("the body is no JSON", hint="Send an event of OpenLineage, or an array of them.") from None


def batch_of(told: Any) -> Batch:
    """The events of an array, or of one.

    Raises:
        TooLargeError: there are more than a request may have.
    """
    many = told if isinstance(told, list) else [told]
    if len(many) > MOST:
        raise TooLargeError(f"a batch of {len(many)} events; at most {MOST} are taken at once")
    return Batch(many)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number in JSON")
