"""The first rows of a dataset, and what its columns look like, without reading all of it."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import duckdb
from sqlglot import exp

from sanitizer_api.datasets.content import Content, kind_of, text_of
from sanitizer_api.datasets.refusing import RefusedContentError
from sanitizer_core.contract.infer_text import text_dtypes
from sanitizer_core.contract.scan import Scan
from sanitizer_core.sources import Opened, ReadOptions, load, open_source
from sanitizer_core.sql import column

if TYPE_CHECKING:
    from sanitizer_core.schema import Schema

HEAD = 1 << 20
"""Bytes of a text that are looked at, once unpacked."""
WHOLE = 64 << 20
"""Bytes of a workbook that are looked at: it can only be read whole."""
SAMPLE = 10_000
"""Rows that are looked at, at most."""
_LONGEST_CELL = 500
_TYPES = {
    "Int64": "integer",
    "int64": "integer",
    "float64": "float",
    "boolean": "boolean",
    "datetime64[ns]": "timestamp",
}


@dataclass(frozen=True)
class ColumnSeen:
    """A column.

    Args:
        type: in a text, what all of its values can be read as.
        nulls: the share of rows without a value, of those that were looked at.
    """

    name: str
    type: str
    nulls: float


@dataclass(frozen=True)
class Preview:
    """What was seen.

    Args:
        looked_at: how many rows; ``whole`` says whether these are all.
        rows: how many there are, where that is known without reading them.
    """

    columns: list[ColumnSeen]
    first: list[list[Any]]
    looked_at: int
    whole: bool
    rows: int | None
    content: Content | None
    notes: list[str]


@dataclass(frozen=True)
class Part:
    """What is looked at of a dataset: a source for the core, and whether it is all of it."""

    source: str
    content: Content
    whole: bool


def part_of(file: BinaryIO, scratch: Path) -> Part:
    """The beginning of a text, or the whole of a workbook, as a file of the scratch folder.

    Raises:
        RefusedContentError: it is no table, or a workbook that is too large to be looked at.
    """
    kind = kind_of(file)
    if kind.format == "excel":
        if file.seek(0, 2) > WHOLE:
            raise RefusedContentError(f"a workbook of more than {WHOLE} bytes is not shown", hint="Save it as Parquet.")
        return _kept(file, kind, scratch)
    head, whole = _head(file, kind)
    content = Content(text_of(head), "none")
    if not whole:
        head = _whole_rows(head, content)
    path = scratch / content.name
    path.write_bytes(head)
    return Part(str(path), Content(content.format, kind.compression), whole)


def _kept(file: BinaryIO, content: Content, scratch: Path) -> Part:
    path = scratch / content.name
    file.seek(0)
    with path.open("wb") as target:
        shutil.copyfileobj(file, target, 1 << 20)
    return Part(str(path), content, True)


def _head(file: BinaryIO, content: Content) -> tuple[bytes, bool]:
    """The first bytes, unpacked, and whether they are all."""
    import pyarrow as pa

    file.seek(0)
    if content.compression == "none":
        head = file.read(HEAD + 1)
    else:
        try:
            with pa.CompressedInputStream(pa.PythonFile(file, mode="r"), content.compression) as stream:
                head = stream.read(HEAD + 1)
        except (OSError, zlib.error) as error:
            raise RefusedContentError(f"the file cannot be unpacked as {content.compression}: {error}") from None
    return head[:HEAD], len(head) <= HEAD


def _whole_rows(head: bytes, content: Content) -> bytes:
    """The head without its last row, which may go on."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            head = head.decode(encoding, errors="ignore").encode()
    if content.format == "json":
        return b"[" + b",".join(json.dumps(each).encode() for each in _objects(head)) + b"]"
    kept, _, _ = head.rpartition(b"\n")
    return kept + b"\n" if kept else head


def _objects(head: bytes) -> Iterator[Any]:
    """The whole objects at the start of an array."""
    text = head.decode("utf-8-sig", errors="ignore").lstrip()
    decoder, place = json.JSONDecoder(), 1
    while text.startswith("["):
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        try:
            found, place = decoder.raw_decode(text, place)
        except ValueError:
            return
        yield found


def previewed(source: str, content: Content, shown: str, *, rows: int, whole: bool, scratch: Path) -> Preview:
    """What a source of the core shows.

    Args:
        rows: how many of the first are shown.
        whole: whether the source is all that there is.

    Raises:
        SourceError: it cannot be read.
    """
    options = ReadOptions(format=content.format)
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "512MB"}) as connection:
        opened, _ = load(
            open_source(source, connection, options, scratch=scratch), lambda view: _sampled(connection, view)
        )
        try:
            return _seen(connection, opened, content, shown, rows, whole)
        finally:
            opened.close()


def _sampled(connection: duckdb.DuckDBPyConnection, view: str) -> None:
    chosen = exp.select("*").from_(exp.to_identifier(view, quoted=True)).limit(SAMPLE)
    made = exp.Create(this=exp.to_identifier("sample"), kind="TABLE", expression=chosen, replace=True)
    connection.execute(made.sql("duckdb"))


def _seen(
    connection: duckdb.DuckDBPyConnection, opened: Opened, content: Content, shown: str, rows: int, whole: bool
) -> Preview:
    counts = exp.select("count(*)", *(exp.Count(this=column(each.name)) for each in opened.schema)).from_("sample")
    looked_at, *filled = connection.execute(counts.sql("duckdb")).fetchone() or (0,)
    types = _types(connection, opened)
    total = _total(connection, opened) if content.format == "parquet" else None
    chosen = exp.select(*(column(each.name) for each in opened.schema)).from_("sample").limit(rows)
    first = [[plain(cell) for cell in row] for row in connection.execute(chosen.sql("duckdb")).fetchall()]
    columns = [
        ColumnSeen(each.name, types[each.name], round((looked_at - there) / looked_at, 6) if looked_at else 0.0)
        for each, there in zip(opened.schema, filled, strict=True)
    ]
    complete = whole and (total == looked_at if total is not None else looked_at < SAMPLE)
    notes = [note.replace(opened.address, shown) for note in opened.notes]
    return Preview(columns, first, looked_at, complete, looked_at if complete else total, content, notes)


def _types(connection: duckdb.DuckDBPyConnection, opened: Opened) -> dict[str, str]:
    schema: Schema = opened.schema
    read = text_dtypes(Scan(connection, "sample", None), list(schema.names)) if opened.is_text else {}
    return {
        each.name: _TYPES.get(read[each.name], read[each.name]) if each.name in read else str(each.type)
        for each in schema
    }


def _total(connection: duckdb.DuckDBPyConnection, opened: Opened) -> int:
    counted = exp.select("count(*)").from_(exp.to_identifier(opened.view, quoted=True))
    found = connection.execute(counted.sql("duckdb")).fetchone()
    return int(found[0]) if found else 0


def plain(cell: Any) -> Any:
    """A cell as JSON has it; numbers that JSON would bend, and long texts, as a text."""
    match cell:
        case None | bool():
            return cell
        case int():
            return cell if abs(cell) < 1 << 53 else str(cell)
        case float():
            return cell if cell == cell and abs(cell) != float("inf") else str(cell)
        case date() | datetime() | time():
            return cell.isoformat()
        case Decimal():
            return str(cell)
        case bytes():
            return cell[: _LONGEST_CELL // 2].hex()
    text = str(cell)
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL] + "…"
