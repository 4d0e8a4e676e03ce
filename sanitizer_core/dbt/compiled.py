"""What a recipe comes to in one dialect: a SELECT for the clean table, the log, and the rows that went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sqlglot import exp

from sanitizer_core.audit.changes import changes_query
from sanitizer_core.audit.rows import rejected_query, removed_query
from sanitizer_core.chain import Chain, Relation
from sanitizer_core.compile import extend, needs_engine, output_query
from sanitizer_core.errors import CompileError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.pipeline.typing import READING, reading_effects
from sanitizer_core.plan import ROW, Table, bind, info_of, masked_columns
from sanitizer_core.recipe import Recipe, StepBase
from sanitizer_core.schema import TEXT, DataType, Schema
from sanitizer_core.sql import column

What = Literal["clean", "changes", "removed", "rejected"]
WHATS: tuple[What, ...] = ("clean", "changes", "removed", "rejected")

SOURCE = "__sanitizer_source__"
"""Stands for the relation that is cleaned."""

FURTHER = "__sanitizer_further__"
"""Stands for the columns that the recipe does not know, behind the others."""

RUN = "__sanitizer_run__"
"""Stands for what the log calls the run."""

INPUT = "input"


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
    if dialect != "duckdb":
        raise CompileError(f"recipes are not compiled for {dialect} yet", hint="Run this one on DuckDB.")
    chain, relations = _relations(job, dialect)
    query = _asked(job, chain, what)
    for relation in relations:
        query = query.with_(
            exp.to_identifier(relation.name, quoted=True), as_=relation.query, materialized=relation.stored, copy=False
        )
        query.args["with_"].expressions[-1].add_comments([f" {relation.name}: {relation.comment}"], prepend=True)
    return query.sql(dialect, pretty=True)


def _relations(job: Job, dialect: str) -> tuple[Chain, list[Relation]]:
    chain = Chain(dialect, INPUT, Table.of(job.schema))
    number = exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=exp.Literal.number(1))
    start = exp.select(exp.alias_(number, ROW, quoted=True), exp.Star()).from_(exp.to_identifier(SOURCE))
    relations = [Relation(INPUT, start, comment="the input, its rows numbered in their order")]
    reading = reading_effects(job.schema, job.columns, frozenset(job.recipe.input.columns))
    if reading:
        chain, made = extend(chain, READING, reading)
        relations += made
    for place, step in enumerate(job.recipe.steps, 1):
        try:
            chain, made = _stepped(job, chain, place, step)
        except PlanError:
            if not step.optional:
                raise
        else:
            relations += made
    return chain, relations


def _stepped(job: Job, chain: Chain, place: int, step: StepBase) -> tuple[Chain, list[Relation]]:
    if job.fitted is None and step.params.stats(chain.table.schema):
        raise CompileError(
            f"step {place} ({step.op}) has to be measured on data first",
            hint="Fit the recipe ('sanitizer fit') and name the file under 'fitted:' of its pin.",
        )
    values = job.fitted.steps.get(place, {}) if job.fitted is not None else {}
    effects = bind(step, place, chain.table, Fitted(values)) or ()
    if needs_engine(effects):
        raise CompileError(f"step {place} ({step.op}) runs Python, which SQL cannot say")
    return extend(chain, info_of(job.recipe, place), effects, step.when)


def _asked(job: Job, chain: Chain, what: What) -> exp.Query:
    further = exp.column(FURTHER)
    if what == "clean":
        output = output_query(chain) if chain.order else output_query(chain).order_by(column(ROW))
        return output.select(further)
    if what == "changes":
        _refuse_secrets(chain)
        return changes_query(replace(chain, flags={}), RUN)
    rows = removed_query if what == "removed" else rejected_query
    query = rows(chain, INPUT, job.schema)
    for part in query.find_all(exp.Select):
        if part.args.get("from_") is not None:
            part.select(further.copy(), copy=False)
    return query


def _refuse_secrets(chain: Chain) -> None:
    masked = masked_columns(chain.table)
    if masked:
        raise CompileError(
            f"the log of {', '.join(sorted(masked))} needs the key of the mask, which no statement may hold",
            hint="Run the recipe with 'sanitizer run' where its log is wanted.",
        )
