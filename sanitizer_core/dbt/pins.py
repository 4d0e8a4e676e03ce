"""Which recipes and contracts a dbt project pins: ``sanitizer.yml``, or ``vars: sanitizer:`` of ``dbt_project.yml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sanitizer_core.document import Document, read_document
from sanitizer_core.errors import Problem, ProjectError, Where, did_you_mean
from sanitizer_core.types_by_name import TypeName

Adapter = Literal["duckdb", "postgres", "snowflake", "bigquery", "redshift", "databricks", "spark", "trino"]
ADAPTERS: tuple[Adapter, ...] = (
    "duckdb", "postgres", "snowflake", "bigquery", "redshift", "databricks", "spark", "trino",
)  # fmt: skip
NewColumns = Literal["pass", "fail"]
PINS = "sanitizer.yml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ContractPin(_Part):
    """A contract of the project, and the columns of the tables that are held against it."""

    file: str = Field(description="The contract's file, from the project's folder.")
    columns: dict[str, TypeName] = Field(default={}, description="The columns in the warehouse, with their types.")
    relation: str | None = Field(
        default=None, description="A model, seed or source (source.table) whose columns are read through dbt."
    )


class RecipePin(ContractPin):
    """A version of a recipe, and how the project uses it."""

    file: str = Field(description="The recipe's file, from the project's folder.")
    fitted: str | None = Field(default=None, description="The fitted recipe (`sanitizer fit`), so that batches agree.")
    on_new_columns: NewColumns | None = Field(default=None, description="What becomes of columns it does not know.")


def _plain_file(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


def _entries(value: Any) -> Any:
    return [_plain_file(each) for each in value] if isinstance(value, list) else value


class Pins(_Part):
    """What a project pins."""

    recipes: Annotated[tuple[RecipePin, ...], BeforeValidator(_entries)] = ()
    contracts: Annotated[tuple[ContractPin, ...], BeforeValidator(_entries)] = ()
    adapters: tuple[Adapter, ...] = Field(default=ADAPTERS, description="For which adapters macros are written.")
    on_new_columns: NewColumns = "pass"


def load_pins(folder: Path) -> Pins:
    """The pins of the project in a folder.

    Raises:
        ProjectError: it is no dbt project, it pins nothing, or the pins have problems.
    """
    project = read_document(_project_file(folder), ProjectError)
    told = (project.data.get("vars") or {}).get("sanitizer") if isinstance(project.data, dict) else None
    own = folder / PINS
    if own.exists() and told is not None:
        raise ProjectError(
            f"recipes are pinned twice: in {PINS} and under 'vars: sanitizer:' of dbt_project.yml",
            hint="Keep one of them.",
        )
    if own.exists():
        return _validated(read_document(own, ProjectError), ())
    if told is not None:
        return _validated(project, ("vars", "sanitizer"))
    raise ProjectError(
        f"the project pins no recipe: there is no {PINS}, and dbt_project.yml has no 'vars: sanitizer:'",
        where=Where(file=str(folder)),
        hint=f"Write {PINS} with 'recipes: [recipes/customers.yaml]'.",
    )


def _project_file(folder: Path) -> Path:
    path = folder / "dbt_project.yml"
    if not path.exists():
        raise ProjectError(
            "this is not the folder of a dbt project: it holds no dbt_project.yml",
            where=Where(file=str(folder)),
            hint="Name it with --project-dir.",
        )
    return path


def macro_folder(folder: Path) -> Path:
    """Where the project's macros for recipes stand, from its own folder."""
    data = read_document(_project_file(folder), ProjectError).data
    paths = data.get("macro-paths") if isinstance(data, dict) else None
    return Path(paths[0] if isinstance(paths, list) and paths else "macros") / "sanitizer"


def _validated(document: Document, prefix: tuple[str, ...]) -> Pins:
    data = document.data
    for part in prefix:
        data = data[part]
    if not isinstance(data, dict):
        raise ProjectError("the pins are a mapping with 'recipes'", where=Where(file=document.name, line=1))
    _refuse_registry(document, data, prefix)
    try:
        return Pins.model_validate(data)
    except ValidationError as error:
        found = [_problem(document, prefix, detail) for detail in error.errors()]
        raise ProjectError("the pins have problems", found=found) from None


def _problem(document: Document, prefix: tuple[str, ...], detail: Any) -> Problem:
    loc = (*prefix, *detail["loc"])
    where = Where(file=document.name, line=document.line_of(loc))
    key = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "pins")
    if detail["type"] == "extra_forbidden":
        entry = RecipePin if detail["loc"][0] == "recipes" else ContractPin
        known = list((Pins if len(detail["loc"]) == 1 else entry).model_fields)
        return Problem(f"unknown key {key!r}", where, did_you_mean(key, known))
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(f"{key!r}: {message[:1].lower()}{message[1:]}, got {detail['input']!r}", where)


def _refuse_registry(document: Document, data: dict[str, Any], prefix: tuple[str, ...]) -> None:
    """Whoever names a registry is told what to do instead, rather than that a file is missing."""
    named = [("registry", data["registry"])] if "registry" in data else []
    for part in ("recipes", "contracts"):
        entries = data.get(part)
        for each in entries if isinstance(entries, list) else ():
            file = each.get("file") if isinstance(each, dict) else each
            named += [(part, file)] if isinstance(file, str) and re.match(r"[a-z][a-z0-9+.-]+://", file) else []
    if named:
        key, address = named[0]
        raise ProjectError(
            f"{address!r} is an address, but what a dbt project pins comes from files",
            where=Where(file=document.name, line=document.line_of((*prefix, key))),
            hint="Get it with 'sanitizer recipe pull NAME@3 -o recipes/NAME.yaml' and name that file.",
        )
