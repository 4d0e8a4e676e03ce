"""Taking away what has been kept long enough. Whatever ends it, the next time goes on from there."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from anyio import to_thread
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.audit.trail import note
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.db.engine import Database
from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.models import Organisation
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.retention.plans import Days, days_of
from sanitizer_api.runs.models import Run
from sanitizer_api.runs.sending import given_up
from sanitizer_api.settings import Settings
from sanitizer_api.stores.keys import run_key, upload_key
from sanitizer_api.stores.store import Store
from sanitizer_api.uploads.models import Upload
from sanitizer_api.uploads.service import dropped, subject
from sanitizer_core.errors import SanitizerError

REGISTRY = uuid.UUID(int=0)
"""Who did what nobody asked for: the registry itself."""
AT_ONCE = 100
"""So many are taken away in a transaction."""
_log = logging.getLogger("sanitizer.retention")


@dataclass(frozen=True)
class Purge:
    """One time of purging.

    Args:
        now: what counts as now.
        counts: how many of what went.
    """

    database: Database
    settings: Settings
    store: Store
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    counts: Counter[str] = field(default_factory=Counter)

    async def all(self) -> Counter[str]:
        """Takes away what every organisation has kept long enough."""
        async with self.database.session(Scope()) as session:
            organisations = (await session.scalars(select(Organisation.id))).all()
        for organisation in organisations:
            try:
                await self.of(organisation)
            except SanitizerError as error:
                # A store that does not answer now: the others' turn comes all the same, and theirs the next time.
                self.counts["failed"] += 1
                _log.warning("not purged", extra={"fields": {"organisation": organisation, "error": error.message}})
        _log.info("purged", extra={"fields": dict(self.counts)})
        return self.counts

    async def of(self, organisation: uuid.UUID) -> None:
        """Takes away what one organisation has kept long enough."""
        async with self.database.session(Scope(organisation)) as session:
            days = await days_of(session, self.settings)
        for chore in (self._uploads, self._datasets, self._unfinished, self._sent, self._runs, self._artifacts):
            while True:
                async with self.database.session(Scope(organisation)) as session:
                    if await chore(session, organisation, days) < AT_ONCE:
                        break

    async def _uploads(self, session: AsyncSession, organisation: uuid.UUID, days: Days) -> int:
        """Uploaded datasets that are old: deleted, and their bytes at once."""
        if days.uploads is None:
            return 0
        old = Dataset.created_at < self._before(days.uploads)
        query = select(Dataset).where(Dataset.key.is_not(None), Dataset.purged_at.is_(None), old)
        return await self._purged(session, organisation, await self._locked(session, query), "uploads")

    async def _datasets(self, session: AsyncSession, organisation: uuid.UUID, days: Days) -> int:
        """Datasets that were deleted long enough ago."""
        query = select(Dataset).where(Dataset.purged_at.is_(None), Dataset.deleted_at < self._before(days.deleted))
        return await self._purged(session, organisation, await self._locked(session, query), "datasets")

    async def _purged(self, session: AsyncSession, organisation: uuid.UUID, found: Sequence[Dataset], what: str) -> int:
        for each in found:
            await purge_dataset(session, self.store, self.settings, each, self.now)
            await note(session, organisation, REGISTRY, "purge-dataset", f"dataset:{each.id}", name=each.name)
        self.counts[what] += len(found)
        return len(found)

    async def _unfinished(self, session: AsyncSession, organisation: uuid.UUID, days: Days) -> int:
        query = select(Upload).where(Upload.finished_at.is_(None), Upload.created_at < self._before(days.unfinished))
        found = await self._locked(session, query)
        for each in found:
            await dropped(session, self.store, self.settings, each)
        self.counts["unfinished"] += len(found)
        return len(found)

    async def _sent(self, session: AsyncSession, organisation: uuid.UUID, days: Days) -> int:
        """Parts of files that were not put together: whoever sent them has given up."""
        gone = await to_thread.run_sync(given_up, self.store, organisation, self._before(days.unfinished))
        self.counts["unfinished"] += gone
        return 0

    async def _runs(self, session: AsyncSession, organisation: uuid.UUID, days: Days) -> int:
        if days.runs is None:
            return 0
        found = await self._locked(session, select(Run).where(Run.created_at < self._before(days.runs)))
        for each in found:
            await purge_files(session, self.store, self.settings, each)
            await session.delete(each)
        if found:
            named = [str(each.id) for each in found]
            await note(session, organisation, REGISTRY, "purge-runs", "runs", runs=named)
        self.counts["runs"] += len(found)
        return len(found)

    async def _artifacts(self, session: AsyncSession, organisation: uuid.UUID, days: Days) -> int:
        if days.artifacts is None:
            return 0
        query = select(Run).where(Run.files_key.is_not(None), Run.created_at < self._before(days.artifacts))
        found = await self._locked(session, query)
        for each in found:
            await purge_files(session, self.store, self.settings, each)
        if found:
            named = [str(each.id) for each in found]
            await note(session, organisation, REGISTRY, "purge-artifacts", "runs", runs=named)
        self.counts["artifacts"] += len(found)
        return len(found)

    async def _locked(self, session: AsyncSession, query: Any) -> Sequence[Any]:
        """Rows that nobody else is at: two that purge at once share the work."""
        return (await session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True))).all()

    def _before(self, days: int) -> datetime:
        return self.now - timedelta(days=days)


async def purge_dataset(
    session: AsyncSession, store: Store, settings: Settings, dataset: Dataset, now: datetime
) -> None:
    """Takes away a dataset's bytes and its credentials; that it was there stays."""
    if dataset.key is not None:
        await to_thread.run_sync(store.delete, upload_key(dataset.organisation_id, dataset.id))
        await Quotas(session, dataset.organisation_id, settings).give_back(What.STORAGE, subject(dataset.id))
    dataset.sealed, dataset.purged_at = None, now
    dataset.deleted_at = dataset.deleted_at or now
    await session.flush()


async def purge_files(session: AsyncSession, store: Store, settings: Settings, run: Run) -> None:
    """Takes away the files of a run that are in the registry's store."""
    if run.files_key is not None:
        await to_thread.run_sync(store.delete, run_key(run.organisation_id, run.id))
    await Quotas(session, run.organisation_id, settings).give_back(What.STORAGE, f"run:{run.id}")
    run.files_key = None
    await session.flush()
