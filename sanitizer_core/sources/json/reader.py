"""JSON and JSON lines, opened: each key a column, each object a row, in the file's order.

Types are chosen from every value, never from a sample: a key whose values are all 64-bit integers, all numbers, or all
true and false becomes that; text stays text, whatever it looks like; a key with several kinds, or with integers that
a column of numbers would change, becomes text; objects and lists stay JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.failures import settling
from sanitizer_core.sources.json.numbers import quoted_fractions
from sanitizer_core.sources.json.objects import JsonValues, layout_of
from sanitizer_core.sources.json.rejected import refuse_rejected, rejected_rows, rejected_view, repeats_a_key
from sanitizer_core.sources.json.survey import (
    Survey,
    element,
    has_long_fractions,
    has_long_integers,
    is_object,
    survey,
    texts,
    types_of,
)
from sanitizer_core.sources.names import unique_names
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sources.spool import without_mark
from sanitizer_core.sources.views import closing, columns_of, create_view, schema_of

_WHOLE = frozenset({"UBIGINT", "BIGINT"})
_NUMBER = _WHOLE | {"DOUBLE"}
_NESTED = frozenset({"OBJECT", "ARRAY"})
_WORDS = {
    "VARCHAR": "text", "UBIGINT": "integers", "BIGINT": "integers", "DOUBLE": "fractions",
    "BOOLEAN": "true and false", "OBJECT": "objects", "ARRAY": "lists",
}  # fmt: skip


@dataclass(frozen=True)
class _Column:
    key: str
    type: str
    note: str | None = None


def open_json(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    scratch: Path,
    *,
    shown: str,
    lines: bool,
) -> Opened:
    """Open a JSON file.

    Args:
        path: the file, not compressed.
        shown: the address for people.
        lines: whether it is JSON lines; else its beginning tells.

    Raises:
        SourceError: it holds no row, its values cannot be told apart, or ``strict`` and one is no row.
    """
    size = path.stat().st_size
    plain, encoding = without_mark(path, options.encoding, scratch, shown)
    values, found = _surveyed(JsonValues(plain, shown, layout_of(plain, lines, shown)), connection)
    if not found.keys:
        raise _no_rows(values, found, connection)
    rejected = _rejected(values, found, connection, options, scratch)
    if found.long_numbers and has_long_fractions(values, connection):
        values = quoted_fractions(values, connection, scratch)
    columns = _columns(values, found, connection)
    names, notes = unique_names(column.key for column in columns)
    view = create_view(connection, _table(values, columns, names, found.repeats))
    return Opened(
        address=shown,
        view=view,
        schema=schema_of(columns_of(connection, exp.select("*").from_(exp.to_table(view)))),
        is_text=False,
        facts={"format": "jsonl" if values.layout == "newline_delimited" else "json", "encoding": encoding},
        notes=(*notes, *(column.note for column in columns if column.note)),
        size=size,
        rejected_view=rejected,
        close=closing(connection, view, *filter(None, [rejected])),
        settle=settling(shown),
    )


def _surveyed(values: JsonValues, connection: duckdb.DuckDBPyConnection) -> tuple[JsonValues, Survey]:
    """The survey, with room for the longest value."""
    try:
        return values, survey(values, connection)
    except duckdb.InvalidInputException as error:
        return _surveyed(values.widened(error), connection)


def _rejected(
    values: JsonValues, found: Survey, connection: duckdb.DuckDBPyConnection, options: ReadOptions, scratch: Path
) -> str | None:
    if found.rows == found.values and not found.repeats:
        return None
    if options.strict:
        refuse_rejected(values, connection)
    return rejected_view(values, connection, scratch)


def _no_rows(values: JsonValues, found: Survey, connection: duckdb.DuckDBPyConnection) -> SourceError:
    if found.rows:
        return SourceError(f"{values.shown} has no columns", hint="All of its objects are empty.")
    if not found.values:
        return SourceError(f"{values.shown} holds no rows", hint="Without a row its columns are not known.")
    first = next(rejected_rows(values, connection))
    message = f"{values.shown} holds no row that can be read"
    return SourceError(message, hint=f"The first is, at line {first['line']}, {first['reason']}.")


def _columns(values: JsonValues, found: Survey, connection: duckdb.DuckDBPyConnection) -> list[_Column]:
    kinds = dict(zip(found.keys, types_of(values, found.keys, connection), strict=True))
    numbers = {key: "DOUBLE" in types for key, types in kinds.items() if types and types <= _NUMBER}
    long = has_long_integers(values, numbers, connection) if found.long_numbers else frozenset()
    return [_column(key, types, key in long) for key, types in kinds.items()]


def _column(key: str, types: frozenset[str], long: bool) -> _Column:
    if long:
        return _Column(key, "VARCHAR", f"column {key!r} holds integers longer than a number holds; it is read as text")
    if types and types <= _NESTED:
        return _Column(key, "JSON")
    for kind, allowed in (("BIGINT", _WHOLE), ("DOUBLE", _NUMBER), ("BOOLEAN", {"BOOLEAN"})):
        if types and types <= allowed:
            return _Column(key, kind)
    if len(types) > 1:
        words = ", ".join(sorted({_WORDS[kind] for kind in types}))
        return _Column(key, "VARCHAR", f"column {key!r} holds several kinds of values ({words}); it is read as text")
    return _Column(key, "VARCHAR")


def _table(values: JsonValues, columns: Sequence[_Column], names: Sequence[str], repeats: bool) -> exp.Select:
    keys = exp.alias_(texts([column.key for column in columns]), "texts")
    rows = exp.select(keys).from_(values.scan().subquery("read")).where(is_object())
    if repeats:
        rows = rows.where(exp.not_(repeats_a_key()))
    shown = [
        _typed(place, column.type, name) for place, (column, name) in enumerate(zip(columns, names, strict=True), 1)
    ]
    return exp.select(*shown).from_(rows.subquery("rows"))


def _typed(place: int, kind: str, name: str) -> exp.Expr:
    value = element("texts", place)
    typed = value if kind == "VARCHAR" else exp.Cast(this=value, to=exp.DataType.build(kind, dialect="duckdb"))
    return exp.alias_(typed, name, quoted=True)
