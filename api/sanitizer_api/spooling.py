"""Bodies of requests as files."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from starlette.requests import ClientDisconnect

from sanitizer_api.problems import ApiError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Spooled:
    """A body that is on the disk.

    Args:
        digest: SHA-256 (hex).
    """

    path: Path
    size: int
    digest: str


@asynccontextmanager
async def spooled(stream: AsyncIterator[bytes], folder: Path | None) -> AsyncIterator[Spooled]:
    """A body as a file, which is gone at the end of the block unless it was moved away.

    Args:
        folder: where it is written; ``None``: where the system keeps temporary files.
    """
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as file:
        path = Path(file.name)
        try:
            size, digest = await _written(stream, file)  # type: ignore[arg-type]
            yield Spooled(path, size, digest)
        finally:
            path.unlink(missing_ok=True)


async def _written(stream: AsyncIterator[bytes], file: BinaryIO) -> tuple[int, str]:
    """Writes all of it, outside the event loop, in pieces that are worth the change of threads."""
    sha, size, pieces, held = hashlib.sha256(), 0, [], 0

    def write(whole: bytes) -> None:
        sha.update(whole)
        file.write(whole)

    try:
        async for piece in stream:
            pieces.append(piece)
            held += len(piece)
            if held >= _CHUNK:
                await to_thread.run_sync(write, b"".join(pieces))
                size, pieces, held = size + held, [], 0
    except ClientDisconnect:
        raise ApiError("the body ended before it was whole", hint="Send it again.") from None
    await to_thread.run_sync(write, b"".join(pieces))
    await to_thread.run_sync(file.flush)
    return size + held, sha.hexdigest()
