"""One attempt at a job, from its claim to what is written down about it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from sanitizer_api.queue.failing import FailedError, failure_of, unforeseen
from sanitizer_api.queue.kinds import Kind, Outcome, Work
from sanitizer_api.worker.ledger import LaterError, Ledger, TakenAwayError
from sanitizer_core.errors import SanitizerError, did_you_mean

_log = logging.getLogger("sanitizer.jobs")
T = TypeVar("T")

BREATH = 0.5
"""Seconds between two beats, at least: progress may change more often than anybody looks."""


@dataclass(frozen=True)
class Attempts:
    """Carries out jobs.

    Args:
        kinds: by name.
    """

    ledger: Ledger
    kinds: dict[str, Kind]

    async def carry_out(self, organisation: uuid.UUID, job_id: uuid.UUID) -> None:
        """Carries a job out, if it is to be carried out.

        Raises:
            LaterError: its row has to go back into the queue.
        """
        work = await self.ledger.claim(organisation, job_id, self._kind)
        if work is None:
            return
        _log.info("begins a job", extra={"fields": {"job": work.job, "kind": work.kind, "attempt": work.attempt}})
        try:
            await self._settled(work, self._kind(work.kind))
        except TakenAwayError:
            _log.warning("a job was taken away", extra={"fields": {"job": work.job, "attempt": work.attempt}})
            # The row of the queue is somebody else's now, who strikes it off.
            raise LaterError(work.parts.settings.worker_lost_seconds) from None

    def _kind(self, name: str) -> Kind:
        return self.kinds.get(name) or _unknown(name, self.kinds)

    async def _settled(self, work: Work, kind: Kind) -> None:
        """Whatever happens, the attempt's end is written down, and nothing half-made is left."""
        try:
            outcome = await _foreseen(self._carried_out(work, kind))
            await _foreseen(self.ledger.succeed(work, outcome))
            _log.info("a job succeeded", extra={"fields": {"job": work.job, "run": outcome.run}})
        except asyncio.CancelledError:
            await _foreseen(kind.discard(work.parts, work.organisation, work.place))
            await self.ledger.let_go(work)
        except TakenAwayError:
            await _foreseen(kind.discard(work.parts, work.organisation, work.place))
            raise
        except FailedError as failure:
            _log.warning("a job failed", extra={"fields": {"job": work.job, "problem": failure.problem}})
            await _foreseen(kind.discard(work.parts, work.organisation, work.place))
            await self.ledger.fail(work, failure)

    async def _carried_out(self, work: Work, kind: Kind) -> Outcome:
        """What comes of it; it goes on only as long as the job is the attempt's."""
        working = asyncio.ensure_future(kind.carry_out(work))
        beating = asyncio.create_task(self._beats(work))
        try:
            await asyncio.wait((working, beating), return_when=asyncio.FIRST_COMPLETED)
        finally:
            beating.cancel()
            working.cancel()
            await asyncio.gather(working, beating, return_exceptions=True)
        return working.result()

    async def _beats(self, work: Work) -> None:
        """Ends when the job is no longer to be carried out."""
        interval = work.parts.settings.worker_lost_seconds / 5
        while True:
            try:
                await self.ledger.beat(work)
            except TakenAwayError:
                return
            except (OperationalError, InterfaceError) as error:
                _log.warning("the database does not answer", extra={"fields": {"why": str(error.orig)}})
            work.progress.changed.clear()
            await asyncio.sleep(min(BREATH, interval))
            try:
                async with asyncio.timeout(interval):
                    await work.progress.changed.wait()
            except TimeoutError:
                continue


async def _foreseen(work: Awaitable[T]) -> T:
    """What it gives; whatever else it raises is a ``FailedError``, and what nobody foresaw is logged."""
    (found,) = await asyncio.gather(work, return_exceptions=True)
    if not isinstance(found, BaseException):
        return found
    if isinstance(found, (asyncio.CancelledError, TakenAwayError)):
        raise found
    failure = failure_of(found)
    if failure is None:
        _log.error("a job failed as nobody foresaw", exc_info=found)
        failure = unforeseen()
    raise failure from found


def _unknown(name: str, kinds: dict[str, Kind]) -> Kind:
    """What stands for a kind that this worker does not know, because it is older or newer than who asked."""

    async def refuse(work: Work) -> Outcome:
        raise SanitizerError(f"this worker knows no jobs of kind {name!r}", hint=did_you_mean(name, kinds))

    return Kind(name, refuse)
