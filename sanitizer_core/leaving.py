"""Rows that go: which they are, why, and what is left of the table without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from sanitizer_core.chain import Chain, Gone, Relation, named, refuse_numbers, refuse_unordered, unmarked
from sanitizer_core.ops.effects import Effect, RemoveRepeats, RemoveRows
from sanitizer_core.plan import ROW, StepInfo
from sanitizer_core.sql import column, literal
from sanitizer_core.sql.logic import all_of
from sanitizer_core.sql.lookup import bound, lookup_query
from sanitizer_core.sql.repeats import repeats_query

REASON = "@reason"


def remove_rows(
    chain: Chain, step: StepInfo, effects: Sequence[Effect], condition: exp.Expr | None
) -> tuple[Chain, list[Relation]]:
    """The chain without the rows that a step takes away by a condition, and the relations that it needs."""
    made: list[Relation] = []
    for effect in effects:
        if isinstance(effect, RemoveRows):
            query, relations = _leaving(chain, step, effect, condition)
            made += relations
            stays = _kept_rows(chain, query) if chain.single else None
            chain, relations = _without(chain, step, query, effect.rejected, stays)
            made += relations
    return chain, made


def _leaving(
    chain: Chain, step: StepInfo, effect: RemoveRows, condition: exp.Expr | None
) -> tuple[exp.Select, list[Relation]]:
    """The rows that go, and what has to be looked up to know them."""
    where = all_of([effect.where, *([condition] if condition is not None else [])])
    told = effect.told or literal(effect.reason)
    if effect.lookup is None:
        return chain.select(column(ROW), named(told, REASON), where=where), []
    refuse_numbers(chain, effect.lookup)
    name = f"{step.label}.rows{len(chain.gone) + 1}"
    items = [qualified(bound(tree, effect.lookup, name), chain.last) for tree in (where, told)]
    query = chain.select(qualified(column(ROW), chain.last), named(items[1], REASON), where=items[0])
    on = qualified(effect.lookup.condition(name, chain.dialect), chain.last)
    joined = query.join(exp.Table(this=exp.to_identifier(name, quoted=True)), on=on, join_type="left")
    return joined, [Relation(name, lookup_query(effect.lookup, chain.dialect), True, "values by key")]


def remove_repeats(
    chain: Chain, step: StepInfo, effects: Sequence[Effect], condition: exp.Expr | None
) -> tuple[Chain, list[Relation]]:
    """The chain without the rows that repeat others, and the relations that it needs.

    Raises:
        CompileError: which of them stays depends on an order that the table does not have.
    """
    made: list[Relation] = []
    for effect in effects:
        if isinstance(effect, RemoveRepeats):
            if not (effect.keep_none or _own_order(effect) or _compares_whole(chain, effect)):
                refuse_unordered(chain, "which of several rows is kept depends on their order")
            compared = [chain.resolve(each) for each in effect.compared or map(column, effect.columns)]
            order = [
                *chain.resolve_order(effect.order),
                *chain.ordered(backward=effect.last),
                exp.Ordered(this=column(ROW), desc=effect.last, nulls_first=False),
            ]
            query = repeats_query(chain.last, compared, order, effect, condition, chain.dialect)
            stays = None
            if chain.single:
                told = _first_rows(chain, step, compared, order, condition, keep_none=effect.keep_none)
                stays, made = told[0], [*made, told[1]]
            chain, relations = _without(chain, step, query, False, stays)
            made += relations
    return chain, made


def _compares_whole(chain: Chain, effect: RemoveRepeats) -> bool:
    """Whether rows that agree are alike in every cell, so that it does not show which of them is kept."""
    plain = all(isinstance(each, exp.Column) for each in effect.compared)
    return plain and set(effect.columns) >= set(chain.table.schema.names)


def _own_order(effect: RemoveRepeats) -> bool:
    """Whether the step says by columns which row comes first; that one is filled better than another leaves ties."""
    return any(isinstance(each.this, exp.Column) for each in effect.order)


def _without(
    chain: Chain, step: StepInfo, gone: exp.Query, rejected: bool, stays: exp.Select | None = None
) -> tuple[Chain, list[Relation]]:
    """The rows that go are kept by number; the rest is what is not among them, still in the order of the input."""
    out = Relation(
        f"gone_{step.number}_{len(chain.gone) + 1}",
        gone,
        stored=True,
        comment=f"rows that {step.op} takes away",
        marks=True,
    )
    chain = replace(chain, gone=(*chain.gone, Gone(out.name, step, rejected)))
    name = chain.table.names.free(f"@{step.label}").removeprefix("@")
    among = unmarked(out.name, chain.rows) if chain.bitmaps else _not_among(out.name, chain.last)
    query = stays or exp.select("*").from_(exp.to_identifier(chain.last, quoted=True)).where(among)
    shuffled = chain.shuffled or not chain.bitmaps
    return replace(chain, last=name, shuffled=shuffled), [out, Relation(name, query, comment=step.op)]


def _not_among(relation: str, last: str) -> exp.Expr:
    left, right = exp.to_identifier(last, quoted=True), exp.to_identifier(relation, quoted=True)
    same = exp.EQ(
        this=exp.column(exp.to_identifier(ROW, quoted=True), table=right.copy()),
        expression=exp.column(exp.to_identifier(ROW, quoted=True), table=left),
    )
    return exp.Not(this=exp.Exists(this=exp.select(exp.Literal.number(1)).from_(right).where(same)))


def _kept_rows(chain: Chain, gone: exp.Select) -> exp.Select:
    """The rows that do not meet the condition by which others go."""
    query = gone.copy()
    star = exp.Column(this=exp.Star(), table=exp.to_identifier(chain.last, quoted=True))
    goes = exp.Coalesce(this=query.args["where"].this, expressions=[exp.false()])
    query.set("expressions", [star if query.args.get("joins") else exp.Star()])
    query.set("where", exp.Where(this=exp.Not(this=goes)))
    return query


def _first_rows(
    chain: Chain,
    step: StepInfo,
    compared: Sequence[exp.Expr],
    order: Sequence[exp.Ordered],
    condition: exp.Expr | None,
    *,
    keep_none: bool,
) -> tuple[exp.Select, Relation]:
    """The rows that stay among those that agree, and the relation that they are taken from, where each has its place."""
    name, place = chain.table.names.free(f"@{step.label}.places").removeprefix("@"), f"@place_{step.number}"
    groups = [tree.copy() for tree in (*compared, *([condition] if condition is not None else []))]
    ranked = exp.Order(expressions=[each.copy() for each in order])
    window = exp.Window(
        this=exp.Count(this=exp.Star()) if keep_none else exp.RowNumber(),
        partition_by=groups,
        order=None if keep_none else ranked,
    )
    query = chain.select(exp.Star(), named(window, place))
    first: exp.Expr = exp.EQ(this=column(place), expression=literal(1))
    if condition is not None:
        outside = exp.Not(this=exp.Coalesce(this=condition.copy(), expressions=[exp.false()]))
        first = exp.or_(first, outside)
    rest = exp.select("*").from_(exp.to_identifier(name, quoted=True)).where(first)
    return rest, Relation(name, query, comment="the place of each row among those that it agrees with")


def qualified(tree: exp.Expr, relation: str) -> exp.Expr:
    """The tree with its columns said to be the relation's: a table may have columns named as those of a lookup."""
    for node in list(tree.find_all(exp.Column)):
        if not node.table:
            node.set("table", exp.to_identifier(relation, quoted=True))
    return tree
