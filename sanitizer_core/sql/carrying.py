"""The nearest value that is there, before a row or after it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sanitizer_core.sql.tree import column

_BEFORE = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
_AFTER = exp.WindowSpec(kind="ROWS", start="CURRENT ROW", end="UNBOUNDED", end_side="FOLLOWING")

_COUNTING = frozenset({"postgres"})
"""Dialects whose windows cannot pass over nulls."""

PRESENT, CARRIED, RUN = "@present", "@carried", "@run"


def carried_query(
    rows: exp.Select, by: Sequence[exp.Expr], order: Sequence[exp.Ordered], dialect: str, *, backward: bool
) -> exp.Select:
    """The rows with ``@carried``, the nearest ``@present`` that is not null in the order, within the groups.

    Args:
        rows: a SELECT with all columns and ``@present``.
    """
    over = {"by": by, "order": order, "frame": _AFTER if backward else _BEFORE}
    if dialect not in _COUNTING:
        nearest = (exp.FirstValue if backward else exp.LastValue)(this=column(PRESENT))
        carried = _window(exp.IgnoreNulls(this=nearest), **over)  # type: ignore[arg-type]
        return exp.select(exp.Star(), exp.alias_(carried, CARRIED, quoted=True)).from_(rows.subquery("seen"))
    # Each value that is there begins a run of rows, of which it is the only one that is there.
    runs = exp.alias_(_window(exp.Count(this=column(PRESENT)), **over), RUN, quoted=True)  # type: ignore[arg-type]
    numbered = exp.select(exp.Star(), runs).from_(rows.subquery("seen"))
    there = exp.Where(this=exp.Not(this=exp.Is(this=column(PRESENT), expression=exp.Null())))
    only = exp.Filter(this=exp.ArrayAgg(this=column(PRESENT)), expression=there)
    listed = _window(only, by=[*by, column(RUN)], order=(), frame=None)
    first = exp.Bracket(this=exp.Paren(this=listed), expressions=[exp.Literal.number(1)], offset=1)
    return exp.select(exp.Star(), exp.alias_(first, CARRIED, quoted=True)).from_(numbered.subquery("runs"))


def _window(
    value: exp.Expr, by: Sequence[exp.Expr], order: Sequence[exp.Ordered], frame: exp.WindowSpec | None
) -> exp.Window:
    return exp.Window(
        this=value,
        partition_by=[each.copy() for each in by],
        order=exp.Order(expressions=[each.copy() for each in order]) if order else None,
        spec=frame.copy() if frame else None,
    )
