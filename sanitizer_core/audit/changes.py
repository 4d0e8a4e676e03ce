"""The change log, derived from the versions of each column."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from sanitizer_core.compile import Chain
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


def changes_query(chain: Chain, run_id: str) -> exp.Query:
    """One entry per cell and step, for the cells of the output that do not end as they began."""
    parts = [_entries(chain, run_id, slot, old, new) for slot, old, new in logged(chain)]
    if not parts:
        nothing = [exp.alias_(exp.cast(exp.Null(), kind), name, quoted=True) for name, kind in COLUMNS.items()]
        return exp.select(*nothing).where(exp.false())
    query: exp.Query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    return query


def logged(chain: Chain, audit: str = "cells") -> Iterator[tuple[Slot, Version, Version]]:
    """Every pair of neighbouring versions whose step is audited so, of columns that came with the input."""
    for slot in chain.table.slots:
        if slot.source is None:
            continue
        for old, new in zip(slot.versions, slot.versions[1:], strict=False):
            if new.step is not None and new.step.audit == audit:
                yield slot, old, new


def changed(slot: Slot, old: Version, new: Version) -> exp.Expression:
    """Portable condition: the step changed the cell, and the cell does not end as it began."""
    step = _differ(old, new)
    if len(slot.versions) == 2:
        return step
    return exp.and_(_differ(slot.versions[0], slot.now), step)


def _differ(old: Version, new: Version) -> exp.Expression:
    return differs(column(old.name), old.type, column(new.name), new.type)


def _shown(version: Version) -> exp.Expression:
    """The text of a cell, or its keyed digest where a later step hid it: equal values have equal digests."""
    text = canonical_text(column(version.name), version.type)
    if version.secret is None:
        return text
    digest = exp.DPipe(this=literal("sealed:"), expression=call("keyed_hash", text, literal(version.secret)))
    there = exp.Not(this=exp.Is(this=column(version.name), expression=exp.Null()))
    return exp.Case(ifs=[exp.If(this=there, true=digest)])


def _entries(chain: Chain, run_id: str, slot: Slot, old: Version, new: Version) -> exp.Select:
    assert new.step is not None
    values = {
        "run": literal(run_id),
        "step": literal(new.step.number),
        "step_id": literal(new.step.id),
        "op": literal(new.step.op),
        "row": column(ROW),
        "column": literal(slot.source),
        "old": _shown(old),
        "new": _shown(new),
        "reason": literal(new.reason),
        "confidence": literal(new.confidence),
    }
    items = [exp.alias_(exp.cast(lower(values[name], chain.dialect), kind), name, quoted=True) for name, kind in COLUMNS.items()]
    return chain.select(*items, where=lower(changed(slot, old, new), chain.dialect))
