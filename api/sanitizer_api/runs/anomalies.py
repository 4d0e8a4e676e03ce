"""Sudden changes of scores, marked when a run is reported."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.pages import Paging
from sanitizer_api.runs.models import Anomaly, Run, RunScore
from sanitizer_api.runs.recording import TABLE, ScoreRow
from sanitizer_api.webhooks.outbox import Event, tell
from sanitizer_core.quality.history import MOST, Judgement, Point, judge


async def mark(session: AsyncSession, run: Run, scores: Iterable[ScoreRow]) -> list[Anomaly]:
    """The scores of a run, before and after, that its history did not lead to expect; kept, and told to webhooks.

    The history of a score are the runs of the same recipe (whatever its version) on the same dataset that began before.
    """
    earlier = await _history(session, run)
    found = []
    for each in scores:
        place = each.moment, each.dimension
        judged = judge(Point(run.started_at, each.value), earlier.get(place, ())) if each.column == TABLE else None
        if judged is not None and judged.is_sudden:
            found.append(_anomaly(run, place, judged))
    session.add_all(found)
    await session.flush()
    if found:
        await tell(session, Event.ANOMALY, _about(run, found))
    return found


Place = tuple[str, str]
"""Before or after, and the dimension."""


async def _history(session: AsyncSession, run: Run) -> dict[Place, list[Point]]:
    before = select(Run.organisation_id, Run.id, Run.started_at).where(
        Run.dataset == run.dataset, Run.recipe_name == run.recipe_name, Run.started_at < run.started_at
    )
    last = before.order_by(Run.started_at.desc()).limit(MOST).subquery()
    same = (RunScore.organisation_id == last.c.organisation_id) & (RunScore.run_id == last.c.id)
    query = select(RunScore.moment, RunScore.dimension, RunScore.value, last.c.started_at).join(last, same)
    found: dict[Place, list[Point]] = {}
    rows: Any = await session.execute(query.where(RunScore.column == TABLE))
    for moment, dimension, value, at in rows:
        found.setdefault((moment, dimension), []).append(Point(at, value))
    return found


def _anomaly(run: Run, place: Place, judged: Judgement) -> Anomaly:
    moment, dimension = place
    return Anomaly(
        run_id=run.id, moment=moment, dimension=dimension, dataset=run.dataset, recipe_name=run.recipe_name,
        started_at=run.started_at, value=judged.value, z=judged.z, evidence=judged.to_json(),
    )  # fmt: skip


def _about(run: Run, found: Sequence[Anomaly]) -> dict[str, Any]:
    scores = [
        {name: getattr(each, name) for name in ("moment", "dimension", "value", "z")}
        | {"median": each.evidence["median"], "basis": each.evidence["basis"]}
        for each in found
    ]
    return about(run) | {"scores": scores}


def about(run: Run) -> dict[str, Any]:
    """What webhooks are told of a run."""
    return {
        "run_id": str(run.id),
        "dataset": run.dataset,
        "recipe": {"name": run.recipe_name, "version": run.recipe_version},
        "started_at": run.started_at.isoformat(),
        "status": run.status,
        "score_before": run.score_before,
        "score_after": run.score_after,
    }


async def listed(
    session: AsyncSession,
    paging: Paging,
    *,
    recipe: str | None,
    dataset: str | None,
    run_id: uuid.UUID | None,
    dimension: str | None,
) -> Sequence[Anomaly]:
    """A page of sudden changes."""
    pairs = (
        (Anomaly.recipe_name, recipe), (Anomaly.dataset, dataset), (Anomaly.run_id, run_id),
        (Anomaly.dimension, dimension),
    )  # fmt: skip
    query = select(Anomaly).where(*(column == value for column, value in pairs if value is not None))
    return (await session.scalars(paging.applied(query, Anomaly.created_at, Anomaly.id))).all()
