"""How long an organisation keeps what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.retention.models import RetentionPlan
from sanitizer_api.settings import Settings


@dataclass(frozen=True)
class Days:
    """How many days each is kept; ``None`` is for ever (see ``RetentionPlan``)."""

    deleted: int
    unfinished: int
    uploads: int | None
    artifacts: int | None
    runs: int | None


async def plan_of(session: AsyncSession) -> RetentionPlan | None:
    """What the session's organisation said."""
    return await session.scalar(select(RetentionPlan))


async def days_of(session: AsyncSession, settings: Settings) -> Days:
    """How long the session's organisation keeps what: as it said, else as the settings say."""
    said = await plan_of(session) or RetentionPlan()
    return Days(
        deleted=settings.deleted_days if said.deleted is None else said.deleted,
        unfinished=settings.unfinished_days if said.unfinished is None else said.unfinished,
        uploads=settings.uploads_days if said.uploads is None else said.uploads,
        artifacts=settings.artifacts_days if said.artifacts is None else said.artifacts,
        runs=settings.runs_days if said.runs is None else said.runs,
    )
