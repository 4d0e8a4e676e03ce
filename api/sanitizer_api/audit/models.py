"""The table of who did what."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from sanitizer_api.db.base import Base, Keyed, Owned


class AuditEntry(Keyed, Owned, Base):
    """That somebody did something. Postgres itself refuses to change or delete one.

    Args:
        number: from 1, within the organisation, without gaps.
        before: the digest of the entry before it.
        digest: SHA-256 over the entry's content and ``before``.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    number: Mapped[int]
    actor: Mapped[uuid.UUID]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]]
    before: Mapped[str]
    digest: Mapped[str]
