"""From effects to relations: each step becomes a SELECT over the one before, in the order of the recipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from sanitizer_core.alike import cell_items, groups_of, list_items
from sanitizer_core.chain import Chain, Gone, Relation, named, refuse_numbers, refuse_unordered, unmarked
from sanitizer_core.errors import CompileError
from sanitizer_core.ops.effects import (
    AddColumn,
    CarryOver,
    Effect,
    MapValues,
    RemoveRepeats,
    RemoveRows,
    Rewrite,
    RunPython,
    SortRows,
)
from sanitizer_core.plan import ROW, StepInfo, Version, added, reshaped, rewritten
from sanitizer_core.schema import INTEGER
from sanitizer_core.sql import VALUE, column, literal
from sanitizer_core.sql.carrying import CARRIED, PRESENT, carried_query
from sanitizer_core.sql.digits import in_type
from sanitizer_core.sql.expression import condition as condition_of
from sanitizer_core.sql.fence import fenced
from sanitizer_core.sql.logic import all_of
from sanitizer_core.sql.lookup import Lookup, bound, found, hit, lookup_query
from sanitizer_core.sql.repeats import repeats_query

REASON = "@reason"


def extend(
    chain: Chain, step: StepInfo, effects: Sequence[Effect], when: str | None = None
) -> tuple[Chain, list[Relation]]:
    """The chain with a further step, and the relations that it needs, in the order they build on each other.

    Raises:
        CompileError: the dialect cannot say it.
    """
    condition = chain.resolve(condition_of(when, chain.table.schema)) if when is not None else None
    effects, made = _carry_over(chain, step, [_seen_first(chain, effect) for effect in effects])
    for build in (_rewrite_cells, _remove_rows, _remove_repeats, _sort_rows):
        chain, relations = build(chain, step, effects, condition)
        made += relations
    return replace(chain, table=reshaped(chain.table, effects, step)), made


def _seen_first(chain: Chain, effect: Effect) -> Effect:
    """Rows are judged by the cells that the step found, not by what it made of them."""
    if not isinstance(effect, RemoveRows):
        return effect
    told = chain.resolve(effect.told) if effect.told is not None else literal(effect.reason)
    lookup = effect.lookup and replace(effect.lookup, keys=tuple(map(chain.resolve, effect.lookup.keys)))
    return replace(effect, where=chain.resolve(effect.where), told=told, lookup=lookup)


def _carry_over(chain: Chain, step: StepInfo, effects: Sequence[Effect]) -> tuple[list[Effect], list[Relation]]:
    """The effects with what is carried over looked up by row number, and the relations that hold it.

    A window in a layer would be evaluated, and the rows put in its order, wherever the layer is named.
    """
    told: list[Effect] = []
    made: list[Relation] = []
    for effect in effects:
        if isinstance(effect, CarryOver):
            relation = Relation(
                f"{step.label}.{effect.column}.carried", _carried(chain, effect), True, "values to carry over"
            )
            made.append(relation)
            told.append(_from_relation(chain, effect, relation.name))
        else:
            told.append(effect)
    return told, made


def _carried(chain: Chain, effect: CarryOver) -> exp.Select:
    """``key1, value, hit`` for the rows whose cell is missing and has something to be filled with."""
    if not effect.order:
        refuse_unordered(chain, "what is carried over depends on the order of the rows")
    order = [*chain.resolve_order(effect.order), *chain.ordered(), exp.Ordered(this=column(ROW), nulls_first=False)]
    by = [column(chain.table.slot(name).now.name) for name in effect.by]
    seen = chain.select(exp.Star(), named(chain.resolve(effect.present), PRESENT))
    carried = carried_query(seen, by, order, chain.dialect, backward=effect.backward)
    items = (named(column(ROW), "key1"), named(column(CARRIED), "value"), named(exp.true(), "hit"))
    missing = exp.Is(this=column(PRESENT), expression=exp.Null())
    there = exp.Not(this=exp.Is(this=column(CARRIED), expression=exp.Null()))
    return exp.select(*items).from_(carried.subquery("carried")).where(exp.and_(missing, there))


def _from_relation(chain: Chain, effect: CarryOver, relation: str) -> Rewrite:
    kind = chain.table.slot(effect.column).type
    value = exp.Case(ifs=[exp.If(this=hit(), true=found())], default=column(effect.column))
    lookup = Lookup((column(ROW),), (INTEGER,), kind, relation=relation)
    inputs = tuple(dict.fromkeys((*effect.by, *_named(effect.order))))
    return Rewrite(effect.column, (value,), kind, effect.reason, effect.confidence, inputs, lookup=lookup)


def _named(trees: Iterable[exp.Expr]) -> list[str]:
    return [node.name for tree in trees for node in tree.find_all(exp.Column) if node.name != ROW]


def _rewrite_cells(
    chain: Chain, step: StepInfo, effects: Sequence[Effect], condition: exp.Expr | None
) -> tuple[Chain, list[Relation]]:
    """One relation per pass; every column of the step goes through its first pass together, then its second, ..."""
    rewrites = [effect for effect in effects if isinstance(effect, Rewrite)]
    additions = [effect for effect in effects if isinstance(effect, AddColumn)]
    before, every = chain, rewrites
    chain, made, latest = _rewrite_alike(chain, step, rewrites, condition)
    rewrites = [each for each in rewrites if each.column not in latest]
    depth = max([len(effect.passes) for effect in rewrites] + [1 if additions else 0], default=0)
    joins, relations = _lookups(before, step, [*rewrites, *additions])
    for index in range(depth):
        items = [
            _one_pass(before, step, effect, index, latest, condition)
            for effect in rewrites
            if index < len(effect.passes)
        ]
        for addition in additions if index == 0 else ():
            items.append(_addition(before, step, addition, condition))
            version = Version(items[-1][0], addition.type, step, addition.reason)
            chain = replace(chain, table=added(chain.table, addition, version, step))
        chain, relation = _layer(chain, step, items, joins if index == 0 else {})
        made.append(relation)
    versions = {
        effect.column: (effect, Version(latest[effect.column], effect.type, step, effect.reason, effect.confidence))
        for effect in every
    }
    return replace(chain, table=rewritten(chain.table, versions)), [*relations, *made]


def _rewrite_alike(
    chain: Chain, step: StepInfo, rewrites: Sequence[Rewrite], condition: exp.Expr | None
) -> tuple[Chain, list[Relation], dict[str, str]]:
    """Two relations for the columns that share their trees: of lists, and of what is in them; with the new versions."""
    if not (groups := groups_of(chain, rewrites)):
        return chain, [], {}
    lists = list_items(chain, step, groups)
    cells = cell_items(chain, step, groups, lists, condition)
    chain, listed = _layer(chain, step, lists, {})
    chain, unpacked = _layer(chain, step, [(name, tree) for _, name, tree in cells], {})
    return chain, [listed, unpacked], {column: name for column, name, _ in cells}


def _lookups(
    chain: Chain, step: StepInfo, effects: Sequence[Rewrite | AddColumn]
) -> tuple[dict[str, Lookup], list[Relation]]:
    """What the step's first pass joins, by relation, and the relations that are not there yet."""
    joins: dict[str, Lookup] = {}
    made: list[Relation] = []
    for effect in effects:
        lookup = effect.lookup
        if lookup is None:
            continue
        refuse_numbers(chain, lookup)
        name = lookup.relation or _lookup_name(step, effect)
        if lookup.relation is None:
            made.append(Relation(name, lookup_query(lookup, chain.dialect), True, "values by key"))
        joins[name] = replace(lookup, keys=tuple(chain.resolve(key) for key in lookup.keys))
    return joins, made


