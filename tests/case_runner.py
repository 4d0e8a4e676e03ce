"""Runs one case file of an operation on an engine, and holds the laws against what came of it.

A case is a mapping::

    name: what it shows
    params: the operation's parameters (or ``steps``: whole steps, for a recipe)
    when: a condition, if any
    types: {column: type}      # of the input; text when left out; {declared} is how it is stored, not inferred
    input: {column: [cells]}
    output: {column: [cells]}
    log: [[row, column, old, new], ...]       # every entry, as canonical texts; not checked when left out
    removed: [row, ...]        # every removed row; none when left out
    rejected: [row, ...]
    dropped: [column, ...]
    reason: a pattern that a reason of the log or of a removed or rejected row fits
    fitted: {"median(age)": 3.0}
    error: a pattern that the error fits, instead of output
    not_on: {engine: why}      # engines on which such an input cannot be
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlglot import exp

from refused import REFUSED
from sanitizer_core.audit.changes import changed_rows, changes_query
from sanitizer_core.audit.restore import Remains, kept_columns, restore_query
from sanitizer_core.audit.rows import dropped_query, rejected_query, removed_query, sealed_query
from sanitizer_core.chain import Relation, named
from sanitizer_core.compile import output_query
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.errors import CompileError, PlanError, SanitizerError
from sanitizer_core.fitted import plain
from sanitizer_core.ops import catalogue
from sanitizer_core.pipeline.clean import BASE, Cleaned, clean
from sanitizer_core.plan import ROW
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import DataType, Schema
from sanitizer_core.sql import cast_to, column, literal
from sanitizer_core.types_by_name import type_named

CASES = Path(__file__).parent / "cases"

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Case:
    """A case and where it stands."""

    op: str
    data: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.op}: {self.data['name']}"

    @property
    def recipe(self) -> Recipe:
        steps = self.data.get("steps") or [{"op": self.op, "params": self.data.get("params", {})}]
        if "when" in self.data:
            steps[0]["when"] = self.data["when"]
        return Recipe.model_validate({"name": "case", "version": 1, "steps": steps})


def all_cases() -> Iterator[Case]:
    """Every case of every file."""
    for path in sorted(CASES.glob("*/*.yaml")):
        for data in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield Case(path.stem, data)


def of_each(place: int) -> set[str]:
    """The cases that stand at a place among those of their operation, for engines on which not every case is held to all
    laws: those rest on code that engines share, and cost three runs more."""
    cases: dict[str, list[str]] = {}
    for case in all_cases():
        cases.setdefault(case.op, []).append(str(case))
    return {each[place] for each in cases.values() if place < len(each)}


@dataclass(frozen=True)
class Outcome:
    """What a run of a case gave."""

    names: list[str]
    rows: Rows
    log: list[tuple[Any, ...]]
    removed: dict[int, str]
    rejected: dict[int, str]
    dropped: list[str]
    cleaned: Cleaned
    restored: Rows
    given: Rows


ORDER = "@order"
"""The hidden column by which the rows of a case are numbered, on engines whose tables have no order."""


def put(engine: Engine, name: str, cells: Mapping[str, list[Any]], types: Mapping[str, str]) -> Schema:
    """A table with these cells, in this order."""
    kinds = [type_named(types.get(each, "string")) for each in cells]
    rows = list(zip(*cells.values(), strict=True)) if cells else []
    parts: list[exp.Query] = [
        _constants(cells, kinds, row, number if not engine.keeps_order else None) for number, row in enumerate(rows)
    ]
    if not parts:
        nothing = _constants(cells, kinds, (None,) * len(kinds), None if engine.keeps_order else 0)
        parts = [nothing.where(exp.false())]
    query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    engine.create(Relation(name, query, stored=True))
    return Schema(tuple(each for each in engine.schema_of(name) if each.name != ORDER))


def _constants(names: Iterable[str], kinds: Iterable[DataType], cells: Iterable[Any], number: int | None) -> exp.Select:
    items = [named(cast_to(literal(cell), kind), name) for name, kind, cell in zip(names, kinds, cells, strict=True)]
    return exp.select(*items, *([named(literal(number), ORDER)] if number is not None else []))


def in_order(engine: Engine) -> list[exp.Ordered]:
    """The order of a table that ``put`` made."""
    return [] if engine.keeps_order else [exp.Ordered(this=column(ORDER), nulls_first=False)]


def run_case(
    engine: Engine, recipe: Recipe, schema: Schema, source: str = "source", fitted: Any = None, *, undo: bool = True
) -> Outcome:
    """Runs a recipe over a table and collects everything that came of it; takes it back again, unless that is not wanted."""
    cleaned = clean(engine, source, schema, recipe, fitted=fitted, order=in_order(engine))
    chain = cleaned.chain
    rows = engine.fetch(output_query(chain))
    kept = changed_rows(chain)
    for relation in kept.values():
        engine.create(relation)
    log = engine.fetch(changes_query(chain, "run", kept, enumerated=True))
    if not undo:
        return _seen(engine, cleaned, rows, log)
    engine.create(Relation("case.output", output_query(chain, with_row=True), stored=True))
    names = list(engine.schema_of("case.output").names[1:])
    engine.create(Relation("case.changes", changes_query(chain, "run"), stored=True))
    taken, found = ["case.removed", "case.rejected"], []
    for name, query in zip(
        taken, (removed_query(chain, BASE, schema), rejected_query(chain, BASE, schema)), strict=True
    ):
        found.append(engine.fetch(query))
        engine.create(Relation(name, query, stored=True))
    gone = dropped_query(chain, schema)
    if gone is not None:
        engine.create(Relation("case.dropped", gone, stored=True))
    sealed = sealed_query(chain, BASE, schema)
    if sealed is not None:
        engine.create(Relation("case.sealed", sealed, stored=True))
    remains = Remains(
        "case.output",
        "case.changes",
        taken,
        "case.dropped" if gone is not None else None,
        "case.sealed" if sealed is not None else None,
    )
    restored = [
        row[1:] for row in engine.fetch(restore_query(kept_columns(chain.table, schema), remains, engine.dialect))
    ]
    given = engine.fetch(
        exp.select(*(column(each) for each in schema.names))
        .from_(exp.to_identifier(BASE, quoted=True))
        .order_by(column(ROW))
    )
    dropped = [] if gone is None else list(engine.schema_of("case.dropped").names[1:])
    return Outcome(
        names,
        rows,
        log,
        {row[0]: row[4] for row in found[0]},
        {row[0]: row[6][0] for row in found[1]},
        dropped,
        cleaned,
        restored,
        given,
    )


def _seen(engine: Engine, cleaned: Cleaned, rows: Rows, log: list[tuple[Any, ...]]) -> Outcome:
    """What can be told of a run without keeping more of it."""
    chain, schema = cleaned.chain, cleaned.schema
    removed, rejected = (engine.fetch(ask(chain, BASE, schema)) for ask in (removed_query, rejected_query))
    gone = dropped_query(chain, schema)
    return Outcome(
        [slot.name for slot in chain.table.slots],
        rows,
        log,
        {row[0]: row[4] for row in removed},
        {row[0]: row[6][0] for row in rejected},
        [] if gone is None else [each.alias_or_name for each in gone.selects][1:],
        cleaned,
        [],
        [],
    )


def refused(case: Case, engine: Engine) -> bool:
    """Whether the engine refuses the case; an operation's page has to say so, and the list of such cases to name it."""
    if str(case) not in REFUSED.get(engine.dialect, ()):
        return False
    assert any(engine.dialect in type(step.params).refusals for step in case.recipe.steps), (
        "the page says nothing of it"
    )
    return True


