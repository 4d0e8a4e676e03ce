"""Makes a plain UTF-8 file of what was given, copying only where it must, and takes a sample of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sanitizer_core.errors import SourceError, Where, did_you_mean
from sanitizer_core.sources.csv.encoding import Encoding, as_utf8, find_encoding
from sanitizer_core.sources.options import Compression, ReadOptions
from sanitizer_core.sources.spool import scratch_file, unpack

SAMPLE = 1 << 20
# A first line longer than this is no header.
_LONGEST_LINE = 1 << 26
_WINDOW, _WINDOWS = 1 << 14, 16
_UTF8 = ("utf-8", "ascii")
_PACKED: tuple[tuple[Compression, bytes], ...] = (("gzip", b"\x1f\x8b"), ("zstd", b"\x28\xb5\x2f\xfd"))
_OTHER = {
    b"PK\x03\x04": "a ZIP archive (or an Excel workbook)",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old Office document (.xls or .doc)",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
}
# Control characters that text does not hold; tabs, line ends, form feeds and separators may well stand in it.
_CONTROLS = bytes([*range(2, 9), *range(0x0E, 0x1C), 0x7F])


@dataclass(frozen=True)
class Plain:
    """A file of UTF-8 on disk.

    Args:
        path: the file given, or a copy of it.
        mark: the length of the byte order mark in front of its text.
        encoding: the encoding of the file given.
        sample: its first characters; undecodable bytes stand as surrogates. It ends with a whole line.
        whole: whether the sample is all there is.
        recoded: whether it was in another encoding, so that its undecodable bytes bear a mark.
        packed: how the file given was compressed.
    """

    path: Path
    mark: int
    encoding: Encoding
    sample: str
    whole: bool
    recoded: bool
    packed: Compression


def make_plain(path: Path, options: ReadOptions, scratch: Path, shown: str) -> Plain:
    """A plain file, without compression and in UTF-8.

    Raises:
        SourceError: the file is missing, cannot be read, is empty or holds no text.
    """
    with _file_errors(path, shown):
        _check(path, shown)
        opened, packed = _unpacked(path, options, scratch, shown)
        with opened.open("rb") as file:
            head = file.read(SAMPLE)
            encoding = find_encoding(head + _windows(file) if head.isascii() else head, options.encoding)
        _check_text(head, encoding, shown)
        if encoding.name not in _UTF8:
            opened = _recoded(opened, encoding, scratch)
        return _sampled(opened, encoding, packed, shown)


@contextmanager
def _file_errors(path: Path, shown: str) -> Iterator[None]:
    """What the system says of a file, as an error that a user can act on."""
    where = Where(file=shown)
    try:
        yield
    except FileNotFoundError:
        near = sorted(other.name for other in path.parent.iterdir()) if path.parent.is_dir() else []
        raise SourceError(f"there is no file {shown!r}", hint=did_you_mean(path.name, near), where=where) from None
    except PermissionError:
        raise SourceError("the file may not be read", hint="Check its permissions.", where=where) from None
    except (OSError, EOFError) as error:
        raise SourceError(f"the file cannot be read: {error}", where=where) from error


def _check(path: Path, shown: str) -> None:
    if path.is_dir():
        raise SourceError(f"{shown!r} is a folder, and a text file was expected", where=Where(file=shown))
    if path.stat().st_size == 0 and path.is_file():
        raise _empty(shown, "the file is empty (0 bytes)")


def _empty(shown: str, message: str) -> SourceError:
    return SourceError(f"{message}, so it holds no table", where=Where(file=shown))


def _unpacked(path: Path, options: ReadOptions, scratch: Path, shown: str) -> tuple[Path, Compression]:
    """The file without its compression, and what that was. A copy: rejected lines are looked up by their place in the file."""
    with path.open("rb") as file:
        head = file.read(4)
    packed: Compression = next((name for name, magic in _PACKED if head.startswith(magic)), "none")
    packed = options.compression or packed
    if packed == "none":
        return path, packed
    target = unpack(path, packed, scratch, shown)
    if target.stat().st_size == 0:
        raise _empty(shown, "the file is empty (0 bytes once unpacked)")
    return target, packed


def _windows(file: BinaryIO) -> bytes:
    """Pieces from all over a large file whose beginning is ASCII, for what only later lines show."""
    size = file.seek(0, 2)
    if size <= SAMPLE:
        return b""
    pieces: list[bytes] = []
    for place in range(_WINDOWS):
        file.seek(SAMPLE + (size - SAMPLE) * place // _WINDOWS)
        lines = file.read(_WINDOW).split(b"\n")
        pieces.extend(line for line in lines[1:-1] if not line.isascii())
    return b"\n".join(pieces)


def _check_text(head: bytes, encoding: Encoding, shown: str) -> None:
    """Refuse what is no text: a known other format, or more control characters than text holds."""
    what = next((what for magic, what in _OTHER.items() if head.startswith(magic)), None)
    wide = encoding.name.startswith(("utf-16", "utf-32"))
    if not wide and what is None:
        controls = len(head) - len(head.translate(None, _CONTROLS))
        zeros = head.count(0)
        if (controls >= 12 and controls * 40 > len(head)) or (zeros >= 16 and zeros * 10 > len(head)):
            what = "binary data"
    if what:
        raise SourceError(f"the file holds {what}, and no text table", where=Where(file=shown))


def _recoded(path: Path, encoding: Encoding, scratch: Path) -> Path:
    """A copy of the file in UTF-8."""
    target = scratch_file(scratch)
    with path.open("rb") as source, target.open("wb") as out:
        for piece in as_utf8(source, encoding):
            out.write(piece)
    return target


def _sampled(path: Path, encoding: Encoding, packed: Compression, shown: str) -> Plain:
    mark = encoding.mark if encoding.name == "utf-8" else 0
    with path.open("rb") as file:
        file.seek(mark)
        raw = file.read(SAMPLE)
        while (
            (more := file.read(SAMPLE)) and not raw.count(b"\n") and not raw.count(b"\r") and len(raw) < _LONGEST_LINE
        ):
            raw += more
        whole = not more
    text = raw.decode("utf-8", "surrogateescape")
    if not whole:
        end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        text = text[:end] if end else text
    if whole and not text.strip("\r\n"):
        raise _empty(shown, "the file holds only blank lines")
    return Plain(path, mark, encoding, text, whole, encoding.name not in _UTF8, packed)


_LOOK = 1 << 22
"""Bytes that are looked through at once: a map of the whole file would count as memory of this process."""


def holds(path: Path, needle: bytes, within: int | None = None) -> bool:
    """Whether some bytes stand in a file, or in so many bytes at its beginning (found at the speed of memory)."""
    left = path.stat().st_size if within is None else within
    across = len(needle) - 1
    tail = b""
    with path.open("rb", buffering=0) as file:
        while left > 0 and (piece := file.read(min(_LOOK, left))):
            if piece.find(needle) >= 0 or (tail + piece[:across]).find(needle) >= 0:
                return True
            left -= len(piece)
            tail = (tail + piece[-across:])[-across:] if across else b""
    return False
