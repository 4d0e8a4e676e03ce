"""From what a run did to the words of its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from sanitizer_core.audit.changes import Pair, changed_cells, logged
from sanitizer_core.audit.restore import kept_columns
from sanitizer_core.chain import Chain
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.pipeline.checking import kept_rows
from sanitizer_core.pipeline.clean import Cleaned
from sanitizer_core.pipeline.typing import READING
from sanitizer_core.plan import Slot, Table, masked_columns
from sanitizer_core.recipe import Recipe
from sanitizer_core.record import AncestorRecord, ColumnRecord, InputColumn, StepRecord
from sanitizer_core.schema import Schema
from sanitizer_core.sql import column

if TYPE_CHECKING:
    from sanitizer_core.contract import Verdict

Counts = Mapping[tuple[int, str], int]
"""Changed cells by step and input column."""


@dataclass(frozen=True)
class Changed:
    """How much a run changed.

    Args:
        entries: cells by step and input column.
        cells: cells by input column, however many steps changed one; of the columns that were counted by a scan.
    """

    entries: dict[tuple[int, str], int]
    cells: dict[str, int]


def count_changes(engine: Engine, chain: Chain, changes: str | None, verdict: Verdict | None) -> Changed:
    """How many cells each step changed in each column: from the log, and by a scan where none was written.

    Args:
        changes: the relation that reads the log; ``None`` when none was written.
        verdict: of the contract; rows that it put into quarantine changed nothing.
    """
    entries: dict[tuple[int, str], int] = {}
    if changes is not None:
        keys = (column("step"), column("column"))
        query = (
            exp.select(*keys, "count(*)").from_(exp.to_identifier(changes, quoted=True)).group_by(*keys).order_by(*keys)
        )
        entries = {(step, name): count for step, name, count in engine.fetch(query)}
    unlogged = [*logged(chain, "summary"), *(logged(chain, "cells") if changes is None else ())]
    cells: dict[str, int] = {}
    if unlogged:
        columns = {slot.source for slot, _, _ in unlogged}
        audited = (*logged(chain, "summary"), *logged(chain, "cells"))
        found = _scanned(engine, chain, [pair for pair in audited if pair[0].source in columns], verdict)
        entries |= {key: count for key, count in found.entries.items() if key not in entries}
        cells = found.cells
    return Changed({key: count for key, count in entries.items() if count}, cells)


def _scanned(engine: Engine, chain: Chain, pairs: Sequence[Pair], verdict: Verdict | None) -> Changed:
    """The same by one scan of the table."""
    rows, hits = changed_cells(chain, pairs)
    by_column: dict[str, list[exp.Expr]] = {}
    for (slot, _, _), hit in zip(pairs, hits, strict=True):
        by_column.setdefault(str(slot.source), []).append(hit)
    wanted = [*hits, *(exp.or_(*(hit.copy() for hit in several)) for several in by_column.values())]
    trees = [exp.Count(this=exp.Case(ifs=[exp.If(this=each, true=exp.Literal.number(1))])) for each in wanted]
    row = engine.fetch(exp.select(*trees).from_(kept_rows(rows, verdict, chain).subquery("rows")))[0]
    steps = [(new.step.number if new.step is not None else 0, str(slot.source)) for slot, _, new in pairs]
    return Changed(dict(zip(steps, row[: len(hits)], strict=True)), dict(zip(by_column, row[len(hits) :], strict=True)))


def count_gone(engine: Engine, chain: Chain) -> dict[tuple[int, bool], int]:
    """How many rows each step took away, by step and whether they were rejected."""
    counts: dict[tuple[int, bool], int] = {}
    for gone in chain.gone:
        rows = engine.fetch(
            exp.select(exp.Count(this=exp.Star())).from_(exp.to_identifier(gone.relation, quoted=True))
        )[0][0]
        key = (gone.step.number, gone.rejected)
        counts[key] = counts.get(key, 0) + rows
    return counts


def step_records(
    recipe: Recipe, cleaned: Cleaned, changes: Counts, gone: Mapping[tuple[int, bool], int]
) -> tuple[StepRecord, ...]:
    """What each step did; the reading of the input comes first when it did something."""
    numbers = range(len(recipe.steps) + 1)
    records = (_step_record(recipe, number, cleaned, changes, gone) for number in numbers)
    return tuple(each for each in records if each.number or each.changed or each.rejected)


def _step_record(
    recipe: Recipe, number: int, cleaned: Cleaned, changes: Counts, gone: Mapping[tuple[int, bool], int]
) -> StepRecord:
    table = cleaned.chain.table
    every = [*table.slots, *(each.slot for each in table.dropped)]
    step = recipe.steps[number - 1] if number else None
    return StepRecord(
        number=number,
        op=step.op if step else READING.op,
        id=step.id if step else None,
        description=step.description if step else None,
        when=step.when if step else None,
        audit=recipe.audit_of(step) if step else recipe.audit,
        changed={name: count for (at, name), count in changes.items() if at == number},
        reasons=_reasons(every, number),
        removed=gone.get((number, False), 0),
        rejected=gone.get((number, True), 0),
        added=tuple(slot.name for slot in every if slot.added is not None and slot.added.number == number),
        dropped=tuple(each.slot.name for each in table.dropped if each.step.number == number),
        fitted=dict(cleaned.fitted.get(number, {})),
    )


def _reasons(slots: Iterable[Slot], number: int) -> dict[str, str]:
    return {
        slot.source: version.reason
        for slot in slots
        for version in slot.versions
        if slot.source is not None and version.step is not None and version.step.number == number
    }


def column_records(table: Table) -> tuple[ColumnRecord, ...]:
    """The output's columns, each with what it is made from."""
    return tuple(
        ColumnRecord(
            name=slot.name,
            type=str(slot.type),
            source=slot.source,
            ancestors=tuple(
                AncestorRecord(column=a.column, origin=a.origin, description=a.description) for a in slot.ancestors
            ),
            masked=slot.masked is not None,
            added_by=slot.added.number if slot.added else None,
        )
        for slot in table.slots
    )


def input_columns(table: Table, schema: Schema) -> tuple[InputColumn, ...]:
    """The input's columns, each with where it went."""
    dropped = {gone.slot.source: gone.step.number for gone in table.dropped}
    hidden = masked_columns(table)
    return tuple(
        InputColumn(
            name=kept.name,
            native=kept.given.native or str(kept.given),
            output=kept.output,
            kind=str(kept.type) if kept.type else None,
            dropped_by=dropped.get(kept.name),
            sealed=hidden.get(kept.name),
        )
        for kept in kept_columns(table, schema)
    )
