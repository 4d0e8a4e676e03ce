"""Copies in the scratch folder, made in chunks: of what cannot be read twice, or not in place."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.options import Compression
from sanitizer_core.sources.views import new_name

CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def scratch_file(scratch: Path, suffix: str = "") -> Path:
    """A path in the scratch folder that is still free."""
    scratch.mkdir(parents=True, exist_ok=True)
    return scratch / f"{new_name('copy')}{suffix}"


def spool_standard_input(scratch: Path) -> Path:
    """All of standard input, as a file."""
    return _spooled(_chunks(sys.stdin.buffer), scratch, "standard input")


def spool_pipe(address: Address, scratch: Path) -> Path:
    """All of what comes from a named pipe, or from a shell's ``<(command)``, as a file."""
    try:
        with Path(address.location).open("rb") as pipe:
            return _spooled(_chunks(pipe), scratch, address.shown)
    except OSError as error:
        raise SourceError(f"{address.shown} cannot be read: {error.strerror}") from error


def unpack(path: Path, compression: Compression, scratch: Path, shown: str) -> Path:
    """A compressed file, unpacked; one that is cut short or damaged is an error, not a shorter table."""
    import pyarrow as pa

    try:
        with pa.input_stream(os.fspath(path), compression=compression) as stream:
            return _spooled(_chunks(stream), scratch, shown)
    except OSError as error:
        hint = "Fetch or make it again: it is cut short or damaged."
        raise SourceError(f"{shown} cannot be unpacked as {compression}: {error}", hint=hint) from error


def without_mark(path: Path, encoding: str | None, scratch: Path, shown: str) -> tuple[Path, str]:
    """A text file as UTF-8 without a byte order mark, and the encoding it had; a copy only where it differs."""
    with path.open("rb") as file:
        head = file.read(4)
    mark, found = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", "utf-8"))
    said = codecs.lookup(encoding).name if encoding and _known(encoding, shown) else found
    if not mark and said in {"utf-8", "ascii"}:
        return path, "utf-8"
    with path.open("rb") as file:
        file.seek(len(mark))
        return _spooled(_recoded(file, said, shown), scratch, shown), said


def _known(encoding: str, shown: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise SourceError(f"the encoding {encoding!r} given for {shown} is not known") from error
    return True


def _recoded(file: BinaryIO, encoding: str, shown: str) -> Iterator[bytes]:
    if encoding == "utf-8":
        yield from _chunks(file)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(file):
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise SourceError(f"{shown} is not {encoding}: {error.__class__.__name__} at {error}") from error


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _spooled(chunks: Iterator[bytes], scratch: Path, shown: str) -> Path:
    target = scratch_file(scratch)
    try:
        with target.open("wb") as file:
            for chunk in chunks:
                _write(file, chunk, shown)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def _write(file: BinaryIO, chunk: bytes, shown: str) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        hint = "Free space there, or choose another scratch folder."
        raise SourceError(f"{shown} cannot be copied to the scratch folder: {error.strerror}", hint=hint) from error
