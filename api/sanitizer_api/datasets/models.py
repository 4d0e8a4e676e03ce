"""The table of datasets."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class Dataset(Keyed, Owned, Base):
    """A table that lies somewhere.

    Args:
        address: where, as people see it: no credential is in it. Of an upload, ``upload:`` and its file's name.
        sealed: the whole address, encrypted, when there is a credential in it.
        key: of an upload, the key in the store.
        content_type: by its first bytes, whatever it is called; ``None`` until somebody looked.
        format: as the core calls it: csv, parquet, …; with it ``compression``: none, gzip or zstd.
        size: in bytes.
        digest: SHA-256 (hex) of the bytes; ``None`` where nobody read them all.
        deleted_at: since when nobody sees it; its bytes go after the time of retention.
        purged_at: since when its bytes are gone.
    """

    __tablename__ = "datasets"
    __table_args__ = (
        Index(
            "uq_datasets_name",
            "organisation_id",
            "name",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_datasets_listed", "organisation_id", "created_at", "id"),
    )

    name: Mapped[str]
    address: Mapped[str]
    registered_by: Mapped[uuid.UUID]
    sealed: Mapped[str | None] = mapped_column(default=None)
    key: Mapped[str | None] = mapped_column(default=None)
    content_type: Mapped[str | None] = mapped_column(default=None)
    format: Mapped[str | None] = mapped_column(default=None)
    compression: Mapped[str | None] = mapped_column(default=None)
    size: Mapped[int | None] = mapped_column(default=None)
    digest: Mapped[str | None] = mapped_column(default=None)
    deleted_at: Mapped[datetime | None] = mapped_column(default=None)
    purged_at: Mapped[datetime | None] = mapped_column(default=None)
