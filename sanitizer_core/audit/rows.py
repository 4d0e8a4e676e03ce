"""Rows that a run took away: whole, as they were read, with the step and the reason."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sanitizer_core.compile import Chain, Gone
from sanitizer_core.plan import ROW
from sanitizer_core.schema import Schema
from sanitizer_core.sql import column, literal

META = ("_row", "_step", "_step_id", "_op", "_reason")


def meta_names(schema: Schema, names: Sequence[str] = META) -> dict[str, str]:
    """The names of the columns in front of the row's own, longer by ``_`` where the input has such a column."""
    taken = {name.lower() for name in schema.names}

    def free(name: str) -> str:
        return name if name.lower() not in taken else free("_" + name)

    return {name: free(name) for name in names}


def gone_rows_query(chain: Chain, base: str, schema: Schema, *, rejected: bool) -> exp.Query | None:
    """The rows that were removed (or rejected) by steps; ``None`` when no step could."""
    parts = [_rows(gone, base, schema) for gone in chain.gone if gone.rejected is rejected]
    if not parts:
        return None
    query: exp.Query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    return query


def _rows(gone: Gone, base: str, schema: Schema) -> exp.Select:
    names = meta_names(schema)
    rows, away = exp.to_identifier(base, quoted=True), exp.to_identifier(gone.relation, quoted=True)
    number = exp.column(exp.to_identifier(ROW, quoted=True), table=away.copy())
    meta = {
        "_row": number,
        "_step": exp.cast(literal(gone.step.number), "INTEGER"),
        "_step_id": exp.cast(literal(gone.step.id), "TEXT"),
        "_op": literal(gone.step.op),
        "_reason": column("@reason"),
    }
    items = [exp.alias_(tree, names[name], quoted=True) for name, tree in meta.items()]
    raw = [exp.alias_(exp.column(exp.to_identifier(name, quoted=True), table=rows.copy()), name, quoted=True) for name in schema.names]
    same = exp.EQ(this=exp.column(exp.to_identifier(ROW, quoted=True), table=rows.copy()), expression=number.copy())
    return exp.select(*items, *raw).from_(away).join(exp.Table(this=rows), on=same)


def dropped_query(chain: Chain, schema: Schema) -> exp.Query | None:
    """The cells, as they were read, of input columns that are not in the output; ``None`` when all are."""
    kept = {slot.source for slot in chain.table.slots}
    gone = [name for name in schema.names if name not in kept]
    if not gone:
        return None
    row = meta_names(schema, ("_row",))["_row"]
    return chain.select(exp.alias_(column(ROW), row, quoted=True), *(column(name) for name in gone))
