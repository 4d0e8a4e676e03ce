"""Tables of what is allowed and what is used."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from sanitizer_api.db.base import Base, Keyed, Owned


class Quota(Keyed, Owned, Base):
    """What an organisation is allowed, where it is not what the settings say for all; whoever runs the registry sets it.

    Args:
        what: ``storage`` (bytes), ``jobs`` (at once) or ``rows`` (a day, UTC).
        allowed: ``None`` is as much as they like.
    """

    __tablename__ = "quotas"
    __table_args__ = (UniqueConstraint("organisation_id", "what"),)

    what: Mapped[str]
    allowed: Mapped[int | None]


class QuotaUse(Keyed, Owned, Base):
    """What one thing uses.

    Args:
        subject: which, such as ``upload:`` and its id; it counts once.
    """

    __tablename__ = "quota_uses"
    __table_args__ = (
        UniqueConstraint("organisation_id", "what", "subject"),
        Index("ix_quota_uses_counted", "organisation_id", "what", "created_at"),
    )

    what: Mapped[str]
    subject: Mapped[str]
    amount: Mapped[int]
