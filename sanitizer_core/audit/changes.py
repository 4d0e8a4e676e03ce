"""The change log, derived from the versions of each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlglot import exp

from sanitizer_core.chain import Chain, Relation
from sanitizer_core.errors import CompileError
from sanitizer_core.plan import ROW, Slot, Version
from sanitizer_core.sql import call, column, literal, lower
from sanitizer_core.sql.canonical import canonical_text, differs
from sanitizer_core.sql.words import word

COLUMNS = {
    "run": "TEXT",
    "step": "INTEGER",
    "step_id": "TEXT",
    "op": "TEXT",
    "row": "BIGINT",
    "column": "TEXT",
    "old": "TEXT",
    "new": "TEXT",
    "reason": "TEXT",
    "confidence": "DOUBLE",
}
"""The columns of the log. ``row`` counts the input's rows from 0, ``column`` is the name in the input, ``old`` and
``new`` are canonical texts."""


Pair = tuple[Slot, Version, Version]
"""A column, and its cells before and after a step."""

MOST_SCANS = 40
"""How many scans the log may be made of. Each is fast, for it touches two columns, but it costs time to be planned
over all columns of the relation: of a wide table, many columns share a scan."""

PAIRS_A_SCAN = 500
"""How many pairs share a scan of a table so wide that planning takes longer than scanning."""


@dataclass(frozen=True)
class Words:
    """The run's name, and the words of each column of the log that holds constants; none where they are plain text."""

    run_id: str | None
    of: Mapping[str, frozenset[str | None]]


def changed_rows(chain: Chain) -> dict[str, Relation]:
    """For each column that several steps changed, by its name, the rows in which it changed with its cells in between.

    Kept, they are worked out once rather than once for each step. Empty for a table of many columns.
    """
    found: dict[str, list[Pair]] = {}
    for slot, old, new in logged(chain):
        found.setdefault(slot.name, []).append((slot, old, new))
    if sum(map(len, found.values())) > MOST_SCANS:
        return {}
    kept = {name: pairs for name, pairs in found.items() if len(pairs) > 1}
    return {name: _kept_rows(chain, f"changed.{place}", pairs) for place, (name, pairs) in enumerate(kept.items(), 1)}


def tells_every_step(chain: Chain, name: str) -> bool:
    """Whether the log has every step of a column, so that each of its ``changed_rows`` is a cell of the log."""
    slot = chain.table.slot(name)
    return sum(each.name == name for each, _, _ in logged(chain)) == len(slot.versions) - 1


def _kept_rows(chain: Chain, name: str, pairs: Sequence[Pair]) -> Relation:
    slot = pairs[0][0]
    versions = dict.fromkeys(version.name for _, old, new in pairs for version in (old, new))
    rows = chain.over(versions, _net(chain, slot)).subquery("rows", copy=False)
    query = exp.select(column(ROW), *map(column, versions)).from_(rows, copy=False)
    return Relation(name, query, stored=True, comment=f"the rows in which {slot.name} changed")


