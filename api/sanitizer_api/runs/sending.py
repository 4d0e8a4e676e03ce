"""Taking in the files of a run that was made elsewhere: in parts, which are put together once all are there."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.db.scope import Scope
from sanitizer_api.problems import ConflictError, NotFoundError
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.runs import repository
from sanitizer_api.runs.models import Run
from sanitizer_api.state import State
from sanitizer_api.stores.keys import run_key, sending_key, sent_key
from sanitizer_api.stores.store import Kept, Store
from sanitizer_core.audit.files import NAMES, RunFiles
from sanitizer_core.errors import RestoreError

MOST_PARTS = 10_000
CHUNK = 1 << 20


class SentFile(BaseModel):
    """A file whose parts were sent.

    Args:
        digest: SHA-256 (hex) of the whole.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100)
    parts: int = Field(ge=0, le=MOST_PARTS)
    size: int = Field(ge=0)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


@dataclass(frozen=True)
class Intake:
    """The files of one run, on their way into the store."""

    state: State
    caller: Caller
    run: Run

    async def keep_part(self, name: str, number: int, path: Path) -> None:
        """Keeps a part; the same one sent again replaces it.

        Raises:
            ConflictError: the run's files are here already, or a run has no such file.
            QuotaError: the organisation may keep no more.
        """
        if self.run.files_key is not None:
            raise ConflictError("the files of this run are here already")
        _refuse_name(name)
        async with self.state.database.session(Scope(self.caller.organisation)) as session:
            await Quotas(session, self.caller.organisation, self.state.settings).check(What.STORAGE)
        await to_thread.run_sync(self.state.store.put, self._part(name, number), path)

    async def finish(self, files: Sequence[SentFile]) -> bool:
        """Puts the files together; says whether they are new here. Twice is safe.

        Raises:
            ConflictError: a part is missing or another than was said, or they are the files of another run.
            QuotaError: the organisation may not keep as much.
        """
        if self.run.files_key is not None:
            return False
        for each in files:
            _refuse_name(each.name)
        organisation, subject = self.caller.organisation, f"run:{self.run.id}"
        async with self.state.database.session(Scope(organisation)) as session:
            # Whoever asks again while it goes on would find the parts gone, and take the files away.
            found = await repository.run(session, self.run.id, lock=True)
            if found is None:
                raise NotFoundError("there is no such run")
            if found.files_key is not None:
                return False
            quotas = Quotas(session, organisation, self.state.settings)
            await quotas.take(What.STORAGE, subject, sum(each.size for each in files))
            key = run_key(organisation, self.run.id)
            try:
                await to_thread.run_sync(self._put_together, files)
                found.files_key = key
                await note(session, organisation, self.caller.user, "send-files", subject, files=len(files))
                await session.flush()
            except BaseException:
                await to_thread.run_sync(self.state.store.delete, key)
                raise
        await to_thread.run_sync(self.state.store.delete, sent_key(organisation, self.run.id))
        return True

    def _put_together(self, files: Sequence[SentFile]) -> None:
        for each in files:
            self._one(each)
        there = RunFiles.at(self.state.store.address(run_key(self.caller.organisation, self.run.id)))
        try:
            run_id = there.record().run_id
        except RestoreError as error:
            raise ConflictError(f"these are not the files of a run: {error.message.partition(' in ')[0]}") from None
        if run_id != str(self.run.id):
            raise ConflictError(f"these are the files of another run, {run_id}")

    def _one(self, file: SentFile) -> None:
        sha, size = hashlib.sha256(), 0
        with self.state.store.write(run_key(self.caller.organisation, self.run.id, file.name)) as whole:
            for number in range(1, file.parts + 1):
                if self.state.store.size(self._part(file.name, number)) is None:
                    raise ConflictError(f"part {number} of {file.name} is not there", hint="Send it, and finish again.")
                with self.state.store.open(self._part(file.name, number), CHUNK) as part:
                    while piece := part.read(CHUNK):
                        whole.write(piece)
                        sha.update(piece)
                        size += len(piece)
            if (size, sha.hexdigest()) != (file.size, file.digest):
                raise ConflictError(
                    f"{file.name} has {size} bytes and the digest {sha.hexdigest()}, which is not what was said",
                    hint="Send its parts again.",
                )

    def _part(self, name: str, number: int) -> str:
        return sent_key(self.caller.organisation, self.run.id, f"{name}.{number:06d}")


def files_in(state: State, run: Run) -> list[Kept]:
    """The files of a run that are in the store; each key is the file's name."""
    if run.files_key is None:
        return []
    return [replace(each, key=each.key.rpartition("/")[2]) for each in state.store.below(run.files_key)]


def given_up(store: Store, organisation: uuid.UUID, before: datetime) -> int:
    """Takes away the parts of runs of which none came since a moment; says of how many runs."""
    newest: dict[str, datetime] = {}
    for each in store.below(sending_key(organisation)):
        run = each.key.split("/")[2]
        newest[run] = max(each.written, newest.get(run, each.written))
    old = [run for run, written in newest.items() if written < before]
    for run in old:
        store.delete(sent_key(organisation, uuid.UUID(run)))
    return len(old)


def _refuse_name(name: str) -> None:
    if name not in NAMES:
        raise ConflictError(f"a run has no file {name!r}", hint=f"Its files are {', '.join(NAMES)}.")