def _lookup_name(step: StepInfo, effect: Rewrite | AddColumn) -> str:
    return f"{step.label}.{effect.column if isinstance(effect, Rewrite) else effect.name}"


def _looked_up(tree: exp.Expr, step: StepInfo, effect: Rewrite | AddColumn) -> exp.Expr:
    if effect.lookup is None:
        return tree
    return bound(tree, effect.lookup, effect.lookup.relation or _lookup_name(step, effect))


def _one_pass(
    before: Chain, step: StepInfo, effect: Rewrite, index: int, latest: dict[str, str], condition: exp.Expr | None
) -> tuple[str, exp.Expr]:
    final = index == len(effect.passes) - 1
    old = before.table.slot(effect.column).now
    name = before.table.names.free(f"{effect.column}@{step.number}" + ("" if final else f".{index + 1}"))
    tree = _looked_up(before.resolve(effect.passes[index]), step, effect)
    tree = exp.replace_placeholders(tree, **{VALUE: column(latest.get(effect.column, old.name))})
    if final and condition is not None:
        tree = exp.Case(ifs=[exp.If(this=condition.copy(), true=tree)], default=column(old.name))
    tree = in_type(tree, effect.type, before.dialect) if final else tree
    latest[effect.column] = name
    return name, tree


def _addition(before: Chain, step: StepInfo, effect: AddColumn, condition: exp.Expr | None) -> tuple[str, exp.Expr]:
    name = before.table.names.free(f"{effect.name}@{step.number}")
    tree = _looked_up(before.resolve(effect.value), step, effect)
    if condition is not None:
        tree = exp.Case(ifs=[exp.If(this=condition.copy(), true=tree)])
    return name, in_type(tree, effect.type, before.dialect)


