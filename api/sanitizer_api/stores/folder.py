"""A store that is a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from sanitizer_api.stores.keys import checked
from sanitizer_api.stores.signing import Signer
from sanitizer_api.stores.store import BLOCK, Kept
from sanitizer_core.errors import SourceError
from sanitizer_core.sinks.beside import beside

FILES = "/api/v1/files"
"""Where the registry serves what a signed URL names."""


@dataclass(frozen=True)
class FolderStore:
    """Files below a folder; the registry itself serves what it signed.

    Args:
        root: an absolute path; made with the first file.
    """

    root: str
    signer: Signer

    def address(self, key: str) -> str:
        return str(self.path(key))

    def path(self, key: str) -> Path:
        """Where a file lies."""
        return Path(self.root, *checked(key).split("/"))

    def size(self, key: str) -> int | None:
        path = self.path(key)
        return path.stat().st_size if path.is_file() else None

    def open(self, key: str, block: int = BLOCK) -> BinaryIO:
        try:
            return self.path(key).open("rb")
        except OSError as error:
            raise SourceError(f"{key} cannot be read: {error.strerror}") from error

    def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        with self.open(key) as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    @contextmanager
    def write(self, key: str) -> Iterator[BinaryIO]:
        with beside(self.path(key), key) as staged, staged.open("wb") as file:
            yield file

    def put(self, key: str, path: Path) -> None:
        with path.open("rb") as given, self.write(key) as file:
            shutil.copyfileobj(given, file, 1 << 20)

    def move(self, key: str, target: str) -> None:
        path = self.path(key)
        with beside(self.path(target), target) as staged:
            path.rename(staged)

    def below(self, folder: str) -> Iterator[Kept]:
        top = self.path(folder)
        for path in sorted(top.rglob("*")):
            relative = path.relative_to(top)
            # What begins with a dot is somebody's unfinished file.
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                about = path.stat()
                written = datetime.fromtimestamp(about.st_mtime, UTC)
                yield Kept(f"{folder}/{relative.as_posix()}", about.st_size, written)

    def delete(self, key: str) -> None:
        path = self.path(key)
        if path.is_dir():
            aside = path.with_name(f".{path.name}.{os.getpid()}.deleted")
            path.rename(aside)  # Gone at once, however long its files take.
            shutil.rmtree(aside)
        else:
            path.unlink(missing_ok=True)
        # What whoever wrote it left unfinished beside it, because they were killed.
        for partial in path.parent.glob(f".{path.name}.*.partial"):
            shutil.rmtree(partial) if partial.is_dir() else partial.unlink(missing_ok=True)

    def presigned(self, key: str, seconds: int, name: str) -> str:
        return f"{FILES}/{quote(checked(key))}?{self.signer.query(seconds, key, name=name)}"
