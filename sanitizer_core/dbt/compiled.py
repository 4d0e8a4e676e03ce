"""What a recipe comes to in one dialect, with room for what only dbt knows when a model is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from sqlglot import exp

from sanitizer_core.errors import CompileError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.compiling import Compiled, What, compile_recipe
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import TEXT, DataType, Schema

WHATS: tuple[What, ...] = get_args(What)

SOURCE = "__sanitizer_source__"
"""Stands for the relation that is cleaned."""

FURTHER = "__sanitizer_further__"
"""Stands for the columns that the recipe does not know, behind the others."""

RUN = "__sanitizer_run__"
"""Stands for what the log calls the run."""


@dataclass(frozen=True)
class Job:
    """A recipe for one table.

    Args:
        columns: those of the table, with the types that the recipe is to see.
        texts: whether the table holds them as text, and the recipe reads them first.
    """

    recipe: Recipe
    fitted: FittedRecipe | None
    columns: Mapping[str, DataType]
    texts: bool = False

    @property
    def schema(self) -> Schema:
        return Schema.of((name, TEXT if self.texts else kind) for name, kind in self.columns.items())


def statement(job: Job, dialect: str, what: What) -> str:
    """One SELECT over ``SOURCE``, formatted, with a comment per step.

    Raises:
        CompileError: the dialect cannot say it.
        PlanError: the recipe does not fit the columns.
    """
    sql = compiled(job, dialect, what).sql
    _refuse_secrets(job.recipe, sql, what)
    return sql


def compiled(job: Job, dialect: str, what: What = "clean") -> Compiled:
    """As ``statement``, with what else is known of it."""
    return compile_recipe(
        job.fitted or job.recipe,
        dialect,
        schema=job.schema,
        relation=exp.Table(this=exp.to_identifier(SOURCE)),
        what=what,
        # A warehouse's table has no order of its own: sorting it would be paid for and not seen.
        ordered=dialect == "duckdb" or any(step.op == "sort_rows" for step in job.recipe.steps),
        run=RUN,
        further=FURTHER,
    )


def _refuse_secrets(recipe: Recipe, sql: str, what: What) -> None:
    """A key may stand in no statement, for dbt writes statements into files and warehouses keep them."""
    named = sorted({name for step in recipe.steps for name in step.params.secrets})
    needed = [name for name in named if exp.Literal.string(name).sql() in sql]
    if needed:
        raise CompileError(
            f"{'the log' if what == 'changes' else 'a mask'} needs the key {needed[0]}, which no statement may hold",
            hint="Use a method without a key (redact, keep_last, generalise), or run the recipe with 'sanitizer run'.",
        )
