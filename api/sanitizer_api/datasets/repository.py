"""Every query about datasets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.datasets.content import Content
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.pages import Paging


async def dataset(
    session: AsyncSession, dataset_id: uuid.UUID, *, deleted: bool = False, lock: bool = False
) -> Dataset | None:
    """A dataset by its id.

    Args:
        deleted: whether one that was deleted is found too.
        lock: whether nobody else changes it until the transaction ends.
    """
    query = select(Dataset).where(Dataset.id == dataset_id)
    query = query if deleted else query.where(Dataset.deleted_at.is_(None))
    return await session.scalar(query.with_for_update() if lock else query)


async def named(session: AsyncSession, name: str) -> Dataset | None:
    """A dataset by its name."""
    return await session.scalar(select(Dataset).where(Dataset.name == name, Dataset.deleted_at.is_(None)))


async def datasets(
    session: AsyncSession, paging: Paging, contains: str | None = None, *, deleted: bool = False
) -> Sequence[Dataset]:
    """A page of datasets: those that are there, or those that were deleted."""
    gone = Dataset.deleted_at.is_not(None)
    query = select(Dataset).where(gone if deleted else ~gone)
    query = query.where(Dataset.name.icontains(contains, autoescape=True)) if contains else query
    return (await session.scalars(paging.applied(query, Dataset.created_at, Dataset.id))).all()


async def looked_at(session: AsyncSession, dataset_id: uuid.UUID, content: Content) -> None:
    """Keeps what was seen of a dataset that lies elsewhere."""
    seen = {"format": content.format, "compression": content.compression, "content_type": content.content_type}
    await session.execute(update(Dataset).where(Dataset.id == dataset_id).values(**seen))
