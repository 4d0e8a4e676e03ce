"""Values that may be seen only by who has the key: sealed while a run goes on, opened to undo it.

The file is ``SANITIZERSEAL1``, a salt of 16 bytes, then frames: 4 bytes of length (big-endian), a nonce of 12 bytes, and
AES-256-GCM over an Arrow stream; the frame's number is authenticated with it, so that none can be left out or moved.
The key is derived from the secret by scrypt (RFC 7914; n=2**15, r=8, p=1).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sanitizer_core.errors import MissingExtraError, RestoreError, SanitizerError, Where

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"SANITIZERSEAL1"
SHORTEST_SECRET = 16
_LAST = b"end"


def secret_of(variable: str, error: type[SanitizerError]) -> str:
    """The secret in an environment variable.

    Raises:
        error: it is not set, or too short to be one.
    """
    secret = os.environ.get(variable, "")
    if len(secret) >= SHORTEST_SECRET:
        return secret
    got = "is not set" if not secret else f"has only {len(secret)} characters"
    raise error(
        f"the key of masked columns is read from the environment variable {variable}, which {got}",
        hint=f"Set it to a secret of at least {SHORTEST_SECRET} characters, and keep it: undo needs the same one.",
    )


def seal(batches: Iterator[pa.RecordBatch], path: Path, secret: str) -> None:
    """Writes batches so that only the secret opens them; memory is bounded by one batch."""
    salt = os.urandom(16)
    cipher = _cipher(secret, salt)
    with path.open("wb") as file:
        file.write(MAGIC + salt)
        number = 0
        for number, batch in enumerate(batches, 1):
            _write_frame(file, cipher, _packed(batch), str(number).encode())
        # The last frame tells how many there are, so that a file cut short is found out.
        _write_frame(file, cipher, str(number).encode(), _LAST)


def _packed(batch: pa.RecordBatch) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def _write_frame(file: Any, cipher: Any, content: bytes, label: bytes) -> None:
    nonce = os.urandom(12)
    frame = nonce + cipher.encrypt(nonce, content, label)
    file.write(struct.pack(">I", len(frame)) + frame)


def unseal(file: BinaryIO, secret: str, shown: str) -> Iterator[pa.RecordBatch]:
    """The batches that were sealed.

    Args:
        file: open, and such as can be sought in.
        shown: where it is, for an error.

    Raises:
        RestoreError: it is another key's, or the file was changed or cut.
    """
    import pyarrow as pa

    where = Where(file=shown)
    if file.read(len(MAGIC)) != MAGIC:
        raise RestoreError("this is no file of sealed values", where=where)
    cipher = _cipher(secret, file.read(16))
    frames = list(_frame_places(file))
    for number, (start, size) in enumerate(frames, 1):
        file.seek(start)
        label = _LAST if number == len(frames) else str(number).encode()
        content = _opened(cipher, file.read(size), label, where)
        if label == _LAST:
            if content != str(number - 1).encode():
                raise RestoreError("the sealed values are not whole", where=where)
            return
        yield from pa.ipc.open_stream(content)
    raise RestoreError("the sealed values are not whole", where=where)


def _frame_places(file: Any) -> Iterator[tuple[int, int]]:
    while len(head := file.read(4)) == 4:
        size = struct.unpack(">I", head)[0]
        yield file.tell(), size
        file.seek(size, os.SEEK_CUR)


def _opened(cipher: Any, frame: bytes, label: bytes, where: Where) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return bytes(cipher.decrypt(frame[:12], frame[12:], label))
    except InvalidTag:
        raise RestoreError(
            "the sealed values cannot be opened: the key is another one, or the file was changed",
            where=where,
            hint="Set the key of the run.",
        ) from None


def key_of(secret: str, salt: bytes) -> bytes:
    """The key of 32 bytes that a secret and a salt give."""
    try:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        raise MissingExtraError("cryptography", "privacy") from None
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(secret.encode())


def _cipher(secret: str, salt: bytes) -> Any:
    key = key_of(secret, salt)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
