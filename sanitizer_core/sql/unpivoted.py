"""Rows made of the one row that a query gives, such as what was counted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sanitizer_core.sql.tree import column, literal

Line = tuple[exp.Expr, ...]
"""What a row says, column by column, in terms of the one row that it is made of."""


def unpivoted(names: Sequence[str], lines: Sequence[Line], source: exp.Select) -> exp.Select:
    """The lines as rows under these names, in their order; the query is worked out once, whatever an engine makes of CTEs."""
    if not lines:
        return exp.select(*(_named(exp.null(), name) for name in names)).where(exp.false())
    numbers: exp.Query = exp.select(_named(literal(0), "line"))
    for number in range(1, len(lines)):
        numbers = exp.Union(this=numbers, expression=exp.select(_named(literal(number), "line")), distinct=False)
    items = [_named(_of_line(place, lines), name) for place, name in enumerate(names)]
    query = exp.select(*items, copy=False).from_(source.subquery("counted", copy=False), copy=False)
    return query.join(numbers.subquery("lines"), join_type="CROSS", copy=False).order_by(column("line"), copy=False)


def _of_line(place: int, lines: Sequence[Line]) -> exp.Expr:
    chosen = exp.Case(this=column("line"))
    for number, line in enumerate(lines):
        chosen.append("ifs", exp.If(this=literal(number), true=line[place].copy()))
    return chosen


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))
