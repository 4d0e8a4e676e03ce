"""The table of plans."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class RetentionPlan(Keyed, Owned, Base):
    """For how many days an organisation keeps what; ``None`` is as the settings say for all.

    Args:
        deleted: the bytes of a dataset after it was deleted.
        unfinished: an upload that is not completed.
        uploads: an uploaded dataset; then it is deleted and its bytes go.
        artifacts: the files of a run in the registry's store.
        runs: a run with its scores and files.
    """

    __tablename__ = "retention_plans"
    __table_args__ = (UniqueConstraint("organisation_id"),)

    deleted: Mapped[int | None] = mapped_column(default=None)
    unfinished: Mapped[int | None] = mapped_column(default=None)
    uploads: Mapped[int | None] = mapped_column(default=None)
    artifacts: Mapped[int | None] = mapped_column(default=None)
    runs: Mapped[int | None] = mapped_column(default=None)
