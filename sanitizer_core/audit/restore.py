"""Taking a run back: the input, cell for cell, from the output and what the run kept."""

from __future__ import annotations

from collections.abc import Sequence
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
    return _with_sealed(query, columns, remains).order_by(column(ROW))


def _with_sealed(query: exp.Query, columns: Sequence[Kept], remains: Remains) -> exp.Select:
    """The rows with what was sealed in its place."""
    number = exp.column(exp.to_identifier(ROW, quoted=True), table="rows")
    whole = exp.select(exp.alias_(number, ROW, quoted=True)).from_(query.subquery("rows"))
    for index, kept in enumerate(columns):
        if not kept.sealed or remains.sealed is None:
            whole = whole.select(exp.column(exp.to_identifier(kept.name, quoted=True), table="rows"))
            continue
        alias = f"sealed{index}"
        value = exp.Cast(this=exp.column("value", table=alias), to=kept.native)
        values = exp.select(column("row"), column("value")).from_(exp.to_identifier(remains.sealed, quoted=True))
        of_column = values.where(exp.EQ(this=column("column"), expression=literal(kept.name)))
        same = exp.EQ(this=number.copy(), expression=exp.column("row", table=alias))
        whole = whole.select(exp.alias_(value, kept.name, quoted=True)).join(
            of_column.subquery(alias), on=same, join_type="left"
        )
    return whole


def _surviving(columns: Sequence[Kept], remains: Remains, names: Schema, dialect: str) -> exp.Select:
    """The rows of the output: where the log has an entry its first old value, elsewhere the value as it is."""
    number = exp.column(exp.to_identifier(ROW, quoted=True), table="output")
    query = exp.select(exp.alias_(number, ROW, quoted=True)).from_(
        exp.Table(this=exp.to_identifier(remains.output, quoted=True), alias="output")
    )
    for index, kept in enumerate(columns):
        alias = f"log{index}"
        if kept.sealed:
            query = query.select(exp.alias_(exp.Cast(this=exp.Null(), to=kept.native), kept.name, quoted=True))
            continue
        if kept.output is None:
            query = query.select(exp.column(exp.to_identifier(kept.name, quoted=True), table="dropped"))
            continue
        query = query.select(exp.alias_(_cell(kept, alias, dialect), kept.name, quoted=True))
        same = exp.EQ(this=number.copy(), expression=exp.column("row", table=alias))
        query = query.join(_first_entries(kept.name, remains.changes).subquery(alias), on=same, join_type="left")
    if remains.dropped is not None and any(kept.output is None for kept in columns):
        key = exp.column(exp.to_identifier(meta_names(names, ("_row",))["_row"], quoted=True), table="dropped")
        table = exp.Table(this=exp.to_identifier(remains.dropped, quoted=True), alias="dropped")
        query = query.join(table, on=exp.EQ(this=number.copy(), expression=key))
    return query


def _cell(kept: Kept, log: str, dialect: str) -> exp.Expr:
    assert kept.output is not None and kept.type is not None
    now = exp.column(exp.to_identifier(kept.output, quoted=True), table="output")
    same_kind = kept.given.kind == kept.type.kind
    as_it_is = now if same_kind else lower(canonical_text(now, kept.type), dialect)
    logged = exp.Not(this=exp.Is(this=exp.column("row", table=log), expression=exp.Null()))
    old = exp.Cast(this=exp.column("old", table=log), to=kept.native)
    return exp.Case(ifs=[exp.If(this=logged, true=old)], default=exp.Cast(this=as_it_is, to=kept.native))


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
