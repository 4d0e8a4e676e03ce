"""The plan: what each column is after each step, which versions its cells went through, and where they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sanitizer_core.errors import CompileError, PlanError, SanitizerError, Where
from sanitizer_core.ops.effects import (
    AddColumn,
    CarryOver,
    DropColumn,
    Effect,
    MapValues,
    Note,
    OrderColumns,
    Origin,
    RenameColumn,
    Rewrite,
    RunPython,
)
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.recipe import Audit, Recipe, StepBase
from sanitizer_core.schema import Column, DataType, Schema
from sanitizer_core.sql.expression import condition

ROW = "@row"
"""The column that numbers the input's rows, from 0."""


@dataclass(frozen=True)
class StepInfo:
    """A step as the log names it; step 0 is the reading of the input."""

    number: int
    op: str
    id: str | None = None
    audit: Audit = "cells"

    @property
    def label(self) -> str:
        """Its name among the relations: ``step_3``."""
        return f"step_{self.number}"


@dataclass(frozen=True)
class Version:
    """The cells of a column after a step.

    Args:
        name: the column of the relation that holds them.
        step: who made them; ``None`` for the cells as they came.
        secret: the key's variable, when a later step hid these cells.
    """

    name: str
    type: DataType
    step: StepInfo | None = None
    reason: str = ""
    confidence: float = 1.0
    secret: str | None = None


@dataclass(frozen=True)
class Ancestor:
    """An input column that a column is made from, and how."""

    column: str
    origin: Origin
    description: str


@dataclass(frozen=True)
class Slot:
    """A column as it stands.

    Args:
        name: its name now.
        versions: its cells from the beginning to now.
        source: the input column whose cells these are; ``None`` for a column that a step added.
        ancestors: the input columns it is made from.
        masked: the variable of the key, when a step made the old values secret.
        added: the step that added it.
    """

    name: str
    versions: tuple[Version, ...]
    source: str | None
    ancestors: tuple[Ancestor, ...]
    masked: str | None = None
    added: StepInfo | None = None

    @property
    def now(self) -> Version:
        return self.versions[-1]

    @property
    def type(self) -> DataType:
        return self.versions[-1].type


