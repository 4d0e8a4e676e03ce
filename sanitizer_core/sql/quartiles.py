"""The lower and the upper quartile of columns, between two values where they fall between two, per dialect."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sanitizer_core.sql.lower import fill
from sanitizer_core.sql.tree import column, literal

_WITHIN = "PERCENTILE_CONT(:share) WITHIN GROUP (ORDER BY :value)"
_OWN: dict[str, str] = {
    "duckdb": "QUANTILE_CONT(:value, :share)",
    "postgres": _WITHIN,
    "snowflake": _WITHIN,
    "spark": "PERCENTILE(:value, :share)",
    "databricks": "PERCENTILE(:value, :share)",
}
"""Dialects that have an exact quantile of many columns at once; the others count their way to it."""

SHARES = (0.25, 0.75)


def quartiles_query(rows: exp.Query, columns: Sequence[str], dialect: str) -> exp.Select:
    """One row, with the quartiles of each column of a query as ``low`` and ``high`` and the column's name behind it.

    Args:
        columns: doubles, neither NaN nor infinite; nulls are left out.
    """
    if dialect in _OWN:
        template = _OWN[dialect]
        asked = [
            _named(
                fill(template, dialect, {"value": column(name), "share": exp.Literal.number(str(share))}),
                f"{end}{name}",
            )
            for name in columns
            for end, share in zip(("low", "high"), SHARES, strict=True)
        ]
        return exp.select(*asked, copy=False).from_(rows.subquery("numbers"), copy=False)
    return _counted(rows, columns)


def _counted(rows: exp.Query, columns: Sequence[str]) -> exp.Select:
    """By the place of each value: every engine has windows."""
    ranks: list[exp.Expr] = []
    for name in columns:
        last = exp.Is(this=column(name), expression=exp.Null())
        by = exp.Case(ifs=[exp.If(this=last, true=literal(1))], default=literal(0))
        order = exp.Order(expressions=[exp.Ordered(this=by), exp.Ordered(this=column(name))])
        ranks.append(_named(exp.Window(this=exp.RowNumber(), order=order), f"rank{name}"))
        ranks.append(_named(exp.Window(this=exp.Count(this=column(name))), f"count{name}"))
    ranked = exp.select(*(column(name) for name in columns), *ranks).from_(rows.subquery("numbers"))
    asked = [
        _named(_between(name, share), f"{end}{name}")
        for name in columns
        for end, share in zip(("low", "high"), SHARES, strict=True)
    ]
    return exp.select(*asked).from_(ranked.subquery("ranked"))


def _between(name: str, share: float) -> exp.Expr:
    """The value at a share of the way from the first to the last."""
    place = exp.Mul(
        this=exp.Paren(this=exp.Sub(this=column(f"count{name}"), expression=literal(1))), expression=literal(share)
    )
    before = exp.cast(exp.Floor(this=place), "BIGINT")
    beyond = exp.Paren(this=exp.Sub(this=place.copy(), expression=exp.Floor(this=place.copy())))
    low, high = _at(name, before, 1), _at(name, before, 2)
    way = exp.Mul(this=exp.Paren(this=exp.Sub(this=high, expression=low)), expression=exp.Max(this=beyond))
    return exp.Add(this=low.copy(), expression=exp.Coalesce(this=way, expressions=[literal(0.0)]))


def _at(name: str, before: exp.Expr, step: int) -> exp.Expr:
    there = exp.EQ(this=column(f"rank{name}"), expression=exp.Add(this=before.copy(), expression=literal(step)))
    return exp.Max(this=exp.Case(ifs=[exp.If(this=there, true=column(name))]))


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))
