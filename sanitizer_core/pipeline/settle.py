"""From an opened input to a clean table: types are found, and taken back where a later cell says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from sanitizer_core.engines.protocol import Engine
from sanitizer_core.errors import PlanError, Problem, Where, did_you_mean
from sanitizer_core.fitted import NAMELESS, FittedRecipe
from sanitizer_core.pipeline.clean import BASE, Cleaned, Progress, clean
from sanitizer_core.pipeline.reading import Reading
from sanitizer_core.pipeline.typing import READING, Guess, guess_types, parse_as, settle_types
from sanitizer_core.plan import Slot
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import DataType, Schema
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sql import column, lower
from sanitizer_core.sql.canonical import differs
from sanitizer_core.types_by_name import type_named


def clean_opened(
    engine: Engine, reading: Reading, recipe: Recipe, fitted: FittedRecipe | None, progress: Progress
) -> tuple[Cleaned, dict[str, DataType]]:
    """Cleans an opened input; gives what came of it and the types its text columns were read as.

    Types that were found (not declared) in the first rows are checked on every cell while the input is read.
    A column in which a later cell is of another kind is text after all, and the input is read once more.

    Raises:
        PlanError: the recipe does not fit the input.
    """
    _refuse_undeclared(recipe, reading.opened.schema)
    guesses = _guesses(engine, reading, recipe, fitted)
    while True:
        opened = reading.opened
        types = _types(opened, recipe, fitted, guesses)
        pinned = fitted.steps if fitted else None
        cleaned = clean(
            engine,
            opened.view,
            opened.schema,
            recipe,
            types=types,
            fitted=pinned,
            progress=progress,
            reader=reading.read,
        )
        wrong = _misread(engine, cleaned, guesses, types, recipe) if opened.is_text else set()
        if not wrong:
            return cleaned, types
        guesses = {name: guess for name, guess in guesses.items() if name not in wrong}


def _refuse_undeclared(recipe: Recipe, schema: Schema) -> None:
    missing = [name for name in recipe.input.columns if name not in schema]
    if missing:
        raise PlanError(
            "declared columns are missing",
            found=[Problem(f"the input has no column {name!r}, which the recipe declares", Where(column=name),
                           did_you_mean(name, schema.names)) for name in missing],
        )  # fmt: skip


def _guesses(engine: Engine, reading: Reading, recipe: Recipe, fitted: FittedRecipe | None) -> dict[str, Guess]:
    if not reading.opened.is_text or not recipe.input.infer or fitted is not None:
        return {}
    found = reading.sample(lambda opened: guess_types(engine, opened.view, opened.schema))
    return {name: guess for name, guess in found.items() if name not in recipe.input.columns}


def _types(
    opened: Opened, recipe: Recipe, fitted: FittedRecipe | None, guesses: Mapping[str, Guess]
) -> dict[str, DataType]:
    if not opened.is_text:
        return {name: type_named(word) for name, word in recipe.input.columns.items()}
    if fitted is not None:
        return {name: kind for name, kind in fitted.types.items() if kind.kind not in NAMELESS}
    return settle_types(recipe, opened.schema, guesses)


def _misread(
    engine: Engine, cleaned: Cleaned, guesses: Mapping[str, Guess], types: Mapping[str, DataType], recipe: Recipe
) -> set[str]:
    """The columns in which some cell is not what the first rows promised; one scan for all."""
    asked = [name for name in guesses if name in types and name not in recipe.input.columns]
    read = {
        slot.source: slot for slot in (*cleaned.chain.table.slots, *(gone.slot for gone in cleaned.chain.table.dropped))
    }
    checked = [name for name in asked if name in read and _was_read_as(read[name])]
    if not checked:
        return set()
    # Where a declared type rejected rows, the input was stored before it was read as anything.
    kept = {*engine.schema_of(BASE).names, *(alias for layer in cleaned.chain.replays for alias, _ in layer)}
    counts = []
    for name in checked:
        raw, typed = read[name].versions[:2]
        value = column(typed.name) if typed.name in kept else parse_as(column(raw.name), typed.type)
        wrong: exp.Expr
        if guesses[name].lossless and typed.name in cleaned.chain.flags:
            wrong = column(cleaned.chain.flags[typed.name])  # It was compared while it was read.
        elif guesses[name].lossless:
            wrong = differs(column(raw.name), raw.type, value, typed.type)
        else:
            there = exp.Not(this=exp.Is(this=column(raw.name), expression=exp.Null()))
            wrong = exp.and_(there, exp.Is(this=value, expression=exp.Null()))
        counts.append(
            exp.Count(this=exp.Case(ifs=[exp.If(this=lower(wrong, engine.dialect), true=exp.Literal.number(1))]))
        )
    rows = replace(cleaned.chain, last=BASE).over(kept & {read[name].versions[1].name for name in checked})
    row = engine.fetch(exp.select(*counts).from_(rows.subquery("rows")))[0]
    return {name for name, count in zip(checked, row, strict=True) if count}


def _was_read_as(slot: Slot) -> bool:
    step = slot.versions[1].step if len(slot.versions) > 1 else None
    return step is not None and step.number == READING.number


def fitted_recipe(recipe: Recipe, cleaned: Cleaned, types: Mapping[str, DataType]) -> FittedRecipe:
    """The recipe with everything that was measured and found, so that the next batch is treated alike."""
    columns = {each.name: str(types.get(each.name, each.type)) for each in cleaned.schema}
    return FittedRecipe(
        recipe=recipe.plain(),
        digest=recipe.digest(),
        columns=columns,
        steps={number: dict(values) for number, values in cleaned.fitted.items()},
    )
