"""Every query about erasures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.datasets.models import Dataset
from sanitizer_api.erasure.models import Erasure
from sanitizer_api.pages import Paging
from sanitizer_api.review.models import ReviewDecision
from sanitizer_api.runs.models import Run


async def erasure(session: AsyncSession, erasure_id: uuid.UUID) -> Erasure | None:
    """A receipt by its id."""
    return await session.scalar(select(Erasure).where(Erasure.id == erasure_id))


async def erasures(session: AsyncSession, paging: Paging) -> Sequence[Erasure]:
    """A page of receipts."""
    return (await session.scalars(paging.applied(select(Erasure), Erasure.created_at, Erasure.id))).all()


async def runs_with_files(session: AsyncSession, datasets: Sequence[str] | None) -> Sequence[uuid.UUID]:
    """The runs whose files are in the registry's store, the oldest first.

    Args:
        datasets: only of these, as the runs call them.
    """
    query = select(Run.id).where(Run.files_key.is_not(None)).order_by(Run.created_at, Run.id)
    query = query if datasets is None else query.where(Run.dataset.in_(datasets))
    return (await session.scalars(query)).all()


async def uploads(session: AsyncSession, names: Sequence[str] | None) -> Sequence[uuid.UUID]:
    """The uploaded datasets whose bytes are there, deleted ones too."""
    query = select(Dataset.id).where(Dataset.key.is_not(None), Dataset.purged_at.is_(None))
    query = query if names is None else query.where(Dataset.name.in_(names))
    return (await session.scalars(query.order_by(Dataset.created_at, Dataset.id))).all()


async def runs_of(session: AsyncSession, dataset: Dataset) -> Sequence[uuid.UUID]:
    """The runs of a dataset: they call it by its name, or by its address."""
    called = or_(Run.dataset == dataset.name, Run.dataset == dataset.address)
    query = select(Run.id).where(called, Run.files_key.is_not(None)).order_by(Run.created_at, Run.id)
    return (await session.scalars(query)).all()


async def drop_decisions(session: AsyncSession, run_id: uuid.UUID) -> int:
    """Takes away what reviewers decided about the rows of a run; how many decisions there were."""
    found = (await session.scalars(select(ReviewDecision).where(ReviewDecision.run_id == run_id))).all()
    await session.execute(delete(ReviewDecision).where(ReviewDecision.run_id == run_id))
    return len(found)
