"""What a file is, by its content whatever its name says; and that it is not more than it seems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sanitizer_api.datasets.refusing import RefusedContentError
from sanitizer_api.datasets.sheets import check_workbook
from sanitizer_core.sources.formats import COMPRESSED, content_in, text_format
from sanitizer_core.sources.options import Compression, Format

if TYPE_CHECKING:
    import pyarrow as pa

_HEAD = 65536
_CHUNK = 1 << 20
_MEDIA: dict[Format, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PACKED = {"gzip": "application/gzip", "zstd": "application/zstd"}
_SUFFIX = {"excel": "xlsx"}
_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
"""Texts with characters of two or four bytes have zeros in them, and begin with these."""
RATIO, UNSUSPICIOUS = 500, 100 << 20
"""A table of text is seldom packed to a hundredth; up to this size nobody asks."""


@dataclass(frozen=True)
class Content:
    """What a file holds."""

    format: Format
    compression: Compression

    @property
    def content_type(self) -> str:
        return _PACKED.get(self.compression, _MEDIA[self.format])

    @property
    def name(self) -> str:
        """The file's name in the store: its ending tells every reader what it is."""
        packed = next((f".{suffix}" for suffix, kind in COMPRESSED.items() if kind == self.compression), "")
        return f"data.{_SUFFIX.get(self.format, self.format)}{packed}"


def inspected(file: BinaryIO, limit: int) -> Content:
    """What a file holds, once it is known that it can be read.

    Args:
        file: open, and with every part of it within reach.
        limit: how many bytes it may be when it is unpacked.

    Raises:
        RefusedContentError: it is no table, is damaged, or would be larger than the limit.
    """
    seen = kind_of(file)
    if seen.compression != "none":
        return Content(_packed(file, seen.compression, limit), seen.compression)
    if seen.format == "parquet":
        _check_parquet(file, limit)
    if seen.format == "excel":
        check_workbook(file, limit)
    return seen


def kind_of(file: BinaryIO) -> Content:
    """What a file seems to hold, by its first bytes; of what is packed, a text (see ``inspected``)."""
    file.seek(0)
    kind = content_in(file)
    file.seek(0)
    match kind:
        case "gzip" | "zstd":
            return Content("csv", kind)
        case "parquet" | "excel":
            return Content(kind, "none")
        case "text":
            return Content(text_of(file.read(_HEAD)), "none")
    hint = "Taken are CSV and other text, JSON, JSON lines (also with gzip or zstd), Parquet and Excel (xlsx)."
    raise RefusedContentError(f"the file {'is empty' if kind == 'empty' else f'holds {kind}'}", hint=hint)


def text_of(head: bytes) -> Format:
    """Which format of text the first bytes of a file are.

    Raises:
        RefusedContentError: they are no text, or a page of the web.
    """
    if b"\x00" in head and not head.startswith(_MARKS):
        raise RefusedContentError("the file is no text: it holds zero bytes", hint="Is it the right file, and whole?")
    if _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise RefusedContentError("the file is a page or a document of XML, and no table")
    return text_format(head)


def _packed(file: BinaryIO, compression: Compression, limit: int) -> Format:
    """The format of what is packed; all of it is unpacked once, for nobody else knows how much it is."""
    import pyarrow as pa

    size = file.seek(0, 2)
    file.seek(0)
    try:
        with pa.CompressedInputStream(pa.PythonFile(file, mode="r"), compression) as stream:
            head = stream.read(_HEAD)
            _count(stream, len(head), size, limit)
    except OSError as error:
        raise RefusedContentError(
            f"the file cannot be unpacked as {compression}: {error}", hint="It is cut short or damaged: make it again."
        ) from None
    if head.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1", b"PK\x03\x04")):
        raise RefusedContentError(f"what is packed with {compression} is no text", hint="Upload it as it is.")
    return text_of(head)


def _count(stream: pa.NativeFile, read: int, size: int, limit: int) -> None:
    while chunk := stream.read(_CHUNK):
        read += len(chunk)
        if read > limit:
            raise RefusedContentError(f"unpacked, the file is larger than {limit} bytes", hint="Upload it in pieces.")
        if read > UNSUSPICIOUS and read > size * RATIO:
            raise RefusedContentError(f"the file unpacks to more than {RATIO} times its size: no table does")


def _check_parquet(file: BinaryIO, limit: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        about = pq.ParquetFile(file).metadata
        unpacked = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
    except (pa.ArrowException, OSError) as error:
        raise RefusedContentError(f"the file cannot be read as Parquet: {str(error).splitlines()[0]}") from None
    # A column that says one thing a billion times has next to no bytes, but it has cells.
    if max(unpacked, about.num_rows * about.num_columns) > limit:
        raise RefusedContentError(f"unpacked, the file is larger than {limit} bytes", hint="Upload it in pieces.")
