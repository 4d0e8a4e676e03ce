"""Finding rows that repeat others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from sanitizer_core.sql.tree import column

if TYPE_CHECKING:
    from sanitizer_core.ops.effects import RemoveRepeats

_FAST_HASH = {"duckdb": "hash"}
"""Functions of many values to one integer; equal values give equal ones, on one run of one engine."""


def repeats_query(
    relation: str,
    compared: Sequence[exp.Expression],
    order: Sequence[exp.Expression],
    effect: RemoveRepeats,
    condition: exp.Expression | None,
    dialect: str,
) -> exp.Select:
    """``@row`` and ``@reason`` of every row that goes.

    Where the engine has a fast hash, only rows that share one with another are compared as a whole: a window
    over all rows would sort the whole table.
    """
    source = exp.to_identifier(relation, quoted=True)
    rows = exp.select("*").from_(source)
    if condition is not None:
        rows = rows.where(condition)
    if dialect in _FAST_HASH:
        rows = _suspects(rows, exp.Anonymous(this=_FAST_HASH[dialect], expressions=[each.copy() for each in compared]))
    row = column("@row")
    first = exp.Window(
        this=exp.FirstValue(this=row.copy()),
        partition_by=[each.copy() for each in compared],
        order=exp.Order(expressions=[*(each.copy() for each in order), exp.Ordered(this=row.copy(), nulls_first=False)]),
    )
    members = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[each.copy() for each in compared])
    ranked = exp.select(row.copy(), exp.alias_(first, "first"), exp.alias_(members, "members")).from_(rows.subquery("suspects"))
    goes = "members > 1" if effect.keep_none else '"@row" <> first'
    reason = exp.DPipe(
        this=exp.Literal.string(effect.reason + " "), expression=exp.cast(exp.column("first"), "TEXT")
    )
    told: exp.Expression = exp.Literal.string(effect.reason) if effect.keep_none else reason
    return (
        exp.select(row.copy(), exp.alias_(told, "@reason", quoted=True)).from_(ranked.subquery("ranked")).where(goes, dialect=dialect)
    )


def _suspects(rows: exp.Select, key: exp.Expression) -> exp.Select:
    hashed = rows.select(exp.alias_(key, "@hash", quoted=True))
    shared = (
        exp.select(column("@hash")).from_(hashed.subquery("hashed"))
        .group_by(column("@hash")).having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
    )  # fmt: skip
    return exp.select("*").from_(hashed.subquery("rows")).where(exp.In(this=column("@hash"), query=shared.subquery()))
