"""The table of what reviewers decided."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class ReviewDecision(Keyed, Owned, Base):
    """What somebody decided about a cell of a run's clean table. Postgres itself refuses to change one; a later one counts.

    Args:
        number: in the order in which they were made, also within one request.
        action: ``keep``, ``remove`` or ``set``.
        value: what the cell is set to, in JSON; ``None`` empties it.
    """

    __tablename__ = "review_decisions"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "run_id"], ["runs.organisation_id", "runs.id"], ondelete="CASCADE"),
        Index("ix_review_decisions_cell", "organisation_id", "run_id", "row", "column", "number"),
    )

    number: Mapped[int] = mapped_column(Identity(always=True), init=False)
    run_id: Mapped[uuid.UUID]
    row: Mapped[int]
    column: Mapped[str]
    action: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    reason: Mapped[str]
    decided_by: Mapped[uuid.UUID]
