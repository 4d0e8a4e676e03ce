"""The one place that is asked whether an organisation may use more."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.problems import ApiError
from sanitizer_api.quotas.models import Quota, QuotaUse
from sanitizer_api.settings import Settings


class What(StrEnum):
    """What is counted."""

    STORAGE = "storage"
    JOBS = "jobs"
    ROWS = "rows"


UNITS = {What.STORAGE: "bytes", What.JOBS: "jobs at once", What.ROWS: "rows a day"}


class QuotaError(ApiError):
    """An organisation would use more than it is allowed; the problem says how much it uses, and how much it may."""

    name, title = "quota", "More than the organisation is allowed"

    def __init__(self, use: Use, wanted: int) -> None:
        unit = UNITS[use.what]
        super().__init__(
            f"{use.used} of {use.allowed} {unit} are used, and {wanted} more are asked for",
            hint=HINTS[use.what],
            headers={"Retry-After": str(_until_midnight())} if use.what is What.ROWS else None,
        )
        self.status = 413 if use.what is What.STORAGE else 429
        self.members = {"quota": {"what": use.what, "used": use.used, "allowed": use.allowed, "asked": wanted}}


HINTS = {
    What.STORAGE: "Delete datasets or runs; their bytes go after the time of retention, or when they are purged.",
    What.JOBS: "Wait until one has ended.",
    What.ROWS: "Wait until midnight (UTC).",
}


@dataclass(frozen=True)
class Use:
    """How much is used, and how much is allowed; ``None``: as much as they like."""

    what: What
    used: int
    allowed: int | None


@dataclass(frozen=True)
class Quotas:
    """What an organisation uses, in a transaction; whoever opened it commits.

    Two that ask at once are answered one after the other, so that they cannot both have the last of it.
    """

    session: AsyncSession
    organisation: uuid.UUID
    settings: Settings

    async def take(self, what: What, subject: str, amount: int, *, refuse: bool = True) -> None:
        """Counts what a subject uses; asked again, what it uses now.

        Args:
            subject: which thing, such as ``job:`` and its id.
            refuse: whether it is refused when it is too much; what has happened already is only counted.

        Raises:
            QuotaError: it would be more than is allowed.
        """
        if await self._allowed(what) is not None:
            await self._alone(what)
            await self._refuse(what, subject, amount if refuse else 0)
        values = {"organisation_id": self.organisation, "what": what, "subject": subject}
        counted = insert(QuotaUse).values(id=uuid.uuid4(), amount=amount, **values)
        await self.session.execute(
            counted.on_conflict_do_update(
                index_elements=["organisation_id", "what", "subject"], set_={"amount": amount}
            )
        )

    async def check(self, what: What) -> None:
        """Makes sure that there is anything left.

        Raises:
            QuotaError: all is used.
        """
        if await self._allowed(what) is None:
            return
        use = await self.use(what)
        if use.allowed is not None and use.used >= use.allowed:
            raise QuotaError(use, 1)

    async def _refuse(self, what: What, subject: str, amount: int) -> None:
        use = await self.use(what, apart_from=subject) if amount else None
        if use is not None and use.allowed is not None and use.used + amount > use.allowed:
            raise QuotaError(use, amount)

    async def give_back(self, what: What, subject: str) -> None:
        """A subject uses nothing any more."""
        await self.session.execute(delete(QuotaUse).where(*self._of(what), QuotaUse.subject == subject))

    async def use(self, what: What, apart_from: str | None = None) -> Use:
        """How much is used and allowed."""
        query = select(func.coalesce(func.sum(QuotaUse.amount), 0)).where(*self._of(what))
        if what is What.ROWS:
            query = query.where(QuotaUse.created_at >= _midnight())
        if apart_from is not None:
            query = query.where(QuotaUse.subject != apart_from)
        return Use(what, int(await self.session.scalar(query) or 0), await self._allowed(what))

    async def _allowed(self, what: What) -> int | None:
        own = await self.session.scalar(
            select(Quota).where(Quota.organisation_id == self.organisation, Quota.what == what)
        )
        return own.allowed if own is not None else _default(what, self.settings)

    def _of(self, what: What) -> tuple[ColumnElement[bool], ...]:
        return (QuotaUse.organisation_id == self.organisation, QuotaUse.what == what)

    async def _alone(self, what: What) -> None:
        key = func.hashtextextended(f"quota {what} {self.organisation}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(key)))


def _default(what: What, settings: Settings) -> int | None:
    return {What.STORAGE: settings.storage_quota, What.JOBS: settings.jobs_quota, What.ROWS: settings.rows_quota}[what]


def _midnight() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _until_midnight() -> int:
    return max(1, int((_midnight() + timedelta(days=1) - datetime.now(UTC)).total_seconds()) + 1)
