"""Taking a run back: the input, cell for cell, from the output and what the run kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.audit.rows import meta_names
from sanitizer_core.plan import ROW, Table, masked_columns
from sanitizer_core.schema import DataType, Schema
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.tree import native_type, sql_type


@dataclass(frozen=True)
class Kept:
    """Where the cells of an input column are now.

    Args:
        name: the input column.
        given: its type in the input, with the engine's name for it.
        output: the output column that holds its cells; ``None`` when the column was dropped.
        type: that column's logical type.
        sealed: whether its values were masked, and have to come from the sealed ones.
    """

    name: str
    given: DataType
    output: str | None
    type: DataType | None
    sealed: bool = False

    @property
    def native(self) -> exp.DataType:
        """The input column's type as a tree."""
        return native_type(self.given.native) if self.given.native else sql_type(self.given)


def kept_columns(table: Table, schema: Schema) -> tuple[Kept, ...]:
    """Where each input column went."""
    now = {slot.source: slot for slot in table.slots if slot.source is not None}
    hidden = masked_columns(table)
    return tuple(
        Kept(each.name, each.type, now[each.name].name, now[each.name].type, each.name in hidden)
        if each.name in now
        else Kept(each.name, each.type, None, None, each.name in hidden)
        for each in schema
    )


@dataclass(frozen=True)
class Remains:
    """The relations that a run left behind.

    Args:
        output: the output with ``@row``.
        changes: the change log.
        taken: relations of whole rows (removed, rejected), with their numbers.
        dropped: cells of dropped columns by row number, when there are any.
        sealed: values of masked columns by ``row`` and ``column``, when there are any.
    """

    output: str
    changes: str
    taken: Sequence[str]
    dropped: str | None
    sealed: str | None = None


def restore_query(columns: Sequence[Kept], remains: Remains, dialect: str) -> exp.Query:
    """The input with ``@row``, in its order."""
    names = Schema.of((kept.name, kept.given) for kept in columns)
    parts: list[exp.Query] = [_surviving(columns, remains, names, dialect)]
    number = meta_names(names)["_row"]
    for relation in remains.taken:
        rows = exp.select(exp.alias_(column(number), ROW, quoted=True), *(column(kept.name) for kept in columns))
        there = exp.Not(this=exp.Is(this=column(number), expression=exp.Null()))
        parts.append(rows.from_(exp.to_identifier(relation, quoted=True)).where(there))
    query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    return _with_sealed(query, columns, remains).order_by(column(ROW), copy=False)


def _with_sealed(query: exp.Query, columns: Sequence[Kept], remains: Remains) -> exp.Select:
    """The rows with what was sealed in its place."""
    number = exp.column(exp.to_identifier(ROW, quoted=True), table="rows")
    rows = query.subquery("rows", copy=False)
    if not any(kept.sealed for kept in columns) or remains.sealed is None:
        return exp.select("*").from_(rows, copy=False)
    whole = exp.select(exp.alias_(number, ROW, quoted=True)).from_(rows, copy=False)
    for index, kept in enumerate(columns):
        if not kept.sealed:
            whole.select(exp.column(exp.to_identifier(kept.name, quoted=True), table="rows"), copy=False)
            continue
        alias = f"sealed{index}"
        value = exp.Cast(this=exp.column("value", table=alias), to=kept.native.copy())
        values = exp.select(column("row"), column("value")).from_(exp.to_identifier(remains.sealed, quoted=True))
        of_column = values.where(exp.EQ(this=column("column"), expression=literal(kept.name)))
        same = exp.EQ(this=number.copy(), expression=exp.column("row", table=alias))
        whole.select(exp.alias_(value, kept.name, quoted=True), copy=False)
        whole.join(of_column.subquery(alias), on=same, join_type="left", copy=False)
    return whole


_PIVOT = frozenset({"duckdb"})
"""Dialects that make a column of each value in one grouping, with structs in it."""


