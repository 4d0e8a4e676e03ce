"""The change log, derived from the versions of each column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from sanitizer_core.chain import Chain
from sanitizer_core.plan import ROW, Slot, Version
from sanitizer_core.sql import call, column, literal, lower
from sanitizer_core.sql.canonical import canonical_text, differs

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


def changes_query(chain: Chain, run_id: str | None) -> exp.Query:
    """One entry per cell and step, for the cells of the output that do not end as they began."""
    pairs = list(logged(chain))
    if len(pairs) <= MOST_SCANS:
        parts = [_entries(chain, run_id, slot, old, new) for slot, old, new in pairs]
    else:
        size = -(-len(pairs) // MOST_SCANS)
        parts = [_wide_entries(chain, run_id, pairs[start : start + size]) for start in range(0, len(pairs), size)]
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


def _entries(chain: Chain, run_id: str | None, slot: Slot, old: Version, new: Version) -> exp.Select:
    items = [exp.alias_(tree, name, quoted=True) for name, tree in _entry(chain, run_id, slot, old, new).items()]
    rows, (hit,) = changed_cells(chain, [(slot, old, new)])
    return exp.select(*items).from_(rows.subquery("rows")).where(hit)


def _wide_entries(chain: Chain, run_id: str | None, pairs: Sequence[Pair]) -> exp.Select:
    """Several columns in one scan: a list of the row's entries, null where a cell did not change."""
    rows, hits = changed_cells(chain, pairs)
    entries = []
    for (slot, old, new), hit in zip(pairs, hits, strict=True):
        entry = _entry(chain, run_id, slot, old, new)
        fields = [
            exp.PropertyEQ(this=exp.to_identifier(name, quoted=True), expression=tree) for name, tree in entry.items()
        ]
        entries.append(exp.Case(ifs=[exp.If(this=hit, true=exp.Struct(expressions=fields))]))
    listed = exp.select(exp.alias_(exp.Explode(this=exp.Array(expressions=entries)), "entry")).from_(
        rows.subquery("rows")
    )
    items = [
        exp.alias_(
            exp.Dot(this=exp.column("entry"), expression=exp.to_identifier(name, quoted=True)), name, quoted=True
        )
        for name in COLUMNS
    ]
    there = exp.Not(this=exp.Is(this=exp.column("entry"), expression=exp.Null()))
    return exp.select(*items).from_(listed.subquery("listed")).where(there)


def _entry(chain: Chain, run_id: str | None, slot: Slot, old: Version, new: Version) -> dict[str, exp.Expr]:
    step = new.step
    assert step is not None
    values = {
        "run": literal(run_id),
        "step": literal(step.number),
        "step_id": literal(step.id),
        "op": literal(step.op),
        "row": column(ROW),
        "column": literal(slot.source),
        "old": _shown(old),
        "new": _shown(new),
        "reason": literal(new.reason),
        "confidence": literal(new.confidence),
    }
    return {name: exp.cast(lower(values[name], chain.dialect), kind) for name, kind in COLUMNS.items()}
