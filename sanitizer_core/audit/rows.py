"""Rows that a run took away: whole, as they were read, with the step and the reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlglot import exp

from sanitizer_core.chain import Chain, Gone
from sanitizer_core.plan import ROW, masked_columns
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.tree import sql_type

REMOVED = {"_row": "BIGINT", "_step": "INTEGER", "_step_id": "TEXT", "_op": "TEXT", "_reason": "TEXT"}
"""What stands in front of a removed row's own columns."""

REJECTED = {
    "_row": "BIGINT",
    "_line": "BIGINT",
    "_text": "TEXT",
    "_step": "INTEGER",
    "_step_id": "TEXT",
    "_op": "TEXT",
    "_reasons": "ARRAY<TEXT>",
}
"""What stands in front of a rejected row's own columns. A line that could not be read has ``_line`` and ``_text``
instead of ``_row`` and columns."""


def meta_names(schema: Schema, names: Sequence[str] = ("_row",)) -> dict[str, str]:
    """These names, longer by ``_`` where the input has such a column."""
    taken = {name.lower() for name in schema.names}

    def free(name: str) -> str:
        return name if name.lower() not in taken else free("_" + name)

    return {name: free(name) for name in names}


def removed_query(chain: Chain, base: str, schema: Schema) -> exp.Query:
    """The rows that steps removed; perhaps none. Cells of masked columns are left out, for they are sealed."""
    hidden = masked_columns(chain.table)
    parts = [
        _rows(
            REMOVED,
            base,
            schema,
            hidden,
            gone.relation,
            _of_step(gone) | {"_reason": column("@reason")},
            chain.bitmaps,
        )
        for gone in chain.gone
        if not gone.rejected
    ]
    return _together(parts) or _nothing(REMOVED, schema)


def rejected_query(
    chain: Chain, base: str, schema: Schema, *, broken: str | None = None, lines: str | None = None
) -> exp.Query:
    """The rows that could not be read, that a step rejected, or that break the contract; perhaps none.

    Args:
        broken: a relation of ``row`` and ``reasons`` of rows that break the contract.
        lines: a relation of ``line``, ``text`` and ``reason`` of lines that could not be read.
    """
    hidden = masked_columns(chain.table)
    parts = [
        _rows(
            REJECTED,
            base,
            schema,
            hidden,
            gone.relation,
            _of_step(gone) | {"_reasons": exp.Array(expressions=[column("@reason")])},
            chain.bitmaps,
        )
        for gone in chain.gone
        if gone.rejected
    ]
    if broken is not None:
        numbered = exp.select(
            exp.alias_(exp.column("row"), ROW, quoted=True), exp.alias_(exp.column("reasons"), "@reasons", quoted=True)
        )
        source = numbered.from_(exp.to_identifier(broken, quoted=True)).subquery("broken")
        values = {"_op": literal("contract"), "_reasons": column("@reasons")}
        parts.append(_rows(REJECTED, base, schema, hidden, source, values, chain.bitmaps))
    if lines is not None:
        parts.append(_lines(lines, schema, bool(hidden)))
    return _together(parts) or _nothing(REJECTED, schema)


def _of_step(gone: Gone) -> dict[str, exp.Expr]:
    return {"_step": literal(gone.step.number), "_step_id": literal(gone.step.id), "_op": literal(gone.step.op)}


def _rows(
    meta: Mapping[str, str],
    base: str,
    schema: Schema,
    hidden: Collection[str],
    away: str | exp.Subquery,
    values: Mapping[str, exp.Expr],
    picked: bool,
) -> exp.Select:
    """The rows that went, from the relation of the input.

    Args:
        away: their numbers and reasons.
        picked: whether they are looked up by their numbers before they are joined. DuckDB keeps in memory what it joins,
            which should not be the whole input; and where few rows went, it reads few blocks of the input for them.
    """
    rows = exp.to_identifier(base, quoted=True)
    alias = exp.TableAlias(this=exp.to_identifier("away"))
    relation = exp.Table(this=exp.to_identifier(away, quoted=True), alias=alias) if isinstance(away, str) else away
    number = exp.column(exp.to_identifier(ROW, quoted=True), table=exp.to_identifier(relation.alias))
    items = _meta(meta, schema, {"_row": number} | dict(values))
    raw = [exp.alias_(_unhidden(each, rows, hidden), each.name, quoted=True) for each in schema]
    same = exp.EQ(this=exp.column(exp.to_identifier(ROW, quoted=True), table=rows.copy()), expression=number.copy())
    whole: exp.Expr = exp.Table(this=rows)
    if picked:
        numbers = exp.select(column(ROW)).from_(relation.copy()).subquery()
        those = exp.In(this=column(ROW), query=numbers)
        whole = exp.select("*").from_(rows.copy()).where(those).subquery(rows.copy())
    return exp.select(*items, *raw).from_(relation).join(whole, on=same)


