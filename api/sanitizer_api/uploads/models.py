"""The table of uploads."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class Upload(Keyed, Owned, Base):
    """A file that somebody brings along. What is there of it, the store knows; its dataset gets its id.

    Args:
        name: of the dataset that it becomes.
        file: what the file is called where it comes from; for people.
        size: in bytes, as it was announced.
        part_size: of every part but the last.
        digest: SHA-256 (hex) of the whole, when it was announced.
        multipart: the store's own name of the upload, in a bucket.
        finished_at: since when it is a dataset.
    """

    __tablename__ = "uploads"

    name: Mapped[str]
    file: Mapped[str]
    size: Mapped[int]
    part_size: Mapped[int]
    started_by: Mapped[uuid.UUID]
    digest: Mapped[str | None] = mapped_column(default=None)
    multipart: Mapped[str | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def parts(self) -> int:
        """How many parts it has; one, when it is empty."""
        return max(1, -(-self.size // self.part_size))

    def part(self, number: int) -> int:
        """The bytes of a part, by its number from 1."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)
