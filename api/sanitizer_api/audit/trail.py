"""Writing down who did what, and proving that nobody changed it since."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.audit.models import AuditEntry
from sanitizer_api.pages import Paging

FIRST = "0" * 64
"""What stands before the first entry."""


async def note(
    session: AsyncSession, organisation: uuid.UUID, actor: uuid.UUID, action: str, subject: str, **details: Any
) -> None:
    """Writes down that somebody did something, in the transaction in which it was done."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(organisation), 0))))
    last = await session.scalar(_entries(organisation).order_by(AuditEntry.number.desc()).limit(1))
    number, before = (last.number + 1, last.digest) if last else (1, FIRST)
    entry = AuditEntry(
        organisation_id=organisation, number=number, actor=actor, action=action, subject=subject,
        details=details, before=before, digest="",
    )  # fmt: skip
    entry.digest = digest_of(entry)
    session.add(entry)
    await session.flush()


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 (hex) over what the entry says and the digest before it."""
    content = [str(entry.organisation_id), entry.number, str(entry.actor), entry.action, entry.subject, entry.details]
    text = json.dumps([entry.before, *content], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


async def listed(session: AsyncSession, paging: Paging) -> Sequence[AuditEntry]:
    """A page of the entries of the session's organisation."""
    return (await session.scalars(paging.applied(select(AuditEntry), AuditEntry.created_at, AuditEntry.id))).all()


async def first_broken(session: AsyncSession, organisation: uuid.UUID) -> tuple[int, int | None]:
    """How many entries there are, and the number of the first that does not follow from those before it."""
    before, expected, broken = FIRST, 1, None
    rows = await session.stream_scalars(_entries(organisation).order_by(AuditEntry.number))
    async for entry in rows:
        sound = entry.number == expected and entry.before == before and entry.digest == digest_of(entry)
        if not sound and broken is None:
            broken = expected
        before, expected = entry.digest, expected + 1
    return expected - 1, broken


def _entries(organisation: uuid.UUID) -> Any:
    return select(AuditEntry).where(AuditEntry.organisation_id == organisation)