def check(case: Case, engine: Engine, *, laws: bool = True, explained: bool = False) -> None:
    """Runs a case and holds it, and the laws, against what came of it; what is on the list of refusals has to be refused.

    Args:
        laws: all of them; else that nothing is lost, which costs nothing.
        explained: also that every change is explained, where not all are asked for.
    """
    if engine.dialect in case.data.get("not_on", {}):
        return
    if refused(case, engine):
        with pytest.raises(CompileError):
            run_case(engine, case.recipe, put(engine, "source", case.data["input"], case.data.get("types", {})))
        return
    hold(case, engine, laws=laws, explained=explained)


def hold(case: Case, engine: Engine, *, laws: bool = True, explained: bool = False) -> None:
    """As ``check``, of what every engine has to do."""
    data = case.data
    schema = put(engine, "source", data["input"], data.get("types", {}))
    if "error" in data:
        _check_error(case, engine, schema)
        return
    outcome = run_case(engine, case.recipe, schema, undo=laws)
    assert outcome.names == list(data["output"]), "the output's columns"
    expected = list(zip(*data["output"].values(), strict=True))
    assert shown(outcome.rows) == shown(expected), "the output's cells"
    if "log" in data:
        entries = [[row[4], row[5], row[6], row[7]] for row in outcome.log]
        assert sorted(entries, key=repr) == sorted([list(entry) for entry in data["log"]], key=repr), "the log"
    assert sorted(outcome.removed) == data.get("removed", []), "the removed rows"
    assert sorted(outcome.rejected) == data.get("rejected", []), "the rejected rows"
    assert sorted(outcome.dropped) == sorted(data.get("dropped", outcome.dropped)), "the dropped columns"
    if "reason" in data:
        reasons = [row[8] for row in outcome.log] + [*outcome.removed.values(), *outcome.rejected.values()]
        assert any(re.search(data["reason"], reason) for reason in reasons), f"no reason fits: {reasons}"
    for key, value in data.get("fitted", {}).items():
        values = {k: v for step in outcome.cleaned.fitted.values() for k, v in step.items()}
        assert key in values and values[key] == value, f"fitted {key}: {values}"
    if laws:
        check_laws(engine, case.recipe, outcome)
        return
    nothing_is_lost(outcome)
    if explained:
        everything_is_explained(engine, outcome)


