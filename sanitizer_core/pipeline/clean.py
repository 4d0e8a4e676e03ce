"""Carrying out a recipe: each step is planned on the table as it stands, fitted, compiled and handed to the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from sanitizer_core.audit.sealing import secret_of
from sanitizer_core.chain import Chain, Relation
from sanitizer_core.compile import extend, needs_engine
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.errors import PlanError, SanitizerError
from sanitizer_core.fitted import measure_step
from sanitizer_core.leaving import REASON
from sanitizer_core.ops.effects import AddColumn, Effect, Note, Rewrite
from sanitizer_core.ops.stat import UNFITTED, Fitted
from sanitizer_core.pipeline.typing import READING, reading_effects
from sanitizer_core.plan import ROW, Located, StepInfo, Table, Version, bind, info_of, let_go
from sanitizer_core.recipe import Recipe, StepBase
from sanitizer_core.schema import DataType, Schema
from sanitizer_core.sql import column, lower
from sanitizer_core.sql.canonical import canonical_text, differs

BASE = "input"
"""The relation of the input: every cell as it was read, beside what the leading steps made of it."""

CELLS = "input.cells"
"""What is stored of it."""

FLAGGED = "input.flagged"
"""The leading steps, with a column for each rewritten one that says which cells changed."""


@dataclass(frozen=True)
class Cleaned:
    """A table after its recipe.

    Args:
        chain: the last relation, every column's versions, what was taken away.
        schema: the input's columns as they were read.
        rows: rows of the input that could be read.
        fitted: the values that were measured, by step number.
        notes: sentences for the user.
    """

    chain: Chain
    schema: Schema
    rows: int
    fitted: Mapping[int, Mapping[str, Any]]
    notes: tuple[str, ...] = ()


@dataclass
class _Work:
    """The state of a run while its steps go by."""

    engine: Engine
    recipe: Recipe
    chain: Chain
    fitted: dict[int, Mapping[str, Any]]
    pinned: bool
    reader: Reader
    order: Sequence[exp.Ordered] = ()
    loaded: bool = False
    shelf: str | None = None
    layers: int = 0
    notes: list[str] = field(default_factory=list)


Progress = Callable[[str], None]

Reader = Callable[[Callable[[str], None]], None]
"""Reads the source: calls back with the name of the view to read, and again where it has to be read in another way."""

FEW = 20_000
"""Up to how many rows of a wide table columns that a step treats alike go through it as a list. In a list, DuckDB
compiles a regular expression anew for every 2,048 cells, otherwise once for every column."""

ALIKE = 100
"""From how many such columns on."""

SOURCE = "source.now"
"""The view that the leading steps are built on; it stands for whatever view the reader says."""


def clean(
    engine: Engine,
    view: str,
    schema: Schema,
    recipe: Recipe,
    *,
    types: Mapping[str, DataType] | None = None,
    fitted: Mapping[int, Mapping[str, Any]] | None = None,
    progress: Progress = lambda phase: None,
    reader: Reader | None = None,
    order: Sequence[exp.Ordered] = (),
) -> Cleaned:
    """Runs a recipe over a view whose rows come in the order of the input.

    The leading steps that only rewrite cells are fused with the one read of the view; from then on the input
    is a stored relation, and a step is evaluated where its result is needed.

    Args:
        types: what text columns are read as.
        fitted: values by step number, when the recipe was fitted before; nothing is measured then.
        reader: reads the view, when that takes more than one reading.
        order: the order of the input's rows by columns of the view, also such as are not in its schema; where the
            recipe declares none.

    Raises:
        SanitizerError: with the step that could not be carried out.
    """
    _point_at(engine, view)
    start = _start(engine, schema, numbered=engine.keeps_order or bool(order or recipe.input.order))
    reader = reader or (lambda read: read(view))
    work = _Work(engine, recipe, start, dict(fitted or {}), fitted is not None, reader, order)
    _refuse_reserved(schema)
    _hand_over_secrets(work)
    _read(work, schema, types or {})
    if engine.is_wide(len(schema)):
        _stored(work)
    for number, step in enumerate(recipe.steps, 1):
        progress(f"step {number}: {step.op}")
        _carry_out(work, number, step)
    _stored(work)
    if work.layers and engine.stores(work.chain, work.layers, last=True):
        _store(work)
    return Cleaned(work.chain, schema, engine.rows, work.fitted, (*work.notes, *work.chain.table.notes))


def _start(engine: Engine, schema: Schema, *, numbered: bool) -> Chain:
    return Chain(
        engine.dialect,
        SOURCE,
        Table.of(schema),
        bitmaps=engine.bitmaps,
        shuffled=not engine.keeps_order,
        numbered=numbered,
    )


def _refuse_reserved(schema: Schema) -> None:
    taken = next((name for name in schema.names if name.lower() in (ROW, REASON)), None)
    if taken is not None:
        raise PlanError(
            f"the input has a column called {taken!r}, a name that runs need for themselves", hint="Rename it first."
        )


def _hand_over_secrets(work: _Work) -> None:
    """Puts keys where only the session's own SQL finds them; a statement, a view or a log names just the variable."""
    names = sorted({name for step in work.recipe.steps for name in step.params.secrets})
    if len(names) > 1:
        raise PlanError(
            f"masking takes one key, but the recipe names {', '.join(names)}",
            hint="Use the same 'key_env' in every step.",
        )
    for name in names:
        work.engine.hand_over(name, secret_of(name, PlanError))


