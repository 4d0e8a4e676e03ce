"""Finding rows that repeat others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from sanitizer_core.sql.tree import column

if TYPE_CHECKING:
    from sanitizer_core.ops.effects import RemoveRepeats


def _duckdb_hash(values: list[exp.Expr]) -> exp.Expr:
    return exp.Anonymous(this="hash", expressions=values)


def _postgres_hash(values: list[exp.Expr]) -> exp.Expr:
    row = exp.Anonymous(this="row", expressions=values)
    return exp.Anonymous(this="hash_record_extended", expressions=[row, exp.Literal.number(0)])


def _spark_hash(values: list[exp.Expr]) -> exp.Expr:
    return exp.Anonymous(this="xxhash64", expressions=values)


def _spark_telling_hash(values: list[exp.Expr]) -> exp.Expr:
    nulls = [exp.Is(this=each.copy(), expression=exp.Null()) for each in values]
    return _spark_hash([*values, *nulls])


_FAST_HASH = {"duckdb": _duckdb_hash, "postgres": _postgres_hash, "spark": _spark_hash}
"""From many values to one integer; equal values give equal ones, on one run of one engine."""

_TELLING = _FAST_HASH | {"spark": _spark_telling_hash}
"""As well, but another integer where a null stands in another place: Spark's own hash passes over nulls."""


def telling_hash(values: Sequence[exp.Expr], dialect: str) -> exp.Expr:
    """A hash of 64 bits that rows which differ do not share but by chance, on a dialect that an engine runs."""
    return _TELLING[dialect]([each.copy() for each in values])


_STORING = frozenset({"duckdb", "postgres"})
"""Dialects that can be told to work out a WITH once."""

ROW, HASH, FIRST, MEMBERS = "@row", "@hash", "@first", "@members"


def repeats_query(
    relation: str,
    compared: Sequence[exp.Expr],
    order: Sequence[exp.Ordered],
    effect: RemoveRepeats,
    condition: exp.Expr | None,
    dialect: str,
) -> exp.Select:
    """``@row`` and ``@reason`` of every row that goes.

    A window over all rows would sort the whole table. Where the engine has a fast hash, it is made once for
    each row, and only the rows that share theirs with another are compared as a whole.

    Args:
        compared: trees; rows that agree in all of them are repeats.
        order: the row that comes first by it stays; the number of the row has to be in it.
    """
    keys = [_as(tree.copy(), f"@key{index}") for index, tree in enumerate(compared, 1)]
    ranks = [_as(each.this.copy(), f"@rank{index}") for index, each in enumerate(order, 1)]
    rows = _select(column(ROW), *keys, *ranks).from_(exp.to_identifier(relation, quoted=True), copy=False)
    if condition is not None:
        rows = rows.where(condition.copy(), copy=False)
    hash_of = _FAST_HASH.get(dialect)
    if hash_of is None:
        return _told(_ranked(rows, len(keys), order), effect)
    hashed = _hashed(relation, hash_of([tree.copy() for tree in compared]), condition)
    suspects = exp.select(column(ROW)).from_("hashed").where(exp.In(this=column(HASH), query=_shared().subquery()))
    found = rows.where(exp.In(this=column(ROW), query=suspects.subquery()), copy=False)
    once = True if dialect in _STORING else None
    return _told(_ranked(found, len(keys), order), effect).with_("hashed", as_=hashed, materialized=once, copy=False)


def _select(*items: exp.Expr) -> exp.Select:
    """A SELECT of these items themselves: copied at every turn, thousands of columns would take their time."""
    return exp.Select(expressions=list(items))


def _as(tree: exp.Expr, name: str) -> exp.Alias:
    return exp.Alias(this=tree, alias=exp.to_identifier(name, quoted=True))


def _hashed(relation: str, key: exp.Expr, condition: exp.Expr | None) -> exp.Select:
    query = _select(column(ROW), _as(key, HASH)).from_(exp.to_identifier(relation, quoted=True), copy=False)
    return query.where(condition.copy(), copy=False) if condition is not None else query


def _shared() -> exp.Select:
    several = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
    return exp.select(column(HASH)).from_("hashed").group_by(column(HASH)).having(several)


def _ranked(rows: exp.Select, keys: int, order: Sequence[exp.Ordered]) -> exp.Select:
    """Each row with the first of those it agrees with, and how many they are."""
    partition = [column(f"@key{index}") for index in range(1, keys + 1)]
    by = [
        exp.Ordered(this=column(f"@rank{index}"), desc=each.args.get("desc"), nulls_first=each.args.get("nulls_first"))
        for index, each in enumerate(order, 1)
    ]
    first = exp.Window(
        this=exp.FirstValue(this=column(ROW)),
        partition_by=[each.copy() for each in partition],
        order=exp.Order(expressions=by),
    )
    members = exp.Window(this=exp.Count(this=exp.Star()), partition_by=partition)
    items = (column(ROW), _as(first, FIRST), _as(members, MEMBERS))
    return _select(*items).from_(rows.subquery("suspects", copy=False), copy=False)


def _told(ranked: exp.Select, effect: RemoveRepeats) -> exp.Select:
    reason: exp.Expr = exp.Literal.string(effect.reason)
    goes: exp.Expr = exp.GT(this=column(MEMBERS), expression=exp.Literal.number(1))
    if not effect.keep_none:
        goes = exp.NEQ(this=column(ROW), expression=column(FIRST))
        kept = exp.DPipe(this=exp.cast(column(FIRST), "TEXT"), expression=exp.Literal.string(", which is kept"))
        reason = exp.DPipe(this=exp.Literal.string(effect.reason + " row "), expression=kept)
    items = (column(ROW), _as(reason, "@reason"))
    return _select(*items).from_(ranked.subquery("ranked", copy=False), copy=False).where(goes, copy=False)
