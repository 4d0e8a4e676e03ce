"""What goes in and out of the routes of runs and scores."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class RunBrief(BaseModel):
    """A run, as lists show it."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    status: str
    dataset: str
    engine: str
    recipe_name: str
    recipe_version: int
    recipe_digest: str
    contract_name: str | None
    started_at: datetime
    seconds: float
    rows_in: int
    rows_out: int
    rows_removed: int
    rows_rejected: int
    cells_changed: int | None
    score_before: float | None
    score_after: float | None
    created_at: datetime


class RunView(RunBrief):
    """A run, whole: with the record that `run.json` holds."""

    reported_by: uuid.UUID
    record: dict[str, Any]


class ScorePoint(BaseModel):
    """A score of a run."""

    run_id: uuid.UUID
    started_at: datetime
    dataset: str
    recipe_name: str
    recipe_version: int
    before: float | None
    after: float | None