def _read(work: _Work, schema: Schema, types: Mapping[str, DataType]) -> None:
    effects = reading_effects(schema, types, frozenset(work.recipe.input.columns))
    if effects:
        _apply(work, replace(READING, audit=work.recipe.audit), effects, None)


def _carry_out(work: _Work, number: int, step: StepBase) -> None:
    try:
        with Located(step, number):
            fitted = _fit(work, number, step)
            effects = bind(step, number, work.chain.table, fitted)
            _apply(work, info_of(work.recipe, number), effects or (), step.when)
    except SanitizerError as error:
        work.notes.append(let_go(step, number, error))


def _fit(work: _Work, number: int, step: StepBase) -> Fitted:
    if work.pinned:
        return Fitted(work.fitted.get(number, {}))
    stats = step.params.stats(work.chain.table.schema)
    if not stats:
        return UNFITTED
    _stored(work)
    fitted = measure_step(work.chain, stats, step.when, work.engine.fetch)
    work.fitted[number] = dict(fitted.values)
    return fitted


def _apply(work: _Work, info: StepInfo, effects: tuple[Effect, ...], when: str | None) -> None:
    if not all(
        isinstance(effect, (Rewrite, AddColumn, Note)) and getattr(effect, "lookup", None) is None for effect in effects
    ):
        _stored(work)
    if needs_engine(effects):
        effects = work.engine.run_python(work.chain, info, effects)
    chain, relations = extend(work.chain, info, effects, when)
    for relation in relations:
        work.engine.create(relation)
    work.chain = chain  # Only now: a step that fails may be one to skip.
    work.layers += len(relations)
    if work.loaded and work.engine.stores(work.chain, work.layers, last=False):
        _store(work)


def _store(work: _Work) -> None:
    """Keeps the table as it stands, in the order of the input.

    Whoever reads the table next (the next step, the log once per column, the scores, the output) would otherwise do
    all the layers over again; where they join something, that takes longest, and it loses the order of the rows.
    """
    chain, before = work.chain, work.shelf
    absent = {alias for layer in chain.replays for alias, _ in layer}
    kept = _latest(chain.table) if work.recipe.keeps_no_log else _versions(chain.table)
    versions = [name for name in dict.fromkeys(kept) if name not in absent]
    names = [ROW, *chain.flags.values(), *versions, *(name for name, _ in chain.order)]
    query = chain.select(*(column(name) for name in names))
    query = query.order_by(column(ROW)) if work.engine.keeps_order else query
    work.shelf = chain.table.names.free("stored")
    work.engine.create(Relation(work.shelf, query, stored=True, comment="the table between two steps"))
    if before is not None:
        work.engine.drop(before)
    work.chain, work.layers = replace(chain, last=work.shelf, shuffled=not work.engine.keeps_order), 0


def _stored(work: _Work) -> None:
    if not work.loaded:
        _load(work)


def _load(work: _Work) -> None:
    """Reads the input once: the raw cells and their latest versions side by side, in the order of the input.

    A cell as it was read is kept only where it differs from its latest version, if that can give it back.
    Versions in between are not kept: the log works them out again, for the few cells that changed.
    """
    chain = work.chain
    flags = _flags(chain)
    spared = _spared(chain, flags)
    wide = work.engine.is_wide(len(chain.table.slots))
    names = list(dict.fromkeys(_ends(chain.table)))
    replays = tuple(tuple((alias, tree) for alias, tree in layer if alias not in names) for layer in chain.trail)
    told = [exp.alias_(tree, name, quoted=True) for name, tree in flags.values()]
    work.engine.create(Relation(FLAGGED, chain.select(exp.Star(), *told), comment="which cells changed"))
    # In front, where an engine that keeps rows finds what the log asks of every row without reading past the cells.
    kept: list[exp.Expr] = [column(name) for name, _ in flags.values()]
    kept += [column(name) for name in names if name not in spared]
    kept += [exp.alias_(each.kept, each.name, quoted=True) for each in spared.values()]
    query = exp.select(*kept).from_(exp.to_identifier(FLAGGED, quoted=True))
    order = work.order or _declared_order(work)

    def read(view: str) -> None:
        _point_at(work.engine, view)
        work.engine.number(CELLS, query.copy(), order)

    work.reader(read)
    cells = [exp.alias_(spared[name].given, name, quoted=True) if name in spared else column(name) for name in names]
    whole = exp.select(column(ROW), *cells, *(column(name) for name, _ in flags.values()))
    # A view would be planned anew, over all its columns, by every statement that names it.
    work.engine.create(Relation(BASE, whole.from_(exp.to_identifier(CELLS, quoted=True)), stored=wide))
    known = {version: name for version, (name, _) in flags.items()}
    rows = work.engine.rows
    alike = ALIKE if wide and rows <= FEW else 0
    work.chain = replace(chain, last=BASE, trail=(), replays=replays, flags=known, rows=rows, alike=alike)
    work.layers = 0
    work.loaded = True


