"""What a store can do, whichever kind it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

BLOCK = 1 << 20
"""Footers of Parquet are smaller, groups of rows larger."""

WHOLE = 8 << 20
"""How much is fetched at once of what is read from start to end."""


@dataclass(frozen=True)
class Kept:
    """A file in a store.

    Args:
        size: in bytes.
        written: when it got there.
    """

    key: str
    size: int
    written: datetime


class Store(Protocol):
    """Files under keys (see ``keys``). Every call may wait for a disk or a network: not for an event loop.

    What cannot be read or written raises SourceError or SinkError of the core, ``retryable`` where waiting may help.
    """

    @property
    def root(self) -> str:
        """The path or URL that all keys are below."""

    def address(self, key: str) -> str:
        """What the core reads and writes: a path, or ``s3://…``; of a file, or of a folder of them."""

    def size(self, key: str) -> int | None:
        """Its bytes; ``None`` when it is not there."""

    def open(self, key: str, block: int = BLOCK) -> BinaryIO:
        """The file to read, from anywhere in it: little more than what is read is fetched.

        Args:
            block: how many bytes are fetched at least; more of them when it is read from start to end.
        """

    def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        """A stretch of the file; to its end without a length."""

    def write(self, key: str) -> AbstractContextManager[BinaryIO]:
        """A file to fill; at the end of the block it is there whole, after an error it is as it was."""

    def put(self, key: str, path: Path) -> None:
        """A local file under a key; it appears whole."""

    def move(self, key: str, target: str) -> None:
        """A file under another key; it appears there whole."""

    def below(self, folder: str) -> Iterator[Kept]:
        """The files below a folder, by name."""

    def delete(self, key: str) -> None:
        """A file or a folder with all that is below; nothing happens when it is not there."""

    def presigned(self, key: str, seconds: int, name: str) -> str:
        """A URL that gives the file to whoever has it, for so long: absolute, or a path of this registry's own.

        Args:
            name: what a browser saves it as.
        """


def digest_of(store: Store, key: str) -> str:
    """SHA-256 (hex) of a file, read from start to end."""
    sha = hashlib.sha256()
    with store.open(key, WHOLE) as file:
        while chunk := file.read(1 << 20):
            sha.update(chunk)
    return sha.hexdigest()
