"""Tables of recipes and contracts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sanitizer_api.db.base import Base, Keyed, Owned


class Definition(Keyed, Owned, Base):
    """A recipe or a contract by its name."""

    __tablename__ = "definitions"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "name"),)

    kind: Mapped[str]
    name: Mapped[str]


class Version(Keyed, Owned, Base):
    """A version: what it says never changes, and neither does its digest."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("definition_id", "number"), UniqueConstraint("definition_id", "digest"))

    definition_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("definitions.id", ondelete="CASCADE"))
    number: Mapped[int]
    digest: Mapped[str]
    content: Mapped[dict[str, Any]]
    text: Mapped[str]
    published_by: Mapped[uuid.UUID]
    note: Mapped[str | None] = mapped_column(default=None)
    deprecated_at: Mapped[datetime | None] = mapped_column(default=None)
    deprecated_why: Mapped[str | None] = mapped_column(default=None)


class Label(Keyed, Owned, Base):
    """A word such as ``production`` that stands at one version of a definition."""

    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("definition_id", "name"),)

    definition_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("definitions.id", ondelete="CASCADE"))
    name: Mapped[str]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"))
    version: Mapped[Version] = relationship(lazy="raise", init=False)


class LabelMove(Keyed, Owned, Base):
    """That a label was moved: from which version, to which, by whom."""

    __tablename__ = "label_moves"

    definition_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("definitions.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    before: Mapped[int | None]
    after: Mapped[int | None]
    moved_by: Mapped[uuid.UUID]
