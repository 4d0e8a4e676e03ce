"""Every query about uploads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.pages import Paging
from sanitizer_api.uploads.models import Upload


async def upload(session: AsyncSession, upload_id: uuid.UUID, *, lock: bool = False) -> Upload | None:
    """An upload by its id.

    Args:
        lock: whether nobody else changes it until the transaction ends.
    """
    query = select(Upload).where(Upload.id == upload_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def unfinished(session: AsyncSession, paging: Paging) -> Sequence[Upload]:
    """A page of uploads that are on their way."""
    query = select(Upload).where(Upload.finished_at.is_(None))
    return (await session.scalars(paging.applied(query, Upload.created_at, Upload.id))).all()