class Names:
    """The columns of a chain's relations, whose names are told apart without case; a name once given stays taken."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.lower() for name in taken}

    def free(self, wanted: str) -> str:
        """A name that nothing has yet: the wanted one, or that with a number behind."""
        name, counter = wanted, 1
        while name.lower() in self._taken:
            counter += 1
            name = f"{wanted}.{counter}"
        self._taken.add(name.lower())
        return name


@dataclass(frozen=True)
class Dropped:
    """A column that a step took away."""

    slot: Slot
    step: StepInfo
    reason: str


@dataclass(frozen=True)
class Table:
    """A table between two steps.

    Args:
        slots: its columns in order.
        dropped: columns that are gone.
        notes: sentences for the user, such as an optional step that was left out.
    """

    slots: tuple[Slot, ...]
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    names: Names = field(default_factory=lambda: Names(()), repr=False, compare=False)

    @classmethod
    def of(cls, schema: Schema) -> Table:
        """The table as it came."""
        slots = tuple(
            Slot(
                column.name, (Version(column.name, column.type),), column.name, (Ancestor(column.name, "identity", ""),)
            )
            for column in schema
        )
        return cls(slots, names=Names((*schema.names, ROW)))

    @cached_property
    def schema(self) -> Schema:
        return Schema(tuple(Column(slot.name, slot.type) for slot in self.slots))

    @cached_property
    def _by_name(self) -> dict[str, Slot]:
        return {slot.name: slot for slot in self.slots}

    def slot(self, name: str) -> Slot:
        """The column with this name now."""
        return self._by_name[name]

    def noted(self, note: str) -> Table:
        return replace(self, notes=(*self.notes, note))


def rewritten(table: Table, made: Mapping[str, tuple[Rewrite | MapValues | CarryOver, Version]]) -> Table:
    """The table after new cells for some columns, by name."""
    slots = tuple(_rewritten(table, slot, *made[slot.name]) if slot.name in made else slot for slot in table.slots)
    return replace(table, slots=slots)


def _rewritten(table: Table, slot: Slot, effect: Rewrite | MapValues | CarryOver, version: Version) -> Slot:
    key = effect.masks if isinstance(effect, Rewrite) else None
    origin: Origin = "masking" if key else "transformation"
    own = tuple(Ancestor(each.column, origin, effect.reason) for each in slot.ancestors)
    others = _ancestors(table, effect.inputs if isinstance(effect, Rewrite) else (), "transformation", effect.reason)
    return replace(
        slot,
        versions=(*(replace(each, secret=key or each.secret) for each in slot.versions), version),
        ancestors=_unique((*own, *others)),
        masked=slot.masked or key,
    )


def added(table: Table, effect: AddColumn, version: Version, step: StepInfo) -> Table:
    """The table with a further column."""
    ancestors = _unique(_ancestors(table, effect.inputs, effect.origin, effect.reason))
    masked = next(
        (table.slot(name).masked for name in effect.inputs if name in table.schema and table.slot(name).masked), None
    )
    slot = Slot(effect.name, (version,), None, ancestors, masked, step)
    slots = list(table.slots)
    place = next((index + 1 for index, each in enumerate(slots) if each.name == effect.after), len(slots))
    return replace(table, slots=(*slots[:place], slot, *slots[place:]))


def reshaped(table: Table, effects: Iterable[Effect], step: StepInfo) -> Table:
    """The table after columns were dropped, renamed and ordered, in this order."""
    chosen = list(effects)
    for effect in chosen:
        if isinstance(effect, Note):
            table = table.noted(f"step {step.number} ({step.op}): {effect.text}")
        if isinstance(effect, DropColumn):
            gone = Dropped(table.slot(effect.name), step, effect.reason)
            kept = tuple(slot for slot in table.slots if slot.name != effect.name)
            table = replace(table, slots=kept, dropped=(*table.dropped, gone))
    names = {effect.old: effect.new for effect in chosen if isinstance(effect, RenameColumn)}
    table = replace(table, slots=tuple(replace(slot, name=names.get(slot.name, slot.name)) for slot in table.slots))
    for effect in chosen:
        if isinstance(effect, OrderColumns):
            table = replace(table, slots=tuple(table.slot(name) for name in effect.names))
    _refuse_twins(table)
    return table


def _refuse_twins(table: Table) -> None:
    seen: dict[str, str] = {}
    for slot in table.slots:
        other = seen.setdefault(slot.name.lower(), slot.name)
        if other is not slot.name:
            raise PlanError(
                f"two columns would be called {slot.name!r}"
                + (f" (the other {other!r})" if other != slot.name else ""),
                hint="Names have to differ in more than case.",
            )


def _ancestors(table: Table, names: Iterable[str], origin: Origin, reason: str) -> tuple[Ancestor, ...]:
    return tuple(
        Ancestor(each.column, "masking" if each.origin == "masking" else origin, reason)
        for name in names
        for each in table.slot(name).ancestors
    )


def _unique(ancestors: Iterable[Ancestor]) -> tuple[Ancestor, ...]:
    return tuple({each.column: each for each in ancestors}.values())


def bind(step: StepBase, number: int, table: Table, fitted: Fitted | None) -> tuple[Effect, ...] | None:
    """What a step does to a table; before anything is measured (``fitted`` is ``None``) perhaps not known.

    Raises:
        PlanError: it does not fit the columns or their types; with the step's number and operation.
    """
    with Located(step, number):
        if step.when is not None:
            condition(step.when, table.schema)
        effects = step.params.outline(table.schema) if fitted is None else step.params.effects(table.schema, fitted)
        if step.when is not None and effects is not None:
            _refuse_under_condition(effects, table)
    return effects


def _refuse_under_condition(effects: Iterable[Effect], table: Table) -> None:
    for effect in effects:
        if isinstance(effect, (DropColumn, RenameColumn, OrderColumns, RunPython)):
            raise PlanError("'when' speaks of rows, but this step changes columns", hint="Leave 'when' out.")
        if isinstance(effect, Rewrite) and effect.type != table.slot(effect.column).type:
            raise PlanError(
                f"under 'when' a column keeps its type, but {effect.column!r} would become {effect.type}",
                where=Where(column=effect.column),
                hint="Convert the whole column in a step before.",
            )


class Located:
    """Adds the step's number and operation to an error on its way out."""

    def __init__(self, step: StepBase, number: int) -> None:
        self.step, self.number = step, number

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PlanError):
            placed = [
                replace(p, where=replace(p.where, step=p.where.step or self.number, op=p.where.op or self.step.op))
                for p in error.problems
            ]
            raise PlanError(error.message, found=placed) from None
        if isinstance(error, SanitizerError):
            error.at(step=self.number, op=self.step.op)


def let_go(step: StepBase, number: int, error: SanitizerError) -> str:
    """The note about a step that cannot be applied, where the recipe says that the run goes on without it.

    What only the engine cannot say is never let go: the recipe would mean something else on another one.

    Raises:
        SanitizerError: the error, where the recipe says nothing of the kind.
    """
    if step.optional and any(problem.missing_column for problem in error.problems):
        return f"step {number} ({step.op}) was left out: {error.problems[0].message}"
    if step.on_error == "skip" and not isinstance(error, CompileError):
        return f"step {number} ({step.op}) was skipped: {error.problems[0].message}"
    raise error


def masked_columns(table: Table) -> dict[str, str]:
    """The input columns whose values were hidden, each with the variable of its key."""
    slots = (*table.slots, *(gone.slot for gone in table.dropped))
    return {slot.source: slot.masked for slot in slots if slot.source is not None and slot.masked is not None}


def info_of(recipe: Recipe, number: int) -> StepInfo:
    """A step as the log names it (numbers from 1)."""
    step = recipe.steps[number - 1]
    return StepInfo(number, step.op, step.id, recipe.audit_of(step))
