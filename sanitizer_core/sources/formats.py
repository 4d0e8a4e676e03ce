"""Which format an input has: what the user said, then its name, then its first bytes."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import BinaryIO

from sanitizer_core.errors import SourceError, did_you_mean
from sanitizer_core.sources.options import Compression, Format, ReadOptions

BY_SUFFIX: dict[str, Format] = {
    "csv": "csv", "tsv": "csv", "tab": "csv", "psv": "csv", "txt": "csv", "dat": "csv",
    "json": "json", "jsonl": "jsonl", "ndjson": "jsonl",
    "parquet": "parquet", "pq": "parquet",
    "xlsx": "excel", "xlsm": "excel", "xlsb": "excel", "xls": "excel", "ods": "excel",
    "arrow": "arrow", "feather": "arrow", "ipc": "arrow",
    "duckdb": "duckdb", "ddb": "duckdb",
}  # fmt: skip
COMPRESSED: dict[str, Compression] = {"gz": "gzip", "gzip": "gzip", "zst": "zstd", "zstd": "zstd"}
TEXT_FORMATS = frozenset({"csv", "json", "jsonl"})

_HEAD = 65536
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"PAR1", "parquet"),
    (0, b"ARROW1", "arrow"),
    (8, b"DUCK", "duckdb"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "excel"),
    (0, b"SQLite format 3\x00", "SQLite"),
    (0, b"%PDF-", "PDF"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
)


def suffixes(name: str) -> tuple[Format | None, Compression | None]:
    """The format and the compression that a file's name speaks of."""
    parts = name.lower().split(".")[1:]
    compression = COMPRESSED.get(parts[-1]) if parts else None
    inner = parts[:-1] if compression else parts
    return (BY_SUFFIX.get(inner[-1]) if inner else None), compression


def compression_of(path: Path, name: str, options: ReadOptions) -> Compression:
    """How the file is compressed; the first bytes decide where nothing was said."""
    head = _head(path)
    found: Compression = "none"
    for magic, compression in ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")):
        found = compression if head.startswith(magic) else found  # type: ignore[assignment]
    said = options.compression or (suffixes(name)[1] if head else None)
    if said in {"gzip", "zstd"} and found != said:
        raise SourceError(f"{name} is not compressed with {said}", hint=f"Its first bytes say: {found}.")
    return options.compression or found


def format_of(path: Path, name: str, options: ReadOptions) -> Format:
    """The format of an uncompressed file.

    Args:
        path: where its bytes are.
        name: what the user called it; its ending counts.

    Raises:
        SourceError: the bytes cannot be of the format that was said or named.
    """
    content = content_of(path)
    wanted = options.format or suffixes(name)[0]
    if wanted is None:
        return _from_content(content, path, name)
    if _fits(wanted, content):
        return wanted
    how = "was said to be" if options.format else "is named like"
    raise SourceError(
        f"{name} {how} {wanted}, but it {'is empty' if content == 'empty' else f'holds {content}'}",
        hint=_hint_for(content),
    )


def content_of(path: Path) -> str:
    """What the first bytes of a file look like: a format, ``text``, ``empty``, or another kind by its name."""
    with path.open("rb") as file:
        return content_in(file)


def content_in(file: BinaryIO) -> str:
    """The same of a file that is open, from its start."""
    head = file.read(_HEAD)
    if not head:
        return "empty"
    for offset, magic, kind in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return _zip_content(file) if kind == "zip" else kind
    return "text"


def _fits(wanted: Format, content: str) -> bool:
    if wanted in TEXT_FORMATS:
        return content in {"text", "empty"}
    # An Arrow stream, unlike an Arrow file, has no first bytes of its own.
    return content == wanted or (wanted == "arrow" and content == "text")


def _from_content(content: str, path: Path, name: str) -> Format:
    if content == "text":
        return text_format(_head(path))
    if content in {"parquet", "arrow", "duckdb", "excel"}:
        return content  # type: ignore[return-value]
    if content == "empty":
        raise SourceError(f"{name} is empty", hint="Nothing can be read from it, not even names of columns.")
    hint = did_you_mean(name.rpartition(".")[2], BY_SUFFIX) if "." in name else None
    raise SourceError(f"{name} holds {content}, which is not read", hint=hint or _hint_for(content))


def text_format(head: bytes) -> Format:
    """Which format of text the first bytes of a file look like."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb"\[\s*\{", start):
        return "json"
    if not re.match(rb'\{\s*["}]', start):
        return "csv"
    line = start.split(b"\n", 1)[0]
    try:
        return "jsonl" if isinstance(json.loads(line), dict) else "csv"
    except ValueError:
        return "json"


def _zip_content(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError):  # The second is of archives of a newer kind than Python reads.
        return "a broken zip archive"
    office = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
    return "excel" if office & names else "a zip archive"


def _hint_for(content: str) -> str:
    match content:
        case "text":
            return "Say its format by the option 'format' (such as csv or jsonl), or rename it."
        case "parquet" | "arrow" | "duckdb" | "excel":
            return f"Say format {content!r}, or rename it."
        case "a zip archive" | "bzip2" | "xz":
            return "Unpack it first; only gzip and zstd are read as they are."
        case "gzip" | "zstd":
            return "This format is not read compressed; unpack it first."
        case _:
            return "Read are: CSV and other text, JSON, JSON lines, Parquet, Excel, Arrow and DuckDB files."


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)
