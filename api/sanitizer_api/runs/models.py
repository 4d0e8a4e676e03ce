"""Tables of runs and their scores."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class Run(Owned, Base, kw_only=True):
    """A run, as it was reported: its record whole, and beside it what lists and searches need.

    Args:
        parent: the run whose output this one goes on with.
        files_key: the folder of its files in the registry's store; ``None`` where they are elsewhere.
        files: those files, each with its name, size and SHA-256.
    """

    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_listed", "organisation_id", "created_at", "id"),
        Index("ix_runs_recipe", "organisation_id", "recipe_name", "created_at"),
        Index("ix_runs_dataset", "organisation_id", "dataset", "created_at"),
        Index("ix_runs_parent", "organisation_id", "parent"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, default=None
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), init=False)
    started_at: Mapped[datetime]
    seconds: Mapped[float]
    status: Mapped[str]
    dataset: Mapped[str]
    engine: Mapped[str]
    recipe_name: Mapped[str]
    recipe_version: Mapped[int]
    recipe_digest: Mapped[str]
    contract_name: Mapped[str | None]
    rows_in: Mapped[int]
    rows_out: Mapped[int]
    rows_removed: Mapped[int]
    rows_rejected: Mapped[int]
    cells_changed: Mapped[int | None]
    score_before: Mapped[float | None]
    score_after: Mapped[float | None]
    record: Mapped[dict[str, Any]]
    record_digest: Mapped[str]
    reported_by: Mapped[uuid.UUID]
    parent: Mapped[uuid.UUID | None] = mapped_column(default=None)
    files_key: Mapped[str | None] = mapped_column(default=None)
    files: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB, default=None)


class RunScore(Owned, Base, kw_only=True):
    """One score of a run: of a dimension, before or after, of the whole table or of a column (empty: the table)."""

    __tablename__ = "run_scores"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "run_id"], ["runs.organisation_id", "runs.id"], ondelete="CASCADE"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=None)
    run_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    moment: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    column: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]


class Anomaly(Keyed, Owned, Base):
    """A score that changed suddenly.

    Args:
        moment: ``before`` or ``after`` cleaning.
        z: the robust z-score.
        evidence: the history it was held against, with its median and MAD (see ``quality.history``).
    """

    __tablename__ = "anomalies"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "run_id"], ["runs.organisation_id", "runs.id"], ondelete="CASCADE"),
        Index("ix_anomalies_listed", "organisation_id", "created_at", "id"),
        Index("ix_anomalies_run", "organisation_id", "run_id"),
    )

    run_id: Mapped[uuid.UUID]
    moment: Mapped[str]
    dimension: Mapped[str]
    dataset: Mapped[str]
    recipe_name: Mapped[str]
    started_at: Mapped[datetime]
    value: Mapped[float]
    z: Mapped[float]
    evidence: Mapped[dict[str, Any]]