def _layer(
    chain: Chain, step: StepInfo, items: Iterable[tuple[str, exp.Expr]], joins: Mapping[str, Lookup]
) -> tuple[Chain, Relation]:
    """``SELECT *, tree AS name FROM last``: nothing is taken away, so every version stays in sight."""
    name = chain.table.names.free(f"@{step.label}").removeprefix("@")
    items = list(items)
    star: exp.Expr = exp.Star()
    if joins:
        star = exp.Column(this=exp.Star(), table=exp.to_identifier(chain.last, quoted=True))
        items = [(alias, _qualified(tree, chain.last)) for alias, tree in items]
    query = exp.select(star, *(named(tree, alias) for alias, tree in items)).from_(
        exp.to_identifier(chain.last, quoted=True), copy=False
    )
    for other, lookup in joins.items():
        condition = _qualified(lookup.condition(other, chain.dialect), chain.last)
        query = query.join(exp.to_table(exp.to_identifier(other, quoted=True).sql()), on=condition, join_type="left")
    shuffled = chain.shuffled or bool(joins) or any(tree.find(exp.Window) for _, tree in items)
    trail = (*chain.trail, tuple(items))
    relation = Relation(name, fenced(query, chain.dialect), comment=step.op)
    return replace(chain, last=name, shuffled=shuffled, trail=trail), relation


def _qualified(tree: exp.Expr, relation: str) -> exp.Expr:
    """The tree with its columns said to be the relation's: a table may have columns named as those of a lookup."""
    for node in list(tree.find_all(exp.Column)):
        if not node.table:
            node.set("table", exp.to_identifier(relation, quoted=True))
    return tree


def _remove_rows(
    chain: Chain, step: StepInfo, effects: Sequence[Effect], condition: exp.Expr | None
) -> tuple[Chain, list[Relation]]:
    made: list[Relation] = []
    for effect in effects:
        if isinstance(effect, RemoveRows):
            query, relations = _leaving(chain, step, effect, condition)
            made += relations
            stays = kept_rows(chain, query) if chain.single else None
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
    items = [_qualified(bound(tree, effect.lookup, name), chain.last) for tree in (where, told)]
    query = chain.select(_qualified(column(ROW), chain.last), named(items[1], REASON), where=items[0])
    on = _qualified(effect.lookup.condition(name, chain.dialect), chain.last)
    joined = query.join(exp.Table(this=exp.to_identifier(name, quoted=True)), on=on, join_type="left")
    return joined, [Relation(name, lookup_query(effect.lookup, chain.dialect), True, "values by key")]


def _remove_repeats(
    chain: Chain, step: StepInfo, effects: Sequence[Effect], condition: exp.Expr | None
) -> tuple[Chain, list[Relation]]:
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
                told = first_rows(chain, step, compared, order, condition, keep_none=effect.keep_none)
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


def kept_rows(chain: Chain, gone: exp.Select) -> exp.Select:
    """The rows that do not meet the condition by which others go."""
    query = gone.copy()
    star = exp.Column(this=exp.Star(), table=exp.to_identifier(chain.last, quoted=True))
    goes = exp.Coalesce(this=query.args["where"].this, expressions=[exp.false()])
    query.set("expressions", [star if query.args.get("joins") else exp.Star()])
    query.set("where", exp.Where(this=exp.Not(this=goes)))
    return query


def first_rows(
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


def _sort_rows(
    chain: Chain, step: StepInfo, effects: Sequence[Effect], condition: exp.Expr | None
) -> tuple[Chain, list[Relation]]:
    sorts = [effect for effect in effects if isinstance(effect, SortRows)]
    if not sorts:
        return chain, []
    if condition is not None:
        raise CompileError("'when' cannot be said of the order of rows", hint="Leave 'when' out.")
    items, order = [], []
    for ordered in sorts[-1].order:
        name = chain.table.names.free(f"@sort_{step.number}")
        items.append((name, chain.resolve(ordered.this)))
        order.append((name, bool(ordered.args.get("desc"))))
    chain, relation = _layer(chain, step, items, {})
    # A later order wins; where it leaves a tie, the earlier one still holds.
    return replace(chain, order=(*order, *chain.order)), [relation]


def output_query(chain: Chain, *, with_row: bool = False, ordered: bool = True) -> exp.Select:
    """The table as it stands, under its names; unless it need not be ``ordered``, in its order."""
    items: list[exp.Expr] = [column(ROW)] if with_row else []
    items += [named(column(slot.now.name), slot.name) for slot in chain.table.slots]
    query = chain.select(*items)
    if ordered and (chain.order or chain.shuffled):
        order = [exp.Ordered(this=column(name), desc=desc, nulls_first=False) for name, desc in chain.order]
        query = query.order_by(*order, column(ROW))
    return query


def needs_engine(effects: Iterable[Effect]) -> bool:
    """Whether an effect has to be carried out by the engine rather than said in SQL."""
    return any(isinstance(effect, (MapValues, RunPython)) for effect in effects)
