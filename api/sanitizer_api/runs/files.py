"""Where the files of a run are, and asking them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from anyio import to_thread

from sanitizer_api.datasets.guard import Guard
from sanitizer_api.datasets.networks import RefusedAddressError
from sanitizer_api.problems import ApiError
from sanitizer_api.runs.models import Run
from sanitizer_api.settings import Settings
from sanitizer_api.state import State
from sanitizer_api.stores.store import Store
from sanitizer_core.audit.asking import KeptRun
from sanitizer_core.audit.files import RunFiles
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import EngineError, RestoreError
from sanitizer_core.record import RunRecord

T = TypeVar("T")
THREADS = 1
"""Of one question; they come in the order of the file, and others ask too."""


class OutOfReachError(ApiError):
    """The files of a run are where the registry cannot read them, or nowhere."""

    status, name, title = 409, "files-out-of-reach", "The files of the run cannot be read from here"


class TooLongError(ApiError):
    """A question took longer than the registry gives it."""

    status, name, title = 503, "too-long", "It took too long"


@dataclass(frozen=True)
class FilesOf:
    """The files of one run, once it is known that they are its own and may be read.

    Args:
        whose: the run.
    """

    state: State
    whose: Run
    record: RunRecord
    files: RunFiles

    @classmethod
    async def run(cls, state: State, run: Run) -> FilesOf:
        """The files of a run. Those that it sent are in the registry's store; else they are where its record says.

        Raises:
            OutOfReachError: they are nowhere, or where the registry cannot or may not read.
        """
        return await to_thread.run_sync(_found, state, run)

    async def ask(self, question: Callable[[KeptRun], T]) -> T:
        """What the files answer, asked in a thread, with bounded memory and time.

        Raises:
            TooLongError: it took too long.
        """
        return await to_thread.run_sync(self._answer, question, limiter=self.state.askers)

    def _answer(self, question: Callable[[KeptRun], T]) -> T:
        settings = self.state.settings
        opened = KeptRun.open(self.files, record=self.record, memory_limit=settings.ask_memory, threads=THREADS)
        with opened as kept, in_time(kept.engine, settings.ask_seconds):
            return question(kept)


@contextmanager
def in_time(engine: DuckDBEngine, seconds: float) -> Iterator[None]:
    """A block whose statements are ended when it takes longer.

    Raises:
        TooLongError: it did.
    """
    watch = threading.Timer(seconds, engine.connection.interrupt)
    watch.start()
    try:
        yield
    except EngineError:
        if watch.is_alive():
            raise
        raise TooLongError(f"it took longer than {seconds} seconds", hint="Ask for less at once.") from None
    finally:
        watch.cancel()


def _found(state: State, run: Run) -> FilesOf:
    record = RunRecord.model_validate(run.record)
    return FilesOf(state, run, record, located(state.settings, state.store, run, record))


def located(settings: Settings, store: Store, run: Run, record: RunRecord) -> RunFiles:
    """Where the files of a run are; it waits for the resolver and the disk (see ``FilesOf.run``)."""
    if run.files_key is not None:
        return RunFiles.at(store.address(run.files_key))
    files = RunFiles.at(_allowed(settings, store, record))
    _refuse_others(files, run.id)
    return files


def _allowed(settings: Settings, store: Store, record: RunRecord) -> str:
    said = record.artifacts.get("run")
    if said is None or not said.endswith("/run.json"):
        raise OutOfReachError("the run kept no files", hint=_SEND)
    folder = said.removesuffix("/run.json")
    if "://" not in folder and not PurePosixPath(folder).is_absolute():
        raise OutOfReachError(f"the run's files are in {folder!r} on the machine that ran it", hint=_SEND)
    try:
        return Guard.of(settings, store.root).check(folder).location
    except RefusedAddressError as error:
        raise OutOfReachError(f"the run's files are in {folder!r}: {error.detail}", hint=_SEND) from None


_SEND = "Send them to the registry: 'sanitizer run … --registry … --send-artifacts'."


def _refuse_others(files: RunFiles, run_id: uuid.UUID) -> None:
    """A later run may have written into the same folder."""
    try:
        there = files.record()
    except RestoreError as error:
        raise OutOfReachError(f"the run's files are not there: {error.message}", hint=_SEND) from None
    if there.run_id != str(run_id):
        raise OutOfReachError(
            f"the folder {files.shown} holds the files of another run by now, {there.run_id}",
            hint="Give each run a folder of its own, or send its files to the registry.",
        )
