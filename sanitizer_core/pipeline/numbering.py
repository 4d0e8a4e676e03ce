"""The first relation of a statement: the input, its rows numbered where a step asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sanitizer_core.errors import CompileError
from sanitizer_core.pipeline.statement import OUTSIDE
from sanitizer_core.plan import ROW
from sanitizer_core.schema import Schema
from sanitizer_core.sql import column

_EVALUATED_ONCE = ("duckdb", "postgres")
"""Dialects that evaluate a WITH once when it is read more than once; the others number the rows anew each time."""


def rows_of(
    table: exp.Table, schema: Schema, order: Sequence[exp.Ordered] | None, dialect: str, *, across: bool = False
) -> exp.Select:
    """The table's rows, with their numbers from 0 by an order (the table's own, of an empty one).

    Where numbers have to be the same each time they are made, rows that agree in the order are told apart by all of
    their columns: those that agree in all are alike, and can change places unseen.

    Args:
        order: trees over its columns; ``None`` when nothing asks for numbers.
        across: whether several statements have to number alike.

    Raises:
        CompileError: there is no order that would be the same each time.
    """
    for part in table.find_all(exp.Identifier):
        part.meta[OUTSIDE] = True
    query = exp.select(exp.Star()).from_(table)
    if order is None:
        return query
    keys = list(order)
    if dialect != "duckdb" and (across or dialect not in _EVALUATED_ONCE):
        keys += _rest(schema, keys, dialect)
    window = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=keys) if keys else None)
    number = exp.Sub(this=window, expression=exp.Literal.number(1))
    return exp.select(exp.alias_(number, ROW, quoted=True), exp.Star()).from_(table)


def _rest(schema: Schema, order: Sequence[exp.Ordered], dialect: str) -> list[exp.Ordered]:
    strange = [each.name for each in schema if each.type.kind == "other"]
    if strange and not order:
        raise CompileError(
            f"rows cannot be told apart on {dialect}: {strange[0]!r} is {schema[strange[0]].type.native}, which has no order",
            hint="Declare the order of the rows as input: order: of the recipe.",
        )
    named = {each.this.name for each in order if isinstance(each.this, exp.Column)}
    rest = [name for name in schema.names if name not in named and name not in strange]
    return [exp.Ordered(this=column(name), desc=False, nulls_first=False) for name in rest]