def _check_error(case: Case, engine: Engine, schema: Schema) -> None:
    with pytest.raises((SanitizerError, ValueError)) as raised:
        run_case(engine, case.recipe, schema)
    assert re.search(case.data["error"], str(raised.value)), f"got: {raised.value}"


def check_laws(engine: Engine, recipe: Recipe, outcome: Outcome) -> None:
    """The laws that hold for every run, whatever the recipe."""
    nothing_is_lost(outcome)
    everything_is_explained(engine, outcome)
    assert shown(outcome.restored) == shown(outcome.given), "a run can be undone"
    planned = [slot.type.kind for slot in outcome.cleaned.chain.table.slots]
    real = [each.type.kind for each in engine.schema_of("case.output").columns[1:]]
    assert real == planned, "the plan's types are the real ones"
    again = run_case(engine, recipe, outcome.cleaned.schema, fitted=outcome.cleaned.fitted)
    assert shown(again.rows) == shown(outcome.rows), "a fitted recipe gives the same"
    cleaning_twice_is_cleaning_once(engine, recipe, outcome)


def nothing_is_lost(outcome: Outcome) -> None:
    assert outcome.cleaned.rows == len(outcome.rows) + len(outcome.removed) + len(outcome.rejected), "nothing is lost"


def everything_is_explained(engine: Engine, outcome: Outcome) -> None:
    """The cells that differ, as canonical texts, are exactly those of the log."""
    from sanitizer_core.sql import lower
    from sanitizer_core.sql.canonical import canonical_text

    logged = {(row[4], row[5]) for row in outcome.log}
    sources, pairs = [], list[exp.Expr]()
    for slot in outcome.cleaned.chain.table.slots:
        if slot.source is None:
            continue
        first = slot.versions[0]
        if first.type.kind == "other":
            continue
        same_type = first.type == slot.type
        old = column(first.name) if same_type else lower(canonical_text(column(first.name), first.type), engine.dialect)
        new = (
            column(slot.now.name)
            if same_type
            else lower(canonical_text(column(slot.now.name), slot.type), engine.dialect)
        )
        sources.append(slot.source)
        pairs += (named(old, f"old{len(sources)}"), named(new, f"new{len(sources)}"))
    rows = engine.fetch(outcome.cleaned.chain.select(column(ROW), *pairs))
    differing = {
        (number, source)
        for number, *cells in rows
        for source, old, new in zip(sources, cells[::2], cells[1::2], strict=True)
        if not same(old, new)
    }
    assert logged == differing, "everything is explained"


def cleaning_twice_is_cleaning_once(engine: Engine, recipe: Recipe, outcome: Outcome) -> None:
    if not all(step.params.idempotent for step in recipe.steps):
        return
    schema = Schema(engine.schema_of("case.output").columns[1:])
    if set(outcome.cleaned.schema.names) != set(schema.names):
        return  # A recipe that takes columns away, or adds some, cannot be run on what it left.
    hidden = [] if engine.keeps_order else [named(column(ROW), ORDER)]
    again = exp.select(*(column(name) for name in schema.names), *hidden)
    again = again.from_(exp.to_identifier("case.output", quoted=True)).order_by(column(ROW))
    engine.create(Relation("once", again, stored=True))
    first, fitted = shown(outcome.rows), outcome.cleaned.fitted
    try:
        twice = run_case(engine, recipe, schema, source="once", fitted=fitted)
    except (PlanError, CompileError):
        return  # Types are others now, and the recipe says so.
    assert shown(twice.rows) == first, "cleaning twice is cleaning once"


def same(a: Any, b: Any) -> bool:
    return bool(shown_cell(a) == shown_cell(b))


def shown(rows: Rows) -> list[tuple[Any, ...]]:
    """Rows whose cells compare as a reader of a case file expects: dates as ISO text, NaN equal to NaN."""
    return [tuple(shown_cell(cell) for cell in row) for row in rows]


def shown_cell(cell: Any) -> Any:
    match cell:
        case float() if math.isnan(cell):
            return "nan"
        case float():
            return round(cell, 9)
        case Decimal():
            return float(cell)
        case dt.date() | dt.time():
            return plain(cell)
        case _:
            return cell


__all__ = ["Case", "Outcome", "all_cases", "catalogue", "check", "check_laws", "put", "run_case", "shown"]
