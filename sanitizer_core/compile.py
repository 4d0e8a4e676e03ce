"""From effects to relations: each step becomes a SELECT over the one before, in the order of the recipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from sanitizer_core.alike import cell_items, groups_of, list_items
from sanitizer_core.chain import Chain, Relation, named, refuse_numbers, refuse_unordered
from sanitizer_core.errors import CompileError
from sanitizer_core.leaving import qualified, remove_repeats, remove_rows
from sanitizer_core.ops.effects import (
    AddColumn,
    CarryOver,
    Effect,
    MapValues,
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
from sanitizer_core.sql.lookup import Lookup, bound, found, hit, lookup_query


def extend(
    chain: Chain, step: StepInfo, effects: Sequence[Effect], when: str | None = None
) -> tuple[Chain, list[Relation]]:
    """The chain with a further step, and the relations that it needs, in the order they build on each other.

    Raises:
        CompileError: the dialect cannot say it.
    """
    condition = chain.resolve(condition_of(when, chain.table.schema)) if when is not None else None
    effects, made = _carry_over(chain, step, [_seen_first(chain, effect) for effect in effects])
    for build in (_rewrite_cells, remove_rows, remove_repeats, _sort_rows):
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
        items = [(alias, qualified(tree, chain.last)) for alias, tree in items]
    query = exp.select(star, *(named(tree, alias) for alias, tree in items)).from_(
        exp.to_identifier(chain.last, quoted=True), copy=False
    )
    for other, lookup in joins.items():
        condition = qualified(lookup.condition(other, chain.dialect), chain.last)
        query = query.join(exp.to_table(exp.to_identifier(other, quoted=True).sql()), on=condition, join_type="left")
    shuffled = chain.shuffled or bool(joins) or any(tree.find(exp.Window) for _, tree in items)
    trail = (*chain.trail, tuple(items))
    relation = Relation(name, fenced(query, chain.dialect), comment=step.op)
    return replace(chain, last=name, shuffled=shuffled, trail=trail), relation


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
