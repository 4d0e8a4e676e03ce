"""Finds the character encoding of a text file, and makes UTF-8 of it piece by piece."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sanitizer_core.errors import SourceError

# A byte that could not be decoded stands in our UTF-8 as this byte, which no UTF-8 holds, and then as itself:
# whoever decodes the line next cannot help but find it.
MARK = "\udcff"
_MARKED = "sanitizer-mark"
_PIECE = 1 << 22

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BROKEN = re.compile("[\udc80-\udcff]")
_WESTERN_SIGNS = frozenset("–—‘’‚“”„•…€£¥¢§©®°±²³µ¶·¼½¾¿¡«»™ºª´¨\xa0")
_RARE = frozenset("ÿþðÞÐ×÷ÝýØ")


@dataclass(frozen=True)
class Encoding:
    """An encoding that was asked for or found.

    Args:
        name: Python's name of it.
        mark: the length of the byte order mark in front of the text.
        sure: whether the sample (or the user) decided it; else it was all ASCII, and UTF-8 is taken.
        note: a sentence for the user, when it is a guess.
    """

    name: str
    mark: int = 0
    sure: bool = True
    note: str | None = None


def find_encoding(sample: bytes, asked: str | None) -> Encoding:
    """The encoding of a sample: the one asked for, its byte order mark, UTF-8 where it can be, else a guess.

    Raises:
        SourceError: the encoding that was asked for is not known.
    """
    mark = next(((mark, name) for mark, name in _MARKS if sample.startswith(mark)), None)
    if asked is not None:
        name = _known(asked)
        return Encoding(name, len(mark[0]) if mark and mark[1].startswith(name.removesuffix("-le")) else 0)
    if mark is not None:
        return Encoding(mark[1], len(mark[0]))
    wide = _wide(sample)
    if wide:
        return Encoding(wide, note=f"the encoding looks like {wide}, without a byte order mark")
    if sample.isascii():
        return Encoding("utf-8", sure=False)
    return _eight_bits(sample)


def _known(asked: str) -> str:
    """Python's name of an encoding; UTF-16 and UTF-32 get the byte order of their mark, or little endian."""
    try:
        name = codecs.lookup(asked).name
    except LookupError:
        raise SourceError(
            f"the encoding {asked!r} is not known", hint="Try utf-8, utf-16, cp1252 (Windows, western), latin-1, ..."
        ) from None
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name, name)


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: mostly ASCII, so that zeros stand at fixed places."""
    head = sample[:4096]
    if len(head) < 8 or head.count(0) * 4 < len(head):
        return None
    zeros = [head[place::4].count(0) * 4 / len(head) for place in range(4)]
    for name, expected in (("utf-32-le", 0b0111), ("utf-32-be", 0b1110), ("utf-16-le", 0b0101), ("utf-16-be", 0b1010)):
        wanted = [expected >> (3 - place) & 1 for place in range(4)]
        if all(share > 0.7 if want else share < 0.3 for share, want in zip(zeros, wanted, strict=True)):
            return name
    return None


def _eight_bits(sample: bytes) -> Encoding:
    """UTF-8 when most of what is not ASCII says so, a Western code page when the letters fit, else a guess."""
    text = sample.decode("utf-8", "surrogateescape")
    broken = len(_BROKEN.findall(text[:-4])) + (len(_BROKEN.findall(text[-4:])) if len(sample) < 1 << 19 else 0)
    right = sum(1 for character in text if character > "\x7f" and not "\udc80" <= character <= "\udcff")
    if broken <= right:
        return Encoding("utf-8")
    lines = b"\n".join(line for line in sample.split(b"\n") if not line.isascii())[: 1 << 15]
    if _is_western(lines):
        return Encoding("cp1252", note="the encoding is not UTF-8, and was taken for Windows-1252 (western)")
    guess = _guessed(lines) if broken >= 8 else None
    if guess is None:
        return Encoding("utf-8", note=f"{broken} bytes near the beginning are not UTF-8")
    return Encoding(guess, note=f"the encoding is not UTF-8, and was taken for {guess}")


def _is_western(lines: bytes) -> bool:
    """Whether the bytes above ASCII are single accented letters within words, or usual signs."""
    text = lines.decode("cp1252", "replace")
    high = [place for place, character in enumerate(text) if character > "\x7f"]
    likely = sum(_fits_word(text, place) for place in high)
    return bool(high) and likely >= 0.9 * len(high)


def _fits_word(text: str, place: int) -> bool:
    character = text[place]
    if character in _WESTERN_SIGNS:
        return True
    around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return character.isalpha() and character not in _RARE and any(c.isascii() and c.isalpha() for c in around)


def _guessed(lines: bytes) -> str | None:
    """What charset-normalizer makes of the lines that are not ASCII; ``None`` when it finds nothing."""
    from charset_normalizer import from_bytes

    best = from_bytes(lines, steps=8, chunk_size=2048).best()
    return codecs.lookup(best.encoding).name if best is not None else None


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    """A codec's error handler: what cannot be decoded goes on as a mark and its bytes."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    raw = error.object[error.start : error.end]
    return "".join(MARK + (chr(0xDC00 + byte) if byte > 0x7F else f"\\x{byte:02x}") for byte in raw), error.end


codecs.register_error(_MARKED, _mark_broken)


def as_utf8(source: BinaryIO, encoding: Encoding) -> Iterator[bytes]:
    """The rest of a file as UTF-8, without its byte order mark, in bounded pieces.

    What cannot be decoded is marked so that its line is no UTF-8 either (see :func:`shown`).
    """
    decoder = codecs.getincrementaldecoder(encoding.name)(_MARKED)
    source.read(encoding.mark)
    while piece := source.read(_PIECE):
        yield decoder.decode(piece).encode("utf-8", "surrogateescape")
    yield decoder.decode(b"", True).encode("utf-8", "surrogateescape")


def shown(text: str, marked: bool) -> str:
    r"""A line for people and for databases: bytes that could not be decoded become ``\xff``.

    Args:
        marked: whether such bytes bear a mark, as :func:`as_utf8` makes them.
    """
    if _BROKEN.search(text) is None:
        return text
    plain = re.sub(f"{MARK}(?=[\udc80-\udcff\\\\])", "", text) if marked else text
    return plain.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_broken(text: str) -> bool:
    """Whether a line, read with ``surrogateescape``, holds bytes that could not be decoded."""
    return not text.isascii() and _BROKEN.search(text) is not None


class Doubtful:
    """Collects lines that could not be decoded, where nothing had spoken against UTF-8 before they came."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._size = 0

    def look_at(self, text: str) -> None:
        """Keep a line, read with ``surrogateescape``, if it is one of them and there is room."""
        if self._size < 1 << 16 and is_broken(text):
            self._lines.append(text[:4096].encode("utf-8", "surrogateescape"))
            self._size += len(self._lines[-1])

    def encoding(self) -> str | None:
        """The encoding that would make sense of the lines; ``None`` when there is none, or no such line."""
        if not self._lines:
            return None
        found = find_encoding(b"\n".join(self._lines), None)
        return None if found.name == "utf-8" else found.name
