"""The shapes of a column's texts: each digit as 0, everything else as it is (``00/00/0000``, ``0 Jan 0000``)."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.sql.lower import lower
from sanitizer_core.sql.tree import call, column, literal

LONGEST = 64
"""Texts of more characters have no shape: they are neither numbers nor dates."""


def shapes_query(rows: exp.Select, value: exp.Expr, limit: int, dialect: str) -> exp.Select:
    """``shape, cells, cells whose first number is over 12, cells whose second is``, the commonest first.

    Each distinct text is looked at once. The first and second number are looked at only where the shape begins with
    two numbers of at most two digits, as days and months do.

    Args:
        rows: a SELECT without items from the relation, with its condition.
        value: the column, in the dialect's words.
    """
    short = exp.LTE(this=exp.Length(this=value.copy()), expression=literal(LONGEST))
    cells = exp.alias_(exp.Count(this=exp.Star()), "cells", quoted=True)
    distinct = rows.select(exp.alias_(value.copy(), "cell", quoted=True), cells).where(short).group_by(value.copy())
    text = exp.alias_(lower(call("strip", column("cell")), dialect), "text", quoted=True)
    texts = exp.select(text, column("cells")).from_(distinct.subquery("found"))
    shape = exp.alias_(lower(call("digit_shape", column("text")), dialect), "shape", quoted=True)
    shaped = exp.select(column("text"), column("cells"), shape).from_(texts.subquery("texts"))
    total = exp.cast(exp.Sum(this=column("cells")), "BIGINT")
    query = exp.select(column("shape"), exp.alias_(total, "total", quoted=True)).from_(shaped.subquery("shaped"))
    query = query.select(*(_counted(name, dialect) for name in ("first_over_12", "second_over_12")))
    order = [
        exp.Ordered(this=column("total"), desc=True, nulls_first=False),
        exp.Ordered(this=column("shape"), nulls_first=False),
    ]
    return query.group_by(column("shape")).order_by(*order).limit(limit)


def _counted(name: str, dialect: str) -> exp.Expr:
    over = lower(call(name, column("text"), column("shape")), dialect)
    return exp.cast(exp.Sum(this=exp.Case(ifs=[exp.If(this=over, true=column("cells"))], default=literal(0))), "BIGINT")