def _unhidden(each: Column, rows: exp.Identifier, hidden: Collection[str]) -> exp.Expr:
    """The cell as it was read; nothing where the column's values are sealed."""
    if each.name in hidden:
        return exp.Cast(this=exp.Null(), to=sql_type(each.type))
    return exp.column(exp.to_identifier(each.name, quoted=True), table=rows.copy())


def _lines(lines: str, schema: Schema, hide: bool) -> exp.Select:
    values = {
        "_line": exp.column("line"),
        "_text": exp.Null() if hide else exp.column("text"),
        "_op": literal("read"),
        "_reasons": exp.Array(expressions=[exp.column("reason")]),
    }
    return exp.select(*_meta(REJECTED, schema, values), *_nulls(schema)).from_(exp.to_identifier(lines, quoted=True))


def _meta(meta: Mapping[str, str], schema: Schema, values: Mapping[str, exp.Expr]) -> list[exp.Expr]:
    names = meta_names(schema, tuple(meta))
    return [
        exp.alias_(exp.cast(values.get(name, exp.Null()).copy(), kind), names[name], quoted=True)
        for name, kind in meta.items()
    ]


def _nulls(schema: Schema) -> list[exp.Expr]:
    return [exp.alias_(exp.Cast(this=exp.Null(), to=sql_type(each.type)), each.name, quoted=True) for each in schema]


def _nothing(meta: Mapping[str, str], schema: Schema) -> exp.Select:
    return exp.select(*_meta(meta, schema, {}), *_nulls(schema)).where(exp.false())


def _together(parts: Sequence[exp.Query]) -> exp.Query | None:
    if not parts:
        return None
    query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    return query


def dropped_query(chain: Chain, schema: Schema) -> exp.Query | None:
    """The cells, as they were read, of input columns that are not in the output; ``None`` when all are."""
    kept = {slot.source for slot in chain.table.slots}
    gone = [name for name in schema.names if name not in kept]
    if not gone:
        return None
    row, hidden = meta_names(schema)["_row"], masked_columns(chain.table)
    cells = [
        exp.alias_(
            exp.Cast(this=exp.Null(), to=sql_type(schema[name].type)) if name in hidden else column(name),
            name,
            quoted=True,
        )
        for name in gone
    ]
    return chain.select(exp.alias_(column(ROW), row, quoted=True), *cells)


def sealed_query(chain: Chain, base: str, schema: Schema, lines: str | None = None) -> exp.Query | None:
    """Every value of the masked columns as ``row``, ``line``, ``column`` and ``value``; ``None`` when none is masked.

    The text of lines that could not be read stands there too, under the column ``_text``: it may hold such values.
    """
    hidden = masked_columns(chain.table)
    parts = [
        _sealed(
            base, column(ROW), exp.Null(), name, lower(canonical_text(column(name), schema[name].type), chain.dialect)
        )
        for name in hidden
    ]
    if parts and lines is not None:
        parts.append(_sealed(lines, exp.Null(), exp.column("line"), "_text", exp.column("text")))
    return _together(parts)


def _sealed(relation: str, row: exp.Expr, line: exp.Expr, name: str, value: exp.Expr) -> exp.Select:
    items = {"row": exp.cast(row, "BIGINT"), "line": exp.cast(line, "BIGINT"), "column": literal(name), "value": value}
    there = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
    query = exp.select(*(exp.alias_(tree, each, quoted=True) for each, tree in items.items()))
    return query.from_(exp.to_identifier(relation, quoted=True)).where(there)
