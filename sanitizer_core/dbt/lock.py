"""``sanitizer.lock``: what was compiled and what was written, by digest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sanitizer_core.errors import ProjectError, Where

LOCK = "sanitizer.lock"


class Entry(BaseModel):
    """A recipe or contract: where it stands, its digest, and the columns that were read for it through dbt.

    Args:
        published: how it is pinned, where it was pulled from a registry (``customers@production``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    digest: str
    fitted: str | None = None
    published: str | None = None
    columns: dict[str, str] = {}


class Lock(BaseModel):
    """The lock file; ``files`` holds the SHA-256 of each file that was written, by its path in the project."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lock: int = 1
    recipes: dict[str, Entry] = {}
    contracts: dict[str, Entry] = {}
    files: dict[str, str] = {}

    @classmethod
    def load(cls, folder: Path) -> Lock:
        """The lock of a project; an empty one when there is none.

        Raises:
            ProjectError: it cannot be read.
        """
        path = folder / LOCK
        if not path.exists():
            return cls()
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ProjectError(
                f"the lock cannot be read: {str(error).splitlines()[0]}",
                where=Where(file=str(path)),
                hint="Remove it and run 'sanitizer dbt sync'.",
            ) from None

    def dumps(self) -> str:
        """The same text for the same lock, wherever it is written; columns keep their order."""
        return json.dumps(self.model_dump(exclude_none=True), indent=2, ensure_ascii=False) + "\n"


def digest(text: str) -> str:
    """SHA-256 (hex) of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
