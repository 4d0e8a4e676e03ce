"""The examples of the report: a few cells of each step, and why rows went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.engines.protocol import Engine
from sanitizer_core.sql import column

PER_COLUMN = 4


@dataclass(frozen=True)
class Example:
    """A changed cell."""

    step: int
    row: int
    column: str
    old: str | None
    new: str | None
    reason: str


@dataclass(frozen=True)
class Reason:
    """Why rows went, how many, and the first of them."""

    step: int | None
    op: str
    reason: str
    rows: int
    first: tuple[int, ...]


def examples(engine: Engine, log: str) -> dict[int, list[Example]]:
    """The first changes of each step and column, different ones, by step."""
    keys = [column(name) for name in ("step", "column", "old", "new", "reason")]
    first = exp.alias_(exp.Min(this=column("row")), "row")
    distinct = (
        exp.select(*keys, first)
        .from_(exp.to_identifier(log, quoted=True))
        .where(column("row") < FIRST_ROWS)
        .group_by(*keys)
    )
    order = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column("step"), column("column")],
        order=exp.Order(expressions=[column("row")]),
    )
    ranked = exp.select("*", exp.alias_(order, "place")).from_(distinct.subquery("d"))
    wanted = exp.select(*(column(n) for n in ("step", "row", "column", "old", "new", "reason"))).from_(
        ranked.subquery("r")
    )
    found: dict[int, list[Example]] = {}
    for row in engine.fetch(
        wanted.where(column("place") <= PER_COLUMN).order_by(column("step"), column("column"), column("row"))
    ):
        found.setdefault(row[0], []).append(Example(*row))
    return found


FIRST_ROWS = 100_000
"""Examples are taken from the first rows, so that a long log is not sorted for a few lines."""


FIRST_FIVE: exp.Expr = exp.maybe_parse("list_sort(list(row))[1:5]", dialect="duckdb")
"""The numbers of the first rows that went for a reason, as DuckDB lists them."""


def reasons(engine: Engine, rows: exp.Expr, names: Mapping[str, str], first: exp.Expr) -> list[Reason]:
    """Why rows went, the commonest first.

    Args:
        rows: the table of the rows that were removed, or of those that were rejected.
        names: how the columns in front of a row's own are called there.
        first: a list of the first values of ``row`` in a group.
    """
    why = column(names["_reason"]) if "_reason" in names else _joined(column(names["_reasons"]))
    told = exp.select(
        exp.alias_(column(names["_step"]), "step"),
        exp.alias_(column(names["_op"]), "op"),
        exp.alias_(why, "why"),
        exp.alias_(column(names["_row"]), "row"),
    ).from_(rows)
    keys = [column(name) for name in ("step", "op", "why")]
    counted = exp.select(*keys, exp.alias_("count(*)", "size"), exp.alias_(first.copy(), "first"))
    query = counted.from_(told.subquery("r")).group_by(*keys).order_by(column("size").desc(), column("why")).limit(50)
    return [
        Reason(step, op, why, size, tuple(each for each in first or () if each is not None))
        for step, op, why, size, first in engine.fetch(query)
    ]


def _joined(texts: exp.Expr) -> exp.Expr:
    return exp.ArrayToString(this=texts, expression=exp.Literal.string("; "))
