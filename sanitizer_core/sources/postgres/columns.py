"""Columns of PostgreSQL tables, as the planner sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.errors import SourceError
from sanitizer_core.schema import Column, DataType, Schema, from_postgres
from sanitizer_core.sources.postgres.names import TableName
from sanitizer_core.sql import column
from sanitizer_core.sql.tree import sql_type

if TYPE_CHECKING:
    import psycopg

_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       format_type(coalesce(nullif(t.typbasetype, 0), t.oid),
                   CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""

MOST_DIGITS = 38


@dataclass(frozen=True)
class SourceColumns:
    """The columns of a table, and how they are read.

    Args:
        schema: with the server's own names of the types.
        items: trees for the cells, each of the one type that runs have for its kind, text in binary collation.
        notes: sentences for the user about columns that no step can work on.
    """

    schema: Schema
    items: tuple[exp.Expr, ...]
    notes: tuple[str, ...]


def columns_of(connection: psycopg.Connection[tuple[Any, ...]], relation: str) -> list[tuple[str, str, str]]:
    """``name, type, the type without its domain`` of a relation, by its name as SQL has it."""
    return [(row[0], row[1], row[2]) for row in connection.execute(_COLUMNS, [relation])]


def source_columns(connection: psycopg.Connection[tuple[Any, ...]], table: TableName) -> SourceColumns:
    """How the columns of a table are read.

    Raises:
        SourceError: it has none.
    """
    found = columns_of(connection, table.tree.sql("postgres"))
    if not found:
        raise SourceError(f"the table {table} has no columns")
    kinds = {name: from_postgres(base) for name, _, base in found}
    loose = [name for name, _, base in found if base == "numeric"]
    kinds |= _measured(connection, table, loose)
    odd = [f"{name} ({native})" for name, native, _ in found if kinds[name].kind == "other"]
    notes = (f"left as they are, for no step can work on their types: {', '.join(odd)}",) if odd else ()
    columns = [Column(name, _with_native(kinds[name], native)) for name, native, _ in found]
    return SourceColumns(Schema(tuple(columns)), tuple(_read(each) for each in columns), notes)


def _with_native(kind: DataType, native: str) -> DataType:
    return DataType(kind.kind, kind.precision, kind.scale, native)


def _measured(
    connection: psycopg.Connection[tuple[Any, ...]], table: TableName, names: list[str]
) -> dict[str, DataType]:
    """Types of numeric columns without precision: as many digits behind the point as some cell has."""
    if not names:
        return {}
    digits = exp.Anonymous(this="scale", expressions=[exp.column("c")])
    scales = [
        exp.Max(this=digits.transform(lambda n, name=name: column(name) if n == exp.column("c") else n))
        for name in names
    ]
    finite = [_most_whole(name) for name in names]
    query = exp.select(*scales, *finite).from_(table.tree).sql("postgres")
    row = connection.execute(query.encode()).fetchone() or ()
    kinds: dict[str, DataType] = {}
    for name, scale, whole in zip(names, row[: len(names)], row[len(names) :], strict=True):
        fits = whole is not None and whole + (scale or 0) <= MOST_DIGITS
        kinds[name] = DataType("decimal", MOST_DIGITS, scale or 0) if fits else DataType("other")
    return kinds


def _most_whole(name: str) -> exp.Expr:
    """Digits in front of the point, at most; null where a cell is no finite number."""
    cell = column(name)
    odd = exp.In(
        this=exp.cast(cell, "TEXT"), expressions=[exp.Literal.string(t) for t in ("NaN", "Infinity", "-Infinity")]
    )
    whole = exp.Length(this=exp.cast(exp.Anonymous(this="trunc", expressions=[exp.Abs(this=cell.copy())]), "TEXT"))
    most = exp.Coalesce(
        this=exp.Max(this=exp.Case(ifs=[exp.If(this=exp.Not(this=odd), true=whole)])),
        expressions=[exp.Literal.number(0)],
    )
    any_odd = exp.Coalesce(this=exp.LogicalOr(this=odd.copy()), expressions=[exp.false()])
    return exp.Case(ifs=[exp.If(this=exp.Not(this=any_odd), true=most)])


def _read(each: Column) -> exp.Expr:
    cell: exp.Expr = column(each.name)
    if each.type.kind in ("other", "decimal"):
        return cell
    cell = exp.Cast(this=cell, to=sql_type(each.type))
    if each.type.is_text:
        cell = exp.Collate(this=cell, expression=exp.to_identifier("C", quoted=True))
    return exp.alias_(cell, each.name, quoted=True)
