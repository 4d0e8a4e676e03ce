"""Which types the columns of a text file have: declared, or found in a sample and checked on every cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from sanitizer_core.engines.protocol import Engine
from sanitizer_core.errors import PlanError
from sanitizer_core.ops.base import Needs
from sanitizer_core.ops.effects import AddColumn, CarryOver, Effect, MapValues, RemoveRows, Rewrite
from sanitizer_core.ops.selector import ColumnSelector
from sanitizer_core.plan import StepInfo, Table, Version, added, bind, reshaped, rewritten
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import BOOLEAN, DATE, FLOAT, INTEGER, TEXT, TIMESTAMP, Column, DataType, Schema
from sanitizer_core.sql import call, column, lower
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.needs import needs_of
from sanitizer_core.sql.unpivot import cells_of
from sanitizer_core.types_by_name import type_named

SAMPLE_ROWS = 10_000
SAMPLE_CELLS = 1_000_000
READING = StepInfo(0, "read")
"""The step of the log that speaks of the input's own types."""

_PARSERS: tuple[tuple[str, DataType], ...] = (
    ("try_integer", INTEGER),
    ("try_float", FLOAT),
    ("try_boolean", BOOLEAN),
    ("try_date", DATE),
    ("try_timestamp", TIMESTAMP),
)


@dataclass(frozen=True)
class Guess:
    """What a text column seems to hold.

    Args:
        lossless: whether every cell of the sample is the canonical text of its value, so that typing it
            changes nothing; otherwise it is typed only when a step needs it.
    """

    type: DataType
    lossless: bool

    @property
    def is_code(self) -> bool:
        """Whether it holds digits that are perhaps no number: a post code such as 0810 would lose its zero."""
        return self.type == INTEGER and not self.lossless


