"""Writing a project's macros from what it pins, and telling whether they still are what was written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from sanitizer_core.contract import Contract
from sanitizer_core.dbt.compiled import Job
from sanitizer_core.dbt.contracts import ContractJob, contract_file, declared_columns, told_of
from sanitizer_core.dbt.index import Told, index_file
from sanitizer_core.dbt.lock import LOCK, Entry, Lock, digest
from sanitizer_core.dbt.pins import ContractPin, Pins, RecipePin, load_pins, macro_folder
from sanitizer_core.dbt.published import Kind, Pull, from_lock, nowhere
from sanitizer_core.dbt.variants import TEXT, TYPED, identifier, macro_file
from sanitizer_core.errors import ProjectError, RecipeError, Where
from sanitizer_core.fitted import NAMELESS, FittedRecipe
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import DataType
from sanitizer_core.types_by_name import type_named

State = Literal["written", "unchanged", "missing", "stale", "edited", "removed", "left over"]
AskColumns = Callable[[str], Mapping[str, str]]
"""Gives the columns of a relation, as names of types, by its name in the project."""

HEAD = "Written by 'sanitizer dbt sync' from {file}; edit that and run it again, for what is edited here is lost."


@dataclass(frozen=True)
class Wanted:
    """What the project's files should be: their text by path, from the project's folder, and the lock."""

    files: Mapping[str, str]
    lock: Lock


def wanted(folder: Path, ask: AskColumns, pull: Pull = nowhere) -> Wanted:
    """What is to be written for the pins of a project.

    Args:
        pull: gives the versions that are pinned from a registry.

    Raises:
        SanitizerError: the pins or what they name cannot be read, or the columns of a recipe are not known.
    """
    work = _Work(folder, load_pins(folder), macro_folder(folder), ask)
    for recipe in work.pins.recipes:
        _add_recipe(work, _at_hand(work, "recipes", recipe, pull))
    for contract in work.pins.contracts:
        _add_contract(work, _at_hand(work, "contracts", contract, pull))
    work.files[str(work.macros / "index.sql")] = index_file(work.recipes_told, work.contracts_told)
    digests = {path: digest(text) for path, text in work.files.items()}
    return Wanted(work.files, Lock(recipes=work.recipes, contracts=work.contracts, files=digests))


def locked_jobs(folder: Path) -> dict[str, Job]:
    """The recipes of a project by their digests, for the columns that were known when the macros were written.

    Raises:
        SanitizerError: the pins or what they name cannot be read.
    """
    work = _Work(folder, load_pins(folder), macro_folder(folder), locked_columns(folder))
    found: dict[str, Job] = {}
    for each in work.pins.recipes:
        pin = _at_hand(work, "recipes", each, from_lock(folder))
        recipe, fitted = _loaded(work, pin)
        found[recipe.digest()] = _jobs(pin, recipe, fitted, work.ask)[0][0]
    return found


@dataclass
class _Work:
    """What was made of the pins so far."""

    folder: Path
    pins: Pins
    macros: Path
    ask: AskColumns
    files: dict[str, str] = field(default_factory=dict)
    recipes: dict[str, Entry] = field(default_factory=dict)
    contracts: dict[str, Entry] = field(default_factory=dict)
    recipes_told: Told = field(default_factory=dict)
    contracts_told: Told = field(default_factory=dict)


_P = TypeVar("_P", bound=ContractPin)


def _at_hand(work: _Work, kind: Kind, pin: _P, pull: Pull) -> _P:
    """The pin with a file: that of the version which a registry gave."""
    if pin.published is None:
        return pin
    file, text = pull(kind, pin.published)
    work.files[file] = text
    return pin.model_copy(update={"file": file})


def _add_recipe(work: _Work, pin: RecipePin) -> None:
    recipe, fitted = _loaded(work, pin)
    label = _label(work.recipes, recipe.name, recipe.version, pin)
    jobs, asked = _jobs(pin, recipe, fitted, work.ask)
    name = identifier(recipe.name, recipe.version)
    work.files[str(work.macros / f"{name}.sql")] = macro_file(
        name, HEAD.format(file=pin.file), jobs, work.pins.adapters
    )
    fit = digest((work.folder / pin.fitted).read_text(encoding="utf-8")) if pin.fitted else None
    work.recipes[label] = Entry(
        file=pin.file, digest=recipe.digest(), fitted=fit, published=pin.published, columns=asked
    )
    work.recipes_told.setdefault(recipe.name, {})[recipe.version] = _told(work.pins, pin, name, recipe, jobs)


def _add_contract(work: _Work, pin: ContractPin) -> None:
    pulled = work.files.get(pin.file)
    contract = Contract.load(work.folder / pin.file) if pulled is None else Contract.loads(pulled, pin.file)
    label = _label(work.contracts, contract.name, contract.version, pin)
    known, asked = _known_columns(pin, work.ask)
    job = ContractJob(contract, known or declared_columns(contract, pin.file))
    name = identifier(contract.name, contract.version)
    text = contract_file(name, HEAD.format(file=pin.file), job, work.pins.adapters)
    work.files[str(work.macros / f"contract_{name}.sql")] = text
    work.contracts[label] = Entry(file=pin.file, digest=contract.digest(), published=pin.published, columns=asked)
    work.contracts_told.setdefault(contract.name, {})[contract.version] = told_of(job, name)


def _label(taken: Collection[str], name: str, version: int, pin: ContractPin) -> str:
    label = f"{name} v{version}"
    if label in taken:
        raise ProjectError(f"{label} is pinned twice", where=Where(file=pin.file))
    return label


def locked_columns(folder: Path) -> AskColumns:
    """The columns as they were when the macros were written: a check needs no warehouse."""
    lock, pins = Lock.load(folder), load_pins(folder)

    def ask(relation: str) -> Mapping[str, str]:
        entries = (*lock.recipes.values(), *lock.contracts.values())
        places = {pin.published or pin.file for pin in (*pins.recipes, *pins.contracts) if pin.relation == relation}
        known = next(
            (each.columns for each in entries if (each.published or each.file) in places and each.columns), None
        )
        if known is None:
            raise ProjectError(
                f"the columns of {relation!r} are not in {LOCK}",
                where=Where(file=str(folder)),
                hint="Run 'sanitizer dbt sync' where dbt reaches the warehouse.",
            )
        return known

    return ask


def _loaded(work: _Work, pin: RecipePin) -> tuple[Recipe, FittedRecipe | None]:
    path, pulled = work.folder / pin.file, work.files.get(pin.file)
    if pulled is None and FittedRecipe.is_one(path):
        fitted = FittedRecipe.load(path)
        return fitted.source, fitted
    recipe = Recipe.load(path) if pulled is None else Recipe.loads(pulled, pin.file)
    if pin.fitted is None:
        return recipe, None
    values = FittedRecipe.load(work.folder / pin.fitted)
    if values.digest != recipe.digest():
        raise RecipeError(
            f"these values were fitted for another recipe ({values.recipe['name']} v{values.recipe['version']})",
            where=Where(file=str(work.folder / pin.fitted)),
            hint=f"Fit it again: sanitizer fit {pin.file} SOURCE -o {pin.fitted}",
        )
    return recipe, values


def _jobs(
    pin: RecipePin, recipe: Recipe, fitted: FittedRecipe | None, ask: AskColumns
) -> tuple[list[Job], dict[str, str]]:
    """The recipe for the table's columns; for both kinds of table where it is not known which of them it is."""
    known, asked = _known_columns(pin, ask)
    if known:
        return [Job(recipe, fitted, known)], asked
    found = fitted.types if fitted is not None else {}
    columns = {**found, **{name: type_named(word) for name, word in recipe.input.columns.items()}}
    if not columns or any(kind.kind in NAMELESS for kind in columns.values()):
        raise ProjectError(
            f"the columns that {recipe.name} v{recipe.version} reads are not known",
            where=Where(file=pin.file),
            hint="Declare them under 'input: columns:' of the recipe, or name a 'relation' or 'columns' in its pin.",
        )
    typed = Job(recipe, fitted, columns)
    if all(kind.is_text for kind in columns.values()):
        return [typed], {}
    return [typed, Job(recipe, fitted, columns, texts=True)], {}


