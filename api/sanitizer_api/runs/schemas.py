"""What goes in and out of the routes of runs and scores."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


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
    parent: uuid.UUID | None
    created_at: datetime


class RunFile(BaseModel):
    """A file of a run: its name, its bytes, and their SHA-256 (hex)."""

    name: str = Field(examples=["clean.parquet"])
    size: int
    digest: str


class RunView(RunBrief):
    """A run, whole: with the record that `run.json` holds."""

    reported_by: uuid.UUID
    files: list[RunFile] | None = Field(default=None, description="Its files, where the registry keeps them.")
    record: dict[str, Any]


class ScorePoint(BaseModel):
    """A score of a run.

    Args:
        before_z, after_z: the robust z-score where the score changed suddenly, else null (see `GET /anomalies`).
    """

    run_id: uuid.UUID
    started_at: datetime
    dataset: str
    recipe_name: str
    recipe_version: int
    before: float | None
    after: float | None
    before_z: float | None = None
    after_z: float | None = None


class Evidence(BaseModel):
    """What a score was held against.

    Args:
        history: the scores of earlier runs, the oldest first: of every run, or of those on the same weekday.
        mad: the median of their distances from their median; `spread` is the same, but never below half a point.
    """

    value: float
    basis: Literal["every run", "same weekday"]
    history: list[float]
    median: float
    mad: float
    spread: float
    z: float
    threshold: float


class AnomalyView(BaseModel):
    """A score that changed suddenly."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    run_id: uuid.UUID
    moment: Literal["before", "after"]
    dimension: str
    dataset: str
    recipe_name: str
    started_at: datetime
    value: float
    z: float
    evidence: Evidence
    created_at: datetime