@dataclass(frozen=True)
class _Spared:
    """A column's cells as they were read, kept only where they changed.

    Args:
        name: the column that keeps them.
        kept: what it keeps.
        given: the cell as it was read.
    """

    name: str
    kept: exp.Expr
    given: exp.Expr


_EXACT = frozenset({"text", "integer", "decimal", "boolean", "date", "time", "timestamp"})
"""Types of which two values that do not differ are one (0.0 and -0.0 are two)."""


def _spared(chain: Chain, flags: Mapping[str, tuple[str, exp.Expr]]) -> dict[str, _Spared]:
    """The columns whose cells need not all be kept, by the name of the version that was read.

    A cell that did not change is its value; where it came as text and has a type now, it is the value's text.
    """
    spared: dict[str, _Spared] = {}
    for slot in chain.table.slots:
        first, now = slot.versions[0], slot.now
        if now.name not in flags or not (first.type.is_text or (first.type == now.type and now.type.kind in _EXACT)):
            continue
        unchanged = column(now.name) if first.type == now.type else canonical_text(column(now.name), now.type)
        changed, name = column(flags[now.name][0]), chain.table.names.free(f"{first.name}.read")
        spared[first.name] = _Spared(
            name,
            exp.Case(ifs=[exp.If(this=changed, true=column(first.name))]),
            exp.Case(ifs=[exp.If(this=changed.copy(), true=column(name))], default=lower(unchanged, chain.dialect)),
        )
    return spared


def _declared_order(work: _Work) -> list[exp.Ordered]:
    """What the recipe says of the order of the input, by the columns' values as they were read."""
    table = work.chain.table
    slots = (*table.slots, *(gone.slot for gone in table.dropped))
    read = {slot.source: max(slot.versions, key=_is_reading).name for slot in slots}
    schema = Schema.of((slot.source, slot.versions[0].type) for slot in slots if slot.source is not None)
    ordered = [each.ordered(schema) for each in work.recipe.input.order]
    for each in ordered:
        each.set("this", column(read[each.this.name]))
    return ordered


def _is_reading(version: Version) -> bool:
    return version.step is not None and version.step.number == READING.number


def _flags(chain: Chain) -> dict[str, tuple[str, exp.Expr]]:
    """For each version that is kept, a column that says whether the cell changed: compared once, while it is read.

    The log would otherwise compare every cell of a column once for each step that touched it.
    """
    flags: dict[str, tuple[str, exp.Expr]] = {}
    for slot in chain.table.slots:
        if slot.source is not None and len(slot.versions) > 1:
            first, now = slot.versions[0], slot.now
            unlike = lower(differs(column(first.name), first.type, column(now.name), now.type), chain.dialect)
            flags[now.name] = chain.table.names.free(f"{now.name}.changed"), unlike
    return flags


def _point_at(engine: Engine, view: str) -> None:
    engine.create(Relation(SOURCE, exp.select("*").from_(exp.to_identifier(view, quoted=True))))


def _ends(table: Table) -> Iterator[str]:
    """The cells of each column as they were read, and as they are."""
    for slot in (*table.slots, *(gone.slot for gone in table.dropped)):
        yield slot.versions[0].name
        yield slot.now.name


def _versions(table: Table) -> Iterator[str]:
    slots = [*table.slots, *(gone.slot for gone in table.dropped)]
    for slot in slots:
        if slot.source is not None:
            yield slot.versions[0].name
    for slot in slots:
        for version in slot.versions:
            yield version.name


def _latest(table: Table) -> Iterator[str]:
    """The cells as they are, and as they were read in columns that were dropped: where no log is kept, nobody asks for more."""
    for slot in table.slots:
        yield slot.now.name
    for gone in table.dropped:
        yield gone.slot.versions[0].name