def changes_query(
    chain: Chain,
    run_id: str | None,
    kept: Mapping[str, Relation] = MappingProxyType({}),
    *,
    enumerated: bool = False,
) -> exp.Query:
    """One entry per cell and step, for the cells of the output that do not end as they began.

    Args:
        kept: what ``changed_rows`` gave, when those relations were made.
        enumerated: whether constants may be of an enumeration, for a file that then holds their text.
    """
    pairs = list(logged(chain))
    words = Words(run_id, _words(run_id, pairs) if enumerated else {})
    if len(pairs) <= MOST_SCANS:
        parts = [_entries(chain, words, pair, kept.get(pair[0].name)) for pair in pairs]
    else:
        size = -(-len(pairs) // MOST_SCANS) if not chain.bitmaps or len(pairs) < 2 * PAIRS_A_SCAN else PAIRS_A_SCAN
        parts = [_wide_entries(chain, words, pairs[start : start + size]) for start in range(0, len(pairs), size)]
    if not parts:
        nothing = [exp.alias_(exp.cast(exp.Null(), kind), name, quoted=True) for name, kind in COLUMNS.items()]
        return exp.select(*nothing).where(exp.false())
    query: exp.Query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    return query


def logged(chain: Chain, audit: str = "cells") -> Iterator[Pair]:
    """Every pair of neighbouring versions whose step is audited so, of columns that came with the input."""
    for slot in chain.table.slots:
        if slot.source is None:
            continue
        for old, new in zip(slot.versions, slot.versions[1:], strict=False):
            if new.step is not None and new.step.audit == audit:
                yield slot, old, new


def changed_cells(chain: Chain, pairs: Sequence[Pair]) -> tuple[exp.Select, list[exp.Expr]]:
    """Rows in which cells may have changed, and for each pair the condition that its step changed the cell for good.

    A cell that ends as it began has no entry, whatever happened to it on the way.
    """
    names = [version.name for _, old, new in pairs for version in (old, new)]
    if len(pairs) > 1 or len(pairs[0][0].versions) == 2:
        conditions = [_changed(chain, *pair) for pair in pairs]
        return chain.over(names), conditions
    slot, old, new = pairs[0]
    # Told apart by what is stored first: what was not kept is worked out for the cells that are left.
    return chain.over(names, _net(chain, slot)), [lower(_differ(old, new), chain.dialect)]


def _changed(chain: Chain, slot: Slot, old: Version, new: Version) -> exp.Expr:
    net = _net(chain, slot)
    return net if len(slot.versions) == 2 else exp.and_(net, lower(_differ(old, new), chain.dialect))


def _net(chain: Chain, slot: Slot) -> exp.Expr:
    """Whether the cell does not end as it began; taken from the flag of the version that was stored where there is one."""
    exact = lower(_differ(slot.versions[0], slot.now), chain.dialect)
    kept = next((each for each in reversed(slot.versions) if each.name in chain.flags), None)
    if kept is None:
        return exact
    flag = column(chain.flags[kept.name])
    if kept is slot.now:
        return flag
    if kept.type != slot.type:
        return exact
    stayed = exp.NullSafeEQ(this=column(kept.name), expression=column(slot.now.name))
    return exp.Case(ifs=[exp.If(this=stayed, true=flag)], default=exact)


def _differ(old: Version, new: Version) -> exp.Expr:
    return differs(column(old.name), old.type, column(new.name), new.type)


def _shown(version: Version) -> exp.Expr:
    """The text of a cell, or its keyed digest where a later step hid it: equal values have equal digests."""
    text = canonical_text(column(version.name), version.type)
    if version.secret is None:
        return text
    digest = exp.DPipe(this=literal("sealed:"), expression=call("keyed_hash", text, literal(version.secret)))
    there = exp.Not(this=exp.Is(this=column(version.name), expression=exp.Null()))
    return exp.Case(ifs=[exp.If(this=there, true=digest)])


def _entries(chain: Chain, words: Words, pair: Pair, kept: Relation | None) -> exp.Select:
    try:
        return _said(chain, words, pair, kept)
    except CompileError as error:
        step = pair[2].step
        raise error.at(step=step.number, op=step.op) if step is not None else error from None


def _said(chain: Chain, words: Words, pair: Pair, kept: Relation | None) -> exp.Select:
    items = [exp.alias_(tree, name, quoted=True) for name, tree in _entry(chain, words, *pair).items()]
    if kept is not None:
        hit = lower(_differ(*pair[1:]), chain.dialect)
        told = exp.select(*items, copy=False).from_(exp.to_identifier(kept.name, quoted=True), copy=False)
        return told.where(hit, copy=False)
    rows, (hit,) = changed_cells(chain, [pair])
    return exp.select(*items, copy=False).from_(rows.subquery("rows", copy=False), copy=False).where(hit, copy=False)


def _wide_entries(chain: Chain, words: Words, pairs: Sequence[Pair]) -> exp.Select:
    """Several columns in one scan."""
    if chain.bitmaps:
        return _placed(chain, words.run_id, pairs)
    rows, hits = changed_cells(chain, pairs)
    entries = [(_entry(chain, words, *pair), hit) for pair, hit in zip(pairs, hits, strict=True)]
    return (_lateral if chain.dialect in _LATERAL else _exploded)(rows, entries)


_LATERAL = frozenset({"postgres"})
"""Dialects that have no lists of structs, and can join each row with what is selected from it."""


def _lateral(rows: exp.Select, entries: Sequence[tuple[dict[str, exp.Expr], exp.Expr]]) -> exp.Select:
    parts: list[exp.Query] = [
        exp.select(*(exp.alias_(tree, name, quoted=True) for name, tree in entry.items())).where(hit)
        for entry, hit in entries
    ]
    query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    alias = exp.TableAlias(this=exp.to_identifier("entry"))
    lateral = exp.Lateral(this=exp.Subquery(this=query), alias=alias)
    items = [exp.column(exp.to_identifier(name, quoted=True), table="entry") for name in COLUMNS]
    return exp.select(*items).from_(rows.subquery("rows")).join(lateral, join_type="cross")


def _exploded(rows: exp.Select, entries: Sequence[tuple[dict[str, exp.Expr], exp.Expr]]) -> exp.Select:
    """A list of the row's entries, null where a cell did not change."""
    structs = []
    for entry, hit in entries:
        fields = [
            exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=tree) for name, tree in entry.items()
        ]
        structs.append(exp.Case(ifs=[exp.If(this=hit, true=exp.Struct(expressions=fields))]))
    exploded = exp.alias_(exp.Explode(this=exp.Array(expressions=structs)), "entry")
    listed = exp.select(exploded).from_(rows.subquery("rows"))
    items = [
        exp.alias_(
            exp.Dot(this=exp.column("entry"), expression=exp.to_identifier(name, quoted=True)), name, quoted=True
        )
        for name in COLUMNS
    ]
    there = exp.Not(this=exp.Is(this=exp.column("entry"), expression=exp.Null()))
    return exp.select(*items).from_(listed.subquery("listed")).where(there)


