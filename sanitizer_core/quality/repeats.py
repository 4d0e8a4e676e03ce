"""How many rows of a table repeat an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from sqlglot import exp

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.hashes import MOST_IN_MEMORY, repeated_hashes
from sanitizer_core.plan import ROW
from sanitizer_core.sql import column
from sanitizer_core.sql.repeats import telling_hash

_AGAIN = "@again"
"""What the values that come again are called while rows are looked for by them, with the number of their part."""


def different_rows(columns: Sequence[exp.Expr], dialect: str) -> exp.Expr:
    """How many rows differ, as an aggregate, by a hash of 64 bits whose collisions change no digit that is shown.

    Args:
        columns: in the words of the relation; nulls agree with nulls.
    """
    return exp.Count(this=exp.Distinct(expressions=[telling_hash(columns, dialect)]))


def repeats_of(
    engine: DuckDBEngine, relation: str, columns: Sequence[exp.Expr], telling: exp.Expr | None, rows: int
) -> int:
    """Rows that agree with an earlier one in every column; nulls agree with nulls.

    They are compared by a hash of 64 bits, whose collisions change no digit that is shown.

    Args:
        columns: in the words of the relation.
        telling: the column in which nearly every row has a value of its own, where there is one.
    """
    source = exp.to_identifier(relation, quoted=True)
    if telling is None:
        whole = _hashes(source, columns)
        return _grouped(engine, whole) if rows > MOST_IN_MEMORY else _repeated(engine, whole, rows)[1]
    # Rows that agree in everything agree in this column: only where a value comes again are whole rows compared.
    again, more = _repeated(engine, _hashes(source, [telling]), rows)
    if not more:
        return 0
    known = {f"{_AGAIN}{part}": hashes for part, hashes in enumerate(again)}
    for name, hashes in known.items():
        engine.connection.register(name, {"h": hashes})
    try:
        # Rows are found by their number first, so that the other columns are read of those rows alone.
        every = [exp.select("h").from_(exp.to_identifier(name, quoted=True)) for name in known]
        wanted = exp.In(this=_hash([telling]), query=_together(every).subquery())
        numbers = exp.select(column(ROW)).from_(source.copy()).where(wanted)
        suspects = _hashes(source, columns).where(exp.In(this=column(ROW), query=numbers.subquery()))
        return _repeated(engine, suspects, sum(map(len, again)) + more)[1]
    finally:
        for name in known:
            engine.connection.unregister(name)


def _together(parts: Sequence[exp.Query]) -> exp.Query:
    return reduce(lambda left, right: exp.Union(this=left, expression=right, distinct=False), parts)


def _hash(columns: Sequence[exp.Expr]) -> exp.Expr:
    return exp.Anonymous(this="hash", expressions=[each.copy() for each in columns])


def _hashes(source: exp.Identifier, columns: Sequence[exp.Expr]) -> exp.Select:
    return exp.select(exp.alias_(_hash(columns), "h")).from_(source.copy())


def _repeated(engine: DuckDBEngine, hashes: exp.Select, rows: int) -> tuple[list[Any], int]:
    """The hashes that come again, part by part, and how many rows there are beyond the first of each.

    Of too many rows for memory a part at a time is taken, and hashed again each time: that takes less time than to
    group them, and a grouping would have to spill.
    """
    parts = max(1, -(-rows // MOST_IN_MEMORY))
    found = [repeated_hashes(engine.connection, engine.sql(_part(hashes, part, parts))) for part in range(parts)]
    return [again for again, _ in found], sum(more for _, more in found)


def _part(hashes: exp.Select, part: int, parts: int) -> exp.Select:
    if parts == 1:
        return hashes
    place = exp.Mod(this=exp.column("h"), expression=exp.Literal.number(parts))
    chosen = exp.EQ(this=place, expression=exp.Literal.number(part))
    return exp.select("h").from_(hashes.subquery("hashes")).where(chosen)


def _grouped(engine: DuckDBEngine, hashes: exp.Select) -> int:
    """As ``repeats_of``, for so many rows that the engine has to keep the hashes."""
    sizes = exp.select("count(*) - 1 AS more").from_(hashes.subquery("hashed")).group_by("h").having("count(*) > 1")
    return int(engine.fetch(exp.select("coalesce(sum(more), 0)").from_(sizes.subquery("sizes")))[0][0])
