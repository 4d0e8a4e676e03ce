"""Tables of webhooks and of what is told to them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class Webhook(Keyed, Owned, Base):
    """A program that is told what happens.

    Args:
        url: where it listens.
        events: of which kinds it is told.
        salt: the secret is made of it and of the registry's signing key, so that a dump of the database gives none away.
        active: whether it is told anything.
    """

    __tablename__ = "webhooks"

    url: Mapped[str]
    events: Mapped[list[str]]
    salt: Mapped[str]
    created_by: Mapped[uuid.UUID]
    description: Mapped[str | None] = mapped_column(default=None)
    active: Mapped[bool] = mapped_column(default=True)


class Delivery(Keyed, Owned, Base):
    """One thing that happened, for one webhook.

    Args:
        state: ``waiting``, ``delivered`` or ``failed``.
        next_at: when it is tried next; while it is tried, when another may take it for abandoned.
        log: every attempt: when, which status came back or why none, and how long it took.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_listed", "webhook_id", "created_at", "id"),
        Index("ix_webhook_deliveries_due", "next_at", postgresql_where=text("state = 'waiting'")),
    )

    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event: Mapped[str]
    payload: Mapped[dict[str, Any]]
    next_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    log: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default_factory=list)
