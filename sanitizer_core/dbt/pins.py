"""Which recipes and contracts a dbt project pins: ``sanitizer.yml``, or ``vars: sanitizer:`` of ``dbt_project.yml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

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

    file: str = Field(default="", description="The contract's file, from the project's folder.")
    published: str | None = Field(
        default=None,
        description="Instead of a file: a version in the registry, as NAME@3, NAME@production, or NAME for the latest.",
    )
    columns: dict[str, TypeName] = Field(default={}, description="The columns in the warehouse, with their types.")
    relation: str | None = Field(
        default=None, description="A model, seed or source (source.table) whose columns are read through dbt."
    )

    @model_validator(mode="after")
    def _from_one_place(self) -> ContractPin:
        if bool(self.file) is (self.published is not None):
            raise ValueError("a pin names either a file or what is published (NAME@3)")
        if self.published is not None and not re.fullmatch(r"[^@/\s]+(?:@[^@/\s]+)?", self.published):
            raise ValueError(f"{self.published!r} is no published version: write NAME@3, NAME@production, or NAME")
        return self


class RecipePin(ContractPin):
    """A version of a recipe, and how the project uses it."""

    file: str = Field(default="", description="The recipe's file, from the project's folder.")
    fitted: str | None = Field(default=None, description="The fitted recipe (`sanitizer fit`), so that batches agree.")
    on_new_columns: NewColumns | None = Field(default=None, description="What becomes of columns it does not know.")


def _plain_file(value: Any) -> Any:
    """What is written short: a file, or a version such as ``customers@3``, which is no path and has no ending."""
    if not isinstance(value, str):
        return value
    return {"published" if re.fullmatch(r"[^@/\s]+@[^@/\s.]+", value) else "file": value}


def _entries(value: Any) -> Any:
    return [_plain_file(each) for each in value] if isinstance(value, list) else value


class Pins(_Part):
    """What a project pins."""

    recipes: Annotated[tuple[RecipePin, ...], BeforeValidator(_entries)] = ()
    contracts: Annotated[tuple[ContractPin, ...], BeforeValidator(_entries)] = ()
    registry: str | None = Field(default=None, description="The registry that published versions are pulled from.")
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
    _refuse_addresses(document, data, prefix)
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


def _refuse_addresses(document: Document, data: dict[str, Any], prefix: tuple[str, ...]) -> None:
    """Whoever gives an address for a file is told what to write instead, rather than that a file is missing."""
    for part in ("recipes", "contracts"):
        entries = data.get(part)
        for each in entries if isinstance(entries, list) else ():
            file = each.get("file") if isinstance(each, dict) else each
            if isinstance(file, str) and re.match(r"[a-z][a-z0-9+.-]+://", file):
                raise ProjectError(
                    f"{file!r} is an address, but a pin names a file or a published version",
                    where=Where(file=document.name, line=document.line_of((*prefix, part))),
                    hint="Write 'registry: https://...' beside the pins, and NAME@3 as the pin.",
                )