def guess_types(engine: Engine, view: str, schema: Schema, rows: int | None = SAMPLE_ROWS) -> dict[str, Guess]:
    """The types that every cell of the first rows (of all, when ``None``) agrees with; text columns are left out."""
    names = [each.name for each in schema if each.type.is_text]
    if not names:
        return {}
    sample = exp.select(*(column(name) for name in names)).from_(exp.to_identifier(view, quoted=True))
    sample = sample.limit(max(1, min(rows, SAMPLE_CELLS // len(names)))) if rows is not None else sample
    asked = exp.select(column("name"), exp.Count(this=exp.Star()), *_counts(column("value"), engine.dialect))
    asked = asked.from_(cells_of(sample, names, engine.dialect)).group_by(column("name"))
    found = {str(row[0]): _guess(row[1:]) for row in engine.fetch(asked)}
    return {name: guess for name in names if (guess := found.get(name)) is not None}


def _counts(value: exp.Expr, dialect: str) -> list[exp.Expr]:
    """For each type, how many cells can be read as it, and how many of those are its canonical text already."""
    counts: list[exp.Expr] = []
    for function, kind in _PARSERS:
        parsed = call(function, value)
        same = exp.EQ(this=canonical_text(parsed, kind), expression=value)
        counts += [
            exp.Count(this=lower(parsed, dialect)),
            exp.Count(this=exp.Case(ifs=[exp.If(this=lower(same, dialect), true=exp.Literal.number(1))])),
        ]
    return counts


def _guess(counts: tuple[int, ...]) -> Guess | None:
    filled = counts[0]
    if not filled:
        return None
    for index, (_, kind) in enumerate(_PARSERS):
        parsed, same = counts[1 + 2 * index : 3 + 2 * index]
        if same == filled:
            return Guess(kind, lossless=True)
        if parsed == filled and kind in (INTEGER, FLOAT):
            return Guess(kind, lossless=False)
    return None


def settle_types(recipe: Recipe, schema: Schema, guesses: Mapping[str, Guess]) -> dict[str, DataType]:
    """The types to read text columns as, from what the steps need and what the cells seem to be.

    A column goes to the first step that needs it as something; one that no step needs is typed when that
    changes none of its cells. Digits with zeros in front are a number only for a step that names the column.
    """
    named = _named(recipe)
    typed = {name: guess for name, guess in guesses.items() if name in named or not guess.is_code}
    needs = _first_needs(recipe, Schema(tuple(_guessed(each, typed) for each in schema)))
    while as_text := [name for name in typed if needs.get(name) == "text"]:
        # A step that reads text itself plans on text, and so do the steps after it.
        typed = {name: guess for name, guess in typed.items() if name not in as_text}
        needs = _first_needs(recipe, Schema(tuple(_guessed(each, typed) for each in schema)))
    settled = {name: guess.type for name, guess in typed.items() if guess.lossless or name in needs}
    return settled | {name: type_named(word) for name, word in recipe.input.columns.items()}


def _named(recipe: Recipe) -> set[str]:
    """The columns that a step's selectors name, rather than select by a type or a pattern."""
    selectors = [value for step in recipe.steps for _, value in step.params if isinstance(value, ColumnSelector)]
    return {name for selector in selectors for name in selector.named}


def _guessed(each: Column, guesses: Mapping[str, Guess]) -> Column:
    return replace(each, type=guesses[each.name].type) if each.name in guesses else each


def _first_needs(recipe: Recipe, schema: Schema) -> dict[str, Needs]:
    """What the first step that cares needs each input column to be; columns are followed through renames."""
    table = Table.of(schema)
    needs: dict[str, Needs] = {}
    for number, step in enumerate(recipe.steps, 1):
        try:
            for name, need in (needs_of(step.when, table.schema) | step.params.demands(table.schema)).items():
                source = table.slot(name).source if name in table.schema else None
                if source is not None and need != "any":
                    needs.setdefault(source, need)
            table = sketch(table, StepInfo(number, step.op), bind(step, number, table, None) or ())
        except PlanError:
            break  # The plan proper will say what is wrong, with the types as they are then.
    return needs


def sketch(table: Table, step: StepInfo, effects: tuple[Effect, ...]) -> Table:
    """The table after a step, without any SQL: enough to know names and types."""
    for effect in effects:
        if isinstance(effect, AddColumn):
            table = added(table, effect, Version(effect.name, effect.type, step), step)
    rewrites = {
        effect.column: (effect, Version(effect.column, _kind_after(table, effect), step))
        for effect in effects
        if isinstance(effect, (Rewrite, MapValues, CarryOver))
    }
    table = rewritten(table, rewrites)
    return reshaped(table, effects, step)


def _kind_after(table: Table, effect: Rewrite | MapValues | CarryOver) -> DataType:
    if isinstance(effect, Rewrite):
        return effect.type
    return TEXT if isinstance(effect, MapValues) else table.slot(effect.column).type


def reading_effects(schema: Schema, types: Mapping[str, DataType], declared: frozenset[str]) -> tuple[Effect, ...]:
    """The conversion of text columns as the input is read; a cell that is not of its declared type rejects its row."""
    effects: list[Effect] = []
    for each in schema:
        kind = types.get(each.name)
        if kind is None or kind == each.type or not each.type.is_text:
            continue
        parsed = parse_as(column(each.name), kind)
        effects.append(Rewrite(each.name, (parsed,), kind, f"read as {kind}"))
        if each.name in declared:
            effects.insert(
                0, RemoveRows(_unreadable(each.name, kind), f"{each.name!r} is not {_a(kind)}", rejected=True)
            )
    return tuple(effects)


def _a(kind: DataType) -> str:
    return f"an {kind}" if kind.kind[0] in "aeiou" else f"a {kind}"


def parse_as(value: exp.Expr, kind: DataType) -> exp.Expr:
    """A text read as a type; null where it is none of it."""
    if kind.kind == "decimal":
        return call("try_decimal", value, exp.Literal.number(kind.precision), exp.Literal.number(kind.scale))
    names = {"integer": "try_integer", "float": "try_float", "boolean": "try_boolean", "date": "try_date",
             "time": "try_time", "timestamp": "try_timestamp", "timestamptz": "try_timestamptz"}  # fmt: skip
    return call(names[kind.kind], value)


def _unreadable(name: str, kind: DataType) -> exp.Expr:
    there = exp.Not(this=exp.Is(this=column(name), expression=exp.Null()))
    return exp.and_(there, exp.Is(this=parse_as(column(name), kind), expression=exp.Null()))
