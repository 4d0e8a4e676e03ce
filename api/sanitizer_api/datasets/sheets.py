"""Workbooks that would fill the memory of whoever opens them."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from sanitizer_api.datasets.refusing import RefusedContentError

MOST_CELLS = 50_000_000
"""A reader makes room for every cell between the first and the last, however few are filled."""
MOST_FILES = 10_000
_CHUNK = 1 << 18
_HEADER = 30
_STORED, _DEFLATED = 0, 8
_PLACE = re.compile(rb"""\br ?= ?["']([A-Za-z]{0,4})(\d{1,8})["']""")
"""Where a cell or a row is. Whatever it stands in counts: what is a tag, two readers of XML may see differently."""
_SPACE, _CELL, _ROW = re.compile(rb"\s+"), re.compile(rb"<(?:\w+:)?c[\s/>]"), re.compile(rb"<(?:\w+:)?row[\s/>]")
_WIDEST = 1 << 14


def check_workbook(file: BinaryIO, limit: int) -> None:
    """Makes sure that a workbook can be opened.

    Args:
        limit: how many bytes all its parts may be when they are unpacked.

    Raises:
        RefusedContentError: it is of an older kind, damaged, or would need more memory than is given to it.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        hint = "Save it as a workbook of Excel (xlsx) without a password, or as CSV."
        raise RefusedContentError("the file is no workbook that is taken", hint=hint) from None
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise RefusedContentError("the workbook is not of the kind xlsx", hint="Save it as xlsx, or as CSV.")
    if len(entries) > MOST_FILES:
        raise RefusedContentError(f"the workbook has {len(entries)} parts; {MOST_FILES} are allowed")
    left = limit
    for entry in entries:
        left -= _checked(file, entry, left)


def _checked(file: BinaryIO, entry: zipfile.ZipInfo, limit: int) -> int:
    """The real size of a part, whatever the archive says of it. Any part may be a sheet."""
    size, before, extent = 0, b"", _Extent()
    for chunk in _unpacked(file, entry):
        size += len(chunk)
        if size > limit:
            raise RefusedContentError("unpacked, the workbook is larger than it may be", hint="Save it as CSV.")
        text, before = _cut(_SPACE.sub(b" ", before + chunk))
        extent.see(text)
    extent.see(before)
    if size != entry.file_size:
        raise RefusedContentError(f"{entry.filename!r} in the workbook is not as large as it says")
    return size


def _cut(text: bytes) -> tuple[bytes, bytes]:
    """The text up to the start of its last tag, which may go on, and the rest; all of it where no tag is near."""
    place = text.rfind(b"<")
    return (text[:place], text[place:]) if len(text) - place < _CHUNK else (text, b"")


def _unpacked(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part, until its own end: the module zipfile stops where the archive says that it ends."""
    if entry.flag_bits & 1 or entry.compress_type not in (_STORED, _DEFLATED):
        raise RefusedContentError("the workbook is protected, or packed in a way that is not read")
    file.seek(entry.header_offset)
    header = file.read(_HEADER)
    file.seek(
        entry.header_offset
        + _HEADER
        + int.from_bytes(header[26:28], "little")
        + int.from_bytes(header[28:30], "little")
    )
    left = entry.compress_size
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == _DEFLATED else None
    while left > 0 and (chunk := file.read(min(left, _CHUNK))):
        left -= len(chunk)
        if unpacker is None:
            yield chunk
            continue
        yield from _inflated(unpacker, chunk, entry.filename)


def _inflated(unpacker: zlib._Decompress, chunk: bytes, name: str) -> Iterator[bytes]:
    try:
        while chunk:
            yield unpacker.decompress(chunk, _CHUNK)
            chunk = unpacker.unconsumed_tail
    except zlib.error:
        raise RefusedContentError(f"{name!r} in the workbook is damaged") from None


class _Extent:
    """How far apart the cells of a sheet lie."""

    def __init__(self) -> None:
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self.untold, self.lines = 0, 0

    def see(self, text: bytes) -> None:
        """Looks at a stretch of a sheet.

        Raises:
            RefusedContentError: its cells lie too far apart.
        """
        places = _PLACE.findall(text)
        self.rows = _ends(self.rows | {int(digits) for _, digits in places})
        self.columns = _ends(self.columns | {_number(letters) for letters, _ in places if letters})
        self.untold += max(0, len(_CELL.findall(text)) - sum(1 for letters, _ in places if letters))
        self.lines += len(_ROW.findall(text))
        height = max(_span(self.rows), self.lines)
        # Cells that do not tell their column are beside each other, at worst all of them in one row.
        cells = height * max(_span(self.columns), min(self.untold, _WIDEST))
        if cells > MOST_CELLS:
            raise RefusedContentError(
                f"a sheet of the workbook spans {cells} cells; {MOST_CELLS} are allowed",
                hint="Delete what stands far away from the table, or save it as CSV.",
            )


def _ends(numbers: set[int]) -> set[int]:
    return {min(numbers), max(numbers)} if numbers else numbers


def _span(numbers: set[int]) -> int:
    return max(numbers) - min(numbers) + 1 if numbers else 0


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