def _known_columns(pin: ContractPin, ask: AskColumns) -> tuple[dict[str, DataType], dict[str, str]]:
    if pin.columns:
        return {name: type_named(word) for name, word in pin.columns.items()}, {}
    if pin.relation is None:
        return {}, {}
    asked = dict(ask(pin.relation))
    return {name: _logical(word) for name, word in asked.items()}, asked


def _logical(word: str) -> DataType:
    """The type of a word that a warehouse's column was given; what recipes do not work on has no word of a user's."""
    match word:
        case "binary" | "other":
            return DataType(word, native="TEXT")
        case _:
            return type_named(word)


def _told(pins: Pins, pin: RecipePin, name: str, recipe: Recipe, jobs: list[Job]) -> dict[str, Any]:
    """What the package's macros have to know before they ask for SQL."""
    return {
        "macro": name,
        "digest": recipe.digest(),
        "columns": {each: kind.kind for each, kind in jobs[0].columns.items()},
        "modes": [TEXT if job.texts else TYPED for job in jobs],
        "measured": any(step.params.stats(jobs[0].schema) for step in recipe.steps),
        "pinned": jobs[0].fitted is not None,
        "on_new_columns": pin.on_new_columns or pins.on_new_columns,
    }


def compare(folder: Path, target: Wanted) -> dict[str, State]:
    """What is not as it should be, by path: missing, edited by hand, stale, or left over."""
    written = Lock.load(folder)
    found: dict[str, State] = {}
    for path, text in target.files.items():
        there = folder / path
        if not there.exists():
            found[path] = "missing"
        elif (got := _read(there)) != text:
            edited = written.files.get(path) not in (None, digest(got))
            found[path] = "edited" if edited else "stale"
    found |= {path: "left over" for path in written.files if path not in target.files and (folder / path).exists()}
    if (folder / LOCK).exists() and _read(folder / LOCK) != target.lock.dumps():
        found[LOCK] = "stale"
    elif not (folder / LOCK).exists():
        found[LOCK] = "missing"
    return found


def write(folder: Path, target: Wanted) -> dict[str, State]:
    """Writes what is not as it should be, removes what is left over, and says what was found of each."""
    found = compare(folder, target)
    for path, state in found.items():
        if state == "left over":
            (folder / path).unlink()
    for path, text in {**target.files, LOCK: target.lock.dumps()}.items():
        if path in found:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
    return found


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")
