"""Values of a JSON file that are no rows: kept with their line, their text and the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError, Where
from sanitizer_core.sources.json.objects import JsonValues
from sanitizer_core.sources.json.survey import is_object, keys_of, kind_of
from sanitizer_core.sources.spool import scratch_file
from sanitizer_core.sources.views import create_view, table_function
from sanitizer_core.sql.tree import column

Rejected = dict[str, Any]
_BATCH = 2048
_WORDS = {"ARRAY": "list", "BOOLEAN": "true or false", "NULL": "null", "VARCHAR": "text"}
_COLUMNS = {"line": "BIGINT", "text": "VARCHAR", "reason": "VARCHAR"}


def repeats_a_key() -> exp.Expr:
    """Whether the object of a row has a key twice, so that one of its values would be lost."""
    distinct = exp.Anonymous(this="list_distinct", expressions=[keys_of()])
    return exp.LT(this=exp.func("LEN", distinct), expression=exp.func("LEN", keys_of()))


def rejected_rows(values: JsonValues, connection: duckdb.DuckDBPyConnection) -> Iterator[Rejected]:
    """What was found that is no row, in order.

    The line is that of the file for JSON lines; else it counts the values from 1.
    """
    result = connection.execute(_not_rows(values).sql(dialect="duckdb"))
    with values.path.open("rb") as file:
        lines = _filled_lines(file) if values.layout == "newline_delimited" else None
        while batch := result.fetchmany(_BATCH):
            for place, text, kind, repeats in batch:
                line, raw = _seek(lines, place) if lines else (place, text.encode())
                # An undecodable byte is shown by its number, for text cannot hold it.
                shown = raw.decode(errors="backslashreplace")
                yield {"line": line, "text": shown, "reason": _reason(raw, text, kind, repeats)}


def rejected_view(values: JsonValues, connection: duckdb.DuckDBPyConnection, scratch: Path) -> str:
    """A view of the rejected values, over a file in the scratch folder."""
    path, longest = scratch_file(scratch, ".jsonl"), 0
    with path.open("w", encoding="utf-8") as file:
        for row in rejected_rows(values, connection):
            longest = max(longest, file.write(json.dumps(row) + "\n"))
    kinds = [
        exp.PropertyEQ(this=exp.to_identifier(name), expression=exp.Literal.string(kind))
        for name, kind in _COLUMNS.items()
    ]
    query = table_function(
        "read_json",
        exp.Literal.string(str(path)),
        columns=exp.Struct(expressions=kinds),
        format=exp.Literal.string("newline_delimited"),
        maximum_object_size=exp.Literal.number(max(longest, 1 << 20)),
    )
    return create_view(connection, query, "rejected")


def refuse_rejected(values: JsonValues, connection: duckdb.DuckDBPyConnection) -> None:
    """For a strict reading: the first value that is no row is an error."""
    for row in rejected_rows(values, connection):
        where = Where(file=values.shown, line=row["line"])
        raise SourceError(
            f"a row cannot be read: {row['reason']}", where=where, hint="Without strict it would be rejected."
        )


def _not_rows(values: JsonValues) -> exp.Select:
    place = exp.Window(this=exp.RowNumber())
    repeats = exp.and_(is_object(), repeats_a_key())
    numbered = exp.select(exp.alias_(place, "place"), column("json")).from_(values.scan().subquery("read"))
    bad = exp.or_(exp.Is(this=column("json"), expression=exp.Null()), exp.not_(is_object()), repeats)
    return (
        exp.select(column("place"), column("json"), kind_of(column("json")), repeats.copy())
        .from_(numbered.subquery("numbered"))
        .where(bad)
    )


def _filled_lines(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """The lines that are not blank: which of them it is, its number in the file, its bytes."""
    place = 0
    for number, line in enumerate(file, 1):
        if line.strip(b" \t\r\n"):
            place += 1
            yield place, number, line.rstrip(b"\r\n")


def _seek(lines: Iterator[tuple[int, int, bytes]], place: int) -> tuple[int, bytes]:
    for found, number, line in lines:
        if found == place:
            return number, line
    raise SourceError("the file changed while it was read", hint="Read it again when nothing writes to it.")


def _reason(raw: bytes, text: str | None, kind: str | None, repeats: bool | None) -> str:
    if text is None:
        return f"not JSON: {_complaint(raw)}"
    if repeats:
        return "an object with the same key twice, of which one value would be lost"
    return f"{_WORDS.get(kind or '', 'number')} and not an object"


def _complaint(raw: bytes) -> str:
    try:
        json.loads(raw.decode())
    except json.JSONDecodeError as error:
        return f"{error.msg.lower().removesuffix(' at')} at character {error.pos + 1}"
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} is no UTF-8"
    return "a character that is no Unicode text"