def _placed(chain: Chain, run_id: str | None, pairs: Sequence[Pair]) -> exp.Select:
    """Several columns in one scan: a list of the row's entries, without those of cells that did not change.

    An entry holds its place among the pairs, by which what is known beforehand is looked up.
    """
    rows, hits = changed_cells(chain, pairs)
    entries = [
        exp.Case(ifs=[exp.If(this=hit, true=_struct(place, old, new, chain.dialect))])
        for place, ((_, old, new), hit) in enumerate(zip(pairs, hits, strict=True), 1)
    ]
    listed = exp.Anonymous(this="list_filter", expressions=[exp.Array(expressions=entries), _is_there()])
    unnested = exp.alias_(exp.Explode(this=listed), "entry", copy=False)
    source = exp.select(column(ROW), unnested).from_(rows.subquery("rows", copy=False), copy=False)
    known = [_known(run_id, slot, new) for slot, _, new in pairs]
    items = [
        exp.alias_(exp.cast(_field(name, [each.get(name) for each in known]), kind), name, quoted=True)
        for name, kind in COLUMNS.items()
    ]
    return exp.select(*items).from_(source.subquery("listed", copy=False), copy=False)


def _struct(place: int, old: Version, new: Version, dialect: str) -> exp.Struct:
    fields = {"place": literal(place), "old": lower(_shown(old), dialect), "new": lower(_shown(new), dialect)}
    return exp.Struct(
        expressions=[exp.PropertyEQ(this=exp.to_identifier(name), expression=tree) for name, tree in fields.items()]
    )


def _is_there() -> exp.Lambda:
    entry = exp.to_identifier("each")
    there = exp.Not(this=exp.Is(this=entry.copy(), expression=exp.Null()))
    return exp.Lambda(this=there, expressions=[entry])


def _field(name: str, values: Sequence[object]) -> exp.Expr:
    """A field of the log, from the row, from the entry, or from what is known of each pair."""
    if name == "row":
        return column(ROW)
    if name in ("old", "new"):
        return _of_entry(name)
    if all(value == values[0] for value in values):
        return literal(values[0])
    return exp.Anonymous(
        this="list_extract",
        expressions=[exp.Array(expressions=[literal(value) for value in values]), _of_entry("place")],
    )


def _of_entry(name: str) -> exp.Dot:
    return exp.Dot(this=exp.column("entry"), expression=exp.to_identifier(name))


def _known(run_id: str | None, slot: Slot, new: Version) -> dict[str, Any]:
    """What an entry says that does not depend on the row."""
    step = new.step
    assert step is not None
    return {
        "run": run_id,
        "step": step.number,
        "step_id": step.id,
        "op": step.op,
        "column": slot.source,
        "reason": new.reason,
        "confidence": new.confidence,
    }


def _words(run_id: str | None, pairs: Sequence[Pair]) -> dict[str, frozenset[str | None]]:
    steps = [(slot, new, new.step) for slot, _, new in pairs if new.step is not None]
    return {
        "run": frozenset({run_id}),
        "step_id": frozenset(step.id for _, _, step in steps),
        "op": frozenset(step.op for _, _, step in steps),
        "column": frozenset(slot.source for slot, _, _ in steps),
        "reason": frozenset(new.reason for _, new, _ in steps),
    }


def _entry(chain: Chain, words: Words, slot: Slot, old: Version, new: Version) -> dict[str, exp.Expr]:
    known = _known(words.run_id, slot, new)
    values = {"row": column(ROW), "old": _shown(old), "new": _shown(new)}
    values |= {name: literal(known[name]) for name in ("step", "confidence")}
    told = {name: known[name] for name in ("run", "step_id", "op", "column", "reason")}
    said = {name: word(value, words.of.get(name, ()), chain.dialect) for name, value in told.items()}
    cells = {name: exp.cast(lower(tree, chain.dialect), COLUMNS[name]) for name, tree in values.items()}
    return {name: said[name] if name in said else cells[name] for name in COLUMNS}
