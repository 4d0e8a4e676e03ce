"""The SQL that a recipe comes to, for people to read and for engines that are elsewhere."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from sanitizer_core.chain import Chain, Relation
from sanitizer_core.compile import extend, needs_engine, output_query
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import CompileError, did_you_mean
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.pipeline.fitting import fit
from sanitizer_core.pipeline.typing import READING, reading_effects
from sanitizer_core.plan import ROW, Table, bind, info_of
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import TEXT, Schema
from sanitizer_core.sources import open_source
from sanitizer_core.sql import column
from sanitizer_core.types_by_name import type_named

DIALECTS = ("duckdb",)


def compile_recipe(recipe: Recipe | FittedRecipe, dialect: str, source: Any | None, table: str = "source") -> str:
    """One SELECT that cleans a table, formatted, with a comment per step.

    Fitted values are written into it: from the fitted recipe, or measured on the source.

    Args:
        source: the table whose columns count; a recipe that declares its input's columns needs none.
        table: what the input is called in the SQL.

    Raises:
        CompileError: the dialect is unknown or cannot say a step, or something has to be measured first.
    """
    if dialect not in DIALECTS:
        raise CompileError(f"unknown dialect {dialect!r}", hint=did_you_mean(dialect, DIALECTS))
    fitted = recipe if isinstance(recipe, FittedRecipe) else None
    plain = recipe.source if isinstance(recipe, FittedRecipe) else recipe
    if fitted is None and source is not None:
        fitted = fit(source, plain)
    schema = _schema(plain, fitted, source)
    return _statement(plain, fitted, schema, dialect, table)


def _schema(recipe: Recipe, fitted: FittedRecipe | None, source: Any | None) -> Schema:
    if source is not None:
        with DuckDBEngine.open() as engine:
            opened = open_source(source, engine.connection, recipe.input.reading(), scratch=engine.scratch)
            opened.close()
            return opened.schema
    declared = fitted.columns if fitted is not None else recipe.input.columns
    if not declared:
        raise CompileError(
            "the columns of the input are not known",
            hint="Name a table with --source, or declare them under input: columns: of the recipe.",
        )
    return Schema.of((name, TEXT) for name in declared)


def _statement(recipe: Recipe, fitted: FittedRecipe | None, schema: Schema, dialect: str, table: str) -> str:
    chain = Chain(dialect, "input", Table.of(schema))
    number = exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=exp.Literal.number(1))
    start = exp.select(exp.alias_(number, ROW, quoted=True), exp.Star()).from_(exp.to_table(table, dialect=dialect))
    relations = [Relation("input", start, comment="the input, its rows numbered in their order")]
    declared = fitted.columns if fitted is not None else recipe.input.columns
    reading = reading_effects(
        schema, {name: type_named(word) for name, word in declared.items()}, frozenset(recipe.input.columns)
    )
    if reading:
        chain, made = extend(chain, READING, reading)
        relations += made
    for index, step in enumerate(recipe.steps, 1):
        if fitted is None and step.params.stats(chain.table.schema):
            raise CompileError(
                f"step {index} ({step.op}) has to be measured on data first",
                hint="Name the table with --source, or compile a fitted recipe ('sanitizer fit').",
            )
        values = fitted.steps.get(index, {}) if fitted is not None else {}
        effects = bind(step, index, chain.table, Fitted(values)) or ()
        if needs_engine(effects):
            raise CompileError(
                f"step {index} ({step.op}) runs Python, which SQL cannot say", hint="Run it with 'sanitizer run'."
            )
        chain, made = extend(chain, info_of(recipe, index), effects, step.when)
        relations += made
    return _written(chain, relations, dialect)


def _written(chain: Chain, relations: list[Relation], dialect: str) -> str:
    query = output_query(chain) if chain.order else output_query(chain).order_by(column(ROW))
    for relation in relations:
        query = query.with_(
            exp.to_identifier(relation.name, quoted=True), as_=relation.query, materialized=relation.stored
        )
        query.args["with_"].expressions[-1].add_comments([f" {relation.name}: {relation.comment}"], prepend=True)
    return query.sql(dialect, pretty=True) + ";"
