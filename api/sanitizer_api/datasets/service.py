"""Registering datasets."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from anyio import to_thread
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.datasets import repository
from sanitizer_api.datasets.guard import Guard
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.schemas import Registration
from sanitizer_api.datasets.sealing import seal
from sanitizer_api.problems import ConflictError, NotFoundError


@dataclass(frozen=True)
class Catalogue:
    """The datasets of a caller's organisation.

    Args:
        session: the transaction; whoever opened it commits.
    """

    session: AsyncSession
    caller: Caller

    async def register(self, wanted: Registration, guard: Guard, key: str) -> Dataset:
        """A dataset that lies at an address.

        Args:
            key: the registry's signing key; credentials are encrypted under it.

        Raises:
            RefusedAddressError: the registry does not read from there.
            ConflictError: the name is taken.
        """
        passed = await to_thread.run_sync(guard.check, wanted.address)
        sealed = None if passed.shown == wanted.address else seal(wanted.address, key)
        return await self.add(
            Dataset(name=wanted.name, address=passed.shown, sealed=sealed, registered_by=self.caller.user)
        )

    async def add(self, made: Dataset) -> Dataset:
        """Keeps a dataset, and that it came.

        Raises:
            ConflictError: the name is taken.
        """
        try:
            async with self.session.begin_nested():
                self.session.add(made)
                await self.session.flush()
        except IntegrityError:
            raise ConflictError(
                f"there is a dataset {made.name!r} already", hint="Choose another name, or delete that one."
            ) from None
        await self.note("register-dataset", made, name=made.name, address=made.address)
        return made

    async def find(self, dataset_id: uuid.UUID, *, deleted: bool = False, lock: bool = False) -> Dataset:
        """A dataset by its id.

        Raises:
            NotFoundError: there is none.
        """
        found = await repository.dataset(self.session, dataset_id, deleted=deleted, lock=lock)
        if found is None:
            raise NotFoundError("there is no such dataset", hint="GET /api/v1/datasets lists them.")
        return found

    async def delete(self, dataset_id: uuid.UUID) -> None:
        """Nobody sees it from now on; its bytes go after the time of retention."""
        found = await self.find(dataset_id, lock=True)
        found.deleted_at = datetime.now(UTC)
        await self.note("delete-dataset", found, name=found.name)

    async def note(self, action: str, dataset: Dataset, **details: object) -> None:
        """Writes down what was done to a dataset."""
        await note(self.session, self.caller.organisation, self.caller.user, action, f"dataset:{dataset.id}", **details)
