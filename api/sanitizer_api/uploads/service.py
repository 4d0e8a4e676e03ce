"""Bringing files along."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.datasets import repository as datasets
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.service import Catalogue
from sanitizer_api.problems import ConflictError, NotFoundError, TooLargeError
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.settings import Settings
from sanitizer_api.state import State
from sanitizer_api.stores.keys import upload_key
from sanitizer_api.stores.store import Store
from sanitizer_api.uploads import repository
from sanitizer_api.uploads.finishing import Finished, finished
from sanitizer_api.uploads.models import Upload
from sanitizer_api.uploads.parts import Part, Parts, parts_of
from sanitizer_api.uploads.schemas import LEAST_PART, MOST_PARTS, Announcement, Completion


@dataclass(frozen=True)
class Desk:
    """Where files are brought to, for one caller.

    Args:
        session: the transaction; whoever opened it commits.
    """

    session: AsyncSession
    caller: Caller
    state: State

    @property
    def parts(self) -> Parts:
        return parts_of(self.state.store)

    async def announce(self, wanted: Announcement) -> Upload:
        """Makes room for a file.

        Raises:
            TooLargeError: it is larger than may be uploaded.
            QuotaError: the organisation may not keep so much.
            ConflictError: a dataset has that name.
        """
        made = _upload_of(wanted, self.caller, self.state)
        await self._refuse_taken(wanted.name)
        quotas = Quotas(self.session, self.caller.organisation, self.state.settings)
        await quotas.take(What.STORAGE, subject(made.id), wanted.size)
        made.multipart = await to_thread.run_sync(self.parts.begin, made)
        self.session.add(made)
        await self.session.flush()
        return made

    async def _refuse_taken(self, name: str) -> None:
        if await datasets.named(self.session, name) is not None:
            raise ConflictError(f"there is a dataset {name!r} already", hint="Choose another name, or delete that one.")

    async def find(self, upload_id: uuid.UUID, *, lock: bool = False) -> Upload:
        """An upload by its id.

        Raises:
            NotFoundError: there is none.
        """
        found = await repository.upload(self.session, upload_id, lock=lock)
        if found is None:
            raise NotFoundError("there is no such upload", hint="GET /api/v1/uploads lists them.")
        return found

    async def open(self, upload_id: uuid.UUID, *, lock: bool = False) -> Upload:
        """An upload that is still on its way (see ``find``).

        Raises:
            ConflictError: it is a dataset already.
        """
        found = await self.find(upload_id, lock=lock)
        if found.finished_at is not None:
            raise ConflictError("the upload is finished", hint=f"It is the dataset {found.id}.")
        return found

    async def there(self, upload: Upload) -> list[Part]:
        """The parts of an upload that are there."""
        if upload.finished_at is not None:
            return []
        return await to_thread.run_sync(self.parts.there, upload)

    async def complete(self, upload_id: uuid.UUID, wanted: Completion) -> tuple[Dataset, bool]:
        """The dataset of an upload whose parts are all there, and whether it is new: completing twice is safe.

        Raises:
            ConflictError: a part is missing, or a dataset has that name.
            RefusedContentError: it is not what was announced, or no table that is taken; its parts are to be dropped.
        """
        upload = await self.find(upload_id, lock=True)
        if upload.finished_at is not None:
            return await Catalogue(self.session, self.caller).find(upload.id, deleted=True), False
        upload.name, upload.digest = wanted.name or upload.name, wanted.digest or upload.digest
        await self._refuse_taken(upload.name)
        limit = self.state.settings.unpacked_limit
        done = await to_thread.run_sync(finished, self.state.store, self.parts, upload, limit)
        made = await Catalogue(self.session, self.caller).add(_dataset_of(upload, done, self.caller))
        upload.finished_at = datetime.now(UTC)
        await self.session.flush()
        return made, True

    async def drop(self, upload_id: uuid.UUID) -> None:
        """Takes an upload away, with all that is there of it.

        Raises:
            ConflictError: it is a dataset already.
        """
        upload = await self.open(upload_id, lock=True)
        await dropped(self.session, self.state.store, self.state.settings, upload)


async def dropped(session: AsyncSession, store: Store, settings: Settings, upload: Upload) -> None:
    """Takes away an upload that is on its way."""
    await to_thread.run_sync(parts_of(store).drop, upload)
    await to_thread.run_sync(store.delete, upload_key(upload.organisation_id, upload.id))
    await Quotas(session, upload.organisation_id, settings).give_back(What.STORAGE, subject(upload.id))
    await session.delete(upload)
    await session.flush()


def subject(upload_id: uuid.UUID) -> str:
    """Under what an upload, and then its dataset, counts as kept."""
    return f"upload:{upload_id}"


def _upload_of(wanted: Announcement, caller: Caller, state: State) -> Upload:
    settings = state.settings
    if wanted.size > settings.upload_limit:
        raise TooLargeError(
            f"the file has {wanted.size} bytes; {settings.upload_limit} are allowed",
            hint="Put it into a bucket, and register its address.",
        )
    part_size = wanted.part_size or max(LEAST_PART, -(-wanted.size // MOST_PARTS))
    if part_size > settings.part_limit:
        raise TooLargeError(f"parts of {part_size} bytes are asked for; {settings.part_limit} are allowed")
    if wanted.size > part_size * MOST_PARTS:
        raise TooLargeError(f"the file would have more than {MOST_PARTS} parts", hint="Ask for larger parts.")
    return Upload(
        organisation_id=caller.organisation, name=wanted.name, file=wanted.file or wanted.name, size=wanted.size,
        part_size=part_size, started_by=caller.user, digest=wanted.digest,
    )  # fmt: skip


def _dataset_of(upload: Upload, done: Finished, caller: Caller) -> Dataset:
    content = done.content
    return Dataset(
        id=upload.id, name=upload.name, address=f"upload:{upload.file}", registered_by=caller.user, key=done.key,
        content_type=content.content_type, format=content.format, compression=content.compression,
        size=upload.size, digest=done.digest,
    )  # fmt: skip
