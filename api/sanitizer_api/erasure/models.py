"""The table of receipts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class Erasure(Keyed, Owned, Base):
    """That something was to be erased, and what came of it.

    Args:
        kind: ``rows`` of a person, or a ``dataset``.
        subject: the column, or the id of the dataset.
        values: of rows, HMAC-SHA256 (hex) of each value under a key of the registry's: whoever knows a value can have it
            compared, nobody can read it.
        receipt: what was looked at and what was rewritten.
        digest: SHA-256 (hex) of the receipt; it is in the audit log too.
        finished_at: ``None`` while it is under way, and when it was interrupted: what it had done is done, and it can be asked
            for again.
    """

    __tablename__ = "erasures"

    kind: Mapped[str]
    subject: Mapped[str]
    values: Mapped[list[str]]
    reason: Mapped[str | None]
    requested_by: Mapped[uuid.UUID]
    receipt: Mapped[dict[str, Any]]
    digest: Mapped[str | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