def _surviving(columns: Sequence[Kept], remains: Remains, names: Schema, dialect: str) -> exp.Select:
    """The rows of the output: where the log has an entry its first old value, elsewhere the value as it is."""
    number = exp.column(exp.to_identifier(ROW, quoted=True), table="output")
    items: list[exp.Expr] = [exp.alias_(number, ROW, quoted=True)]
    entry, joined = (_pivoted_entry, _one_join) if dialect in _PIVOT else (_own_entry, _own_joins)
    logged: dict[str, str] = {}
    for kept in columns:
        if kept.sealed:
            items.append(exp.alias_(exp.Cast(this=exp.Null(), to=kept.native.copy()), kept.name, quoted=True))
        elif kept.output is None:
            items.append(exp.column(exp.to_identifier(kept.name, quoted=True), table="dropped"))
        else:
            logged[kept.name] = f"c{len(logged)}"
            cell = _cell(kept, *entry(logged[kept.name]), dialect)
            items.append(exp.alias_(cell, kept.name, quoted=True, copy=False))
    query = exp.select(*items).from_(
        exp.Table(this=exp.to_identifier(remains.output, quoted=True), alias="output"), copy=False
    )
    for alias, entries in joined(logged, remains.changes):
        same = exp.EQ(this=number.copy(), expression=exp.column("row", table=alias))
        query.join(entries, on=same, join_type="left", copy=False)
    if remains.dropped is not None and any(kept.output is None for kept in columns):
        key = exp.column(exp.to_identifier(meta_names(names, ("_row",))["_row"], quoted=True), table="dropped")
        table = exp.Table(this=exp.to_identifier(remains.dropped, quoted=True), alias="dropped")
        query = query.join(table, on=exp.EQ(this=number.copy(), expression=key), copy=False)
    return query


def _cell(kept: Kept, logged: exp.Expr, old: exp.Expr, dialect: str) -> exp.Expr:
    assert kept.output is not None and kept.type is not None
    now = exp.column(exp.to_identifier(kept.output, quoted=True), table="output")
    same_kind = kept.given.kind == kept.type.kind
    as_it_is = now if same_kind else lower(canonical_text(now, kept.type), dialect)
    before = exp.Cast(this=old, to=kept.native.copy())
    return exp.Case(ifs=[exp.If(this=logged, true=before)], default=exp.Cast(this=as_it_is, to=kept.native.copy()))


def _there(name: str, table: str) -> exp.Expr:
    return exp.Not(this=exp.Is(this=exp.column(name, table=table), expression=exp.Null()))


def _own_entry(alias: str) -> tuple[exp.Expr, exp.Expr]:
    """Whether the column has an entry in its own join, and the old value."""
    return _there("row", alias), exp.column("old", table=alias)


def _pivoted_entry(alias: str) -> tuple[exp.Expr, exp.Expr]:
    """The same in the join that serves all columns."""
    return _there(alias, "log"), exp.Dot(this=exp.column(alias, table="log"), expression=exp.to_identifier("old"))


def _own_joins(entries: Mapping[str, str], changes: str) -> Iterator[tuple[str, exp.Subquery]]:
    for name, alias in entries.items():
        yield alias, _first_entries(name, changes).subquery(alias)


def _one_join(entries: Mapping[str, str], changes: str) -> Iterator[tuple[str, exp.Subquery]]:
    if entries:
        yield "log", _pivoted(entries, changes)


def _first_entries(name: str, changes: str) -> exp.Select:
    """The old value, perhaps null, before the first step that changed the cell."""
    of_column = exp.EQ(this=column("column"), expression=literal(name))
    source = exp.to_identifier(changes, quoted=True)
    first = exp.select(column("row"), exp.alias_(exp.Min(this=column("step")), "step"))
    firsts = first.from_(source.copy()).where(of_column).group_by(column("row")).subquery("firsts")
    entries = exp.select(column("row"), column("step"), column("old")).from_(source).where(of_column.copy())
    row, step, old = (exp.column(part, table="entries", quoted=True) for part in ("row", "step", "old"))
    same = exp.and_(
        exp.EQ(this=row, expression=exp.column("row", table="firsts", quoted=True)),
        exp.EQ(this=step, expression=exp.column("step", table="firsts", quoted=True)),
    )
    return exp.select(row.copy(), old).from_(entries.subquery("entries")).join(firsts, on=same)


def _pivoted(entries: Mapping[str, str], changes: str) -> exp.Subquery:
    """A row for each row that changed, with an entry for each column that did: its old value before the first step.

    One grouping and one join serve all columns, for with a join of its own each of thousands is never done. An entry is
    a struct, for an aggregate would pass over nulls, and a null entry says that the cell did not change.
    """
    packed = exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier("old"), expression=column("old"))])
    first = exp.alias_(exp.ArgMin(this=packed, expression=column("step")), "first")
    keys = (column("row"), column("column"))
    log = exp.select(*keys, first).from_(exp.to_identifier(changes, quoted=True)).group_by(*keys)
    wide = exp.Pivot(
        expressions=[exp.First(this=column("first"))],
        fields=[
            exp.In(
                this=column("column"),
                expressions=[
                    exp.PivotAlias(this=literal(name), alias=exp.to_identifier(entry))
                    for name, entry in entries.items()
                ],
            )
        ],
        group=exp.Group(expressions=[column("row")]),
    )
    cells = exp.Subquery(this=log, alias=exp.TableAlias(this=exp.to_identifier("log")), pivots=[wide])
    return exp.select("*").from_(cells).subquery("log")
