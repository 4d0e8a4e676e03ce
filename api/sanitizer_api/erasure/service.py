"""Erasing, run by run and file by file: each in a transaction of its own, so that what is done is done."""

from __future__ import annotations

import hashlib
import hmac
import json
import tempfile
import uuid
from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.datasets import repository as datasets
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.db.scope import Scope
from sanitizer_api.erasure import repository
from sanitizer_api.erasure.models import Erasure
from sanitizer_api.erasure.schemas import DatasetWanted, RowsWanted
from sanitizer_api.problems import NotFoundError
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.retention.purging import purge_dataset, purge_files
from sanitizer_api.runs import repository as kept_runs
from sanitizer_api.runs.models import Run
from sanitizer_api.state import State
from sanitizer_api.stores.store import WHOLE, Store, digest_of
from sanitizer_api.uploads.service import subject
from sanitizer_core.errors import SanitizerError
from sanitizer_core.pipeline.erasing import erase
from sanitizer_core.pipeline.erasing_files import erase_from_file
from sanitizer_core.sources.options import Format


def digest_of_value(value: str, key: str) -> str:
    """HMAC-SHA256 (hex) of a value, under a key that is derived from the registry's."""
    derived = hmac.digest(key.encode(), b"receipts of erasures", hashlib.sha256)
    return hmac.new(derived, value.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Errand:
    """An erasure that was noted down, and the work that is left to do."""

    receipt: Erasure
    work: Coroutine[Any, Any, Erasure]


@dataclass(frozen=True)
class Eraser:
    """Erases for one caller."""

    state: State
    caller: Caller

    async def rows(self, wanted: RowsWanted) -> Errand:
        """Takes somebody's rows out of the files of runs, and of uploads when that is asked for."""
        key = self.state.settings.signing_key()
        digests = [digest_of_value(value, key) for value in wanted.values]
        receipt = await self._begin("rows", wanted.column, digests, wanted.reason)
        return Errand(receipt, self._rows(receipt.id, wanted))

    async def _rows(self, receipt: uuid.UUID, wanted: RowsWanted) -> Erasure:
        async with self._session() as session:
            runs = await repository.runs_with_files(session, wanted.datasets)
            uploads = await repository.uploads(session, wanted.datasets) if wanted.uploads else []
        told: dict[str, Any] = {"datasets": wanted.datasets, "uploads_asked": wanted.uploads}
        told["runs"] = [await self._of_run(run_id, wanted) for run_id in runs]
        told["uploads"] = [await self._of_upload(dataset_id, wanted) for dataset_id in uploads]
        return await self._end(receipt, told)

    async def dataset(self, wanted: DatasetWanted) -> Errand:
        """Takes a dataset away at once: its bytes, its address, and the files of its runs.

        Raises:
            NotFoundError: there is none.
        """
        async with self._session() as session:
            found = await self._dataset(session, wanted.dataset)
            runs = await repository.runs_of(session, found)
        receipt = await self._begin("dataset", str(wanted.dataset), [], wanted.reason)
        return Errand(receipt, self._of_dataset(receipt.id, wanted, runs))

    async def _of_dataset(self, receipt: uuid.UUID, wanted: DatasetWanted, runs: Sequence[uuid.UUID]) -> Erasure:
        told = {"runs": [await self._files_of(run_id) for run_id in runs]}
        async with self._session() as session:
            found = await self._dataset(session, wanted.dataset)
            before = {"size": found.size, "digest": found.digest, "bytes_were_here": found.key is not None}
            await purge_dataset(session, self.state.store, self.state.settings, found, datetime.now(UTC))
            found.address = "erased"
        return await self._end(receipt, {**told, "dataset": before})

    async def _dataset(self, session: AsyncSession, dataset_id: uuid.UUID) -> Dataset:
        found = await datasets.dataset(session, dataset_id, deleted=True, lock=True)
        if found is None:
            raise NotFoundError("there is no such dataset", hint="GET /api/v1/datasets?deleted=true lists them, too.")
        return found

    async def _of_run(self, run_id: uuid.UUID, wanted: RowsWanted) -> dict[str, Any]:
        """What was done to a run; a run that cannot be read is told of, and the others are done."""
        async with self._session() as session:
            run = await kept_runs.run(session, run_id, lock=True)
            if run is None or run.files_key is None:
                return {"run": str(run_id), "gone": True}
            address = self.state.store.address(run.files_key)
            try:
                done = await to_thread.run_sync(erase, address, wanted.column, wanted.values)
            except SanitizerError as error:
                return {"run": str(run_id), "failed": error.message.replace(address, "the run's folder")}
            decisions = 0
            now = done.record.model_dump(mode="json", by_alias=True)
            # They also differ when the files were rewritten before, and it was interrupted before the row was.
            if any(now[part] != run.record.get(part) for part in ("rows", "notes")):
                decisions = await self._take_over(session, run, now)
        files = [asdict(each) for each in done.files]
        return {
            "run": str(run_id), "rows_looked_at": done.looked_at, "searched": done.searched, "erased": done.entries,
            "files": files, "review_decisions": decisions,
        }  # fmt: skip

    async def _take_over(self, session: AsyncSession, run: Run, record: dict[str, Any]) -> int:
        """The run's row says what its files say; what was decided about its rows goes, for they are others by now."""
        run.record, run.rows_out, run.rows_removed = record, record["rows"]["out"], record["rows"]["removed"]
        kept = await to_thread.run_sync(_described, self.state.store, str(run.files_key))
        run.files = kept
        size = sum(each["size"] for each in kept)
        quotas = Quotas(session, run.organisation_id, self.state.settings)
        await quotas.take(What.STORAGE, f"run:{run.id}", size, refuse=False)
        return await repository.drop_decisions(session, run.id)

    async def _of_upload(self, dataset_id: uuid.UUID, wanted: RowsWanted) -> dict[str, Any]:
        async with self._session() as session:
            found = await datasets.dataset(session, dataset_id, deleted=True, lock=True)
            if found is None or found.key is None or found.purged_at is not None:
                return {"dataset": str(dataset_id), "gone": True}
            try:
                told, size, digest = await to_thread.run_sync(_rewritten, self.state.store, found, wanted)
            except SanitizerError as error:
                return {"dataset": str(dataset_id), "failed": error.message}
            told["digest_before"], told["digest_after"] = found.digest, digest
            found.size, found.digest = size, digest
            quotas = Quotas(session, found.organisation_id, self.state.settings)
            await quotas.take(What.STORAGE, subject(found.id), size, refuse=False)
        return told

    async def _files_of(self, run_id: uuid.UUID) -> dict[str, Any]:
        """Takes away the files of a run; what they were is told by their digests."""
        async with self._session() as session:
            run = await kept_runs.run(session, run_id, lock=True)
            if run is None or run.files_key is None:
                return {"run": str(run_id), "gone": True}
            kept = await to_thread.run_sync(_described, self.state.store, run.files_key)
            await purge_files(session, self.state.store, self.state.settings, run)
            run.record = {**run.record, "artifacts": {}}
        files = [{"name": each["name"], "before": each["digest"], "after": None} for each in kept]
        return {"run": str(run_id), "files": files}

    async def _begin(self, kind: str, about: str, values: list[str], reason: str | None) -> Erasure:
        made = Erasure(
            kind=kind, subject=about, values=values, reason=reason, requested_by=self.caller.user, receipt={}
        )  # fmt: skip
        async with self._session() as session:
            session.add(made)
            await session.flush()
            await self._note(session, "begin-erasure", made, about=about)
        return made

    async def _end(self, erasure_id: uuid.UUID, receipt: dict[str, Any]) -> Erasure:
        async with self._session() as session:
            made = await repository.erasure(session, erasure_id)
            assert made is not None
            text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            made.receipt, made.digest = receipt, hashlib.sha256(text.encode()).hexdigest()
            made.finished_at = datetime.now(UTC)
            await session.flush()
            await self._note(session, "erase", made, about=made.subject, values=made.values, receipt=made.digest)
        return made

    async def _note(self, session: AsyncSession, action: str, made: Erasure, **details: object) -> None:
        caller = self.caller
        await note(session, caller.organisation, caller.user, action, f"erasure:{made.id}", kind=made.kind, **details)

    def _session(self) -> Any:
        return self.state.database.session(Scope(self.caller.organisation))


def _described(store: Store, folder: str) -> list[dict[str, Any]]:
    """The files of a folder, with size and SHA-256 (hex)."""
    return [
        {"name": each.key.removeprefix(f"{folder}/"), "size": each.size, "digest": digest_of(store, each.key)}
        for each in store.below(folder)
    ]


def _rewritten(store: Store, dataset: Dataset, wanted: RowsWanted) -> tuple[dict[str, Any], int, str]:
    """What was done to an uploaded file, its size and its digest."""
    key = str(dataset.key)
    name = key.rpartition("/")[2]
    with tempfile.TemporaryDirectory(prefix="sanitizer-") as folder:
        given, target = Path(folder) / "given", Path(folder) / name
        given.mkdir()
        with store.open(key, WHOLE) as file, (given / name).open("wb") as copy:
            while chunk := file.read(1 << 20):
                copy.write(chunk)
        form = cast("Format", dataset.format)
        done = erase_from_file(given / name, form, wanted.column, cast("Sequence[str]", wanted.values), target)
        if done.written:
            store.put(key, target)
    told = {
        "dataset": str(dataset.id), "rows_looked_at": done.looked_at, "searched": done.searched,
        "erased": {"rows": done.rows, "lines": done.lines},
    }  # fmt: skip
    return told, store.size(key) or 0, digest_of(store, key)
