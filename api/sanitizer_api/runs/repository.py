"""Every query about runs and scores."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from sanitizer_api.pages import Paging
from sanitizer_api.runs.models import Anomaly, Run, RunScore


@dataclass(frozen=True)
class Wanted:
    """Which runs; ``None`` is any."""

    recipe: str | None = None
    dataset: str | None = None
    status: str | None = None

    def applied(self, query: Select[Any]) -> Select[Any]:
        """The query for these runs alone."""
        pairs = ((Run.recipe_name, self.recipe), (Run.dataset, self.dataset), (Run.status, self.status))
        return query.where(*(column == value for column, value in pairs if value is not None))


async def run(session: AsyncSession, run_id: uuid.UUID, *, lock: bool = False) -> Run | None:
    """A run by its id; locked, nobody else changes it until the transaction ends."""
    query = select(Run).where(Run.id == run_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def runs(session: AsyncSession, wanted: Wanted, paging: Paging) -> Sequence[Run]:
    """A page of runs, without their records."""
    query = wanted.applied(select(Run).options(defer(Run.record, raiseload=True)))
    return (await session.scalars(paging.applied(query, Run.created_at, Run.id))).all()


# Made once: to make one costs more than to ask the question.
_SCORES = {moment: aliased(RunScore) for moment in ("before", "after")}
_SUDDEN = {moment: aliased(Anomaly) for moment in _SCORES}


async def scores(
    session: AsyncSession, wanted: Wanted, dimension: str, column: str, paging: Paging
) -> Sequence[Row[Any]]:
    """A page of runs with one of their scores, before and after."""
    before, after = _SCORES["before"], _SCORES["after"]
    items = (Run.id, Run.created_at, Run.started_at, Run.dataset, Run.recipe_name, Run.recipe_version)
    query: Any = select(*items, before.value.label("before"), after.value.label("after"))
    for moment, score in _SCORES.items():
        same = (score.organisation_id == Run.organisation_id) & (score.run_id == Run.id)
        place = (score.moment == moment) & (score.dimension == dimension) & (score.column == column)
        query = query.outerjoin(score, same & place)
        sudden = _SUDDEN[moment]
        mark = (sudden.run_id == Run.id) & (sudden.organisation_id == Run.organisation_id) & (column == "")
        mark &= (sudden.moment == moment) & (sudden.dimension == dimension)
        query = query.outerjoin(sudden, mark).add_columns(sudden.z.label(f"{moment}_z"))
    query = wanted.applied(query).where(before.value.is_not(None) | after.value.is_not(None))
    found: Sequence[Row[Any]] = (await session.execute(paging.applied(query, Run.created_at, Run.id))).all()
    return found
