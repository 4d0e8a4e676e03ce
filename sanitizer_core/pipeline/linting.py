"""Holding a recipe against an input's columns, before its rows are read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sanitizer_core.document import Document, read_document
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import PlanError, Problem
from sanitizer_core.pipeline.reading import Reading
from sanitizer_core.pipeline.typing import guess_types, settle_types, sketch
from sanitizer_core.plan import StepInfo, Table, bind, let_go
from sanitizer_core.recipe import Recipe, StepBase
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sources import open_source


def lint_recipe(recipe: Recipe, source: Any, name: str) -> None:
    """Holds a recipe against a source's columns and types; of text files the first rows tell the types.

    Raises:
        PlanError: with every problem at once, each with its line and step.
    """
    with DuckDBEngine.open() as engine:
        reading = Reading(open_source(source, engine.connection, recipe.input.reading(), scratch=engine.scratch))
        try:
            guesses = (
                reading.sample(lambda opened: guess_types(engine, opened.view, opened.schema))
                if reading.opened.is_text
                else {}
            )
            types = settle_types(recipe, reading.opened.schema, guesses)
        finally:
            reading.opened.close()
    schema = Schema(tuple(Column(each.name, types.get(each.name, each.type)) for each in reading.opened.schema))
    found = problems_against(recipe, schema)
    if found:
        document = read_document(name)
        raise PlanError("the recipe does not fit the input", found=[_placed(problem, document) for problem in found])


def problems_against(recipe: Recipe, schema: Schema) -> list[Problem]:
    """Every problem of a recipe with a table of these columns; a step that cannot be planned changes nothing."""
    found: list[Problem] = []
    table = Table.of(schema)
    for number, step in enumerate(recipe.steps, 1):
        info = StepInfo(number, step.op)
        try:
            effects = bind(step, number, table, None)
            if effects is None:
                return found  # From here on the columns depend on the data.
            table = sketch(table, info, effects)
        except PlanError as error:
            found += _fatal(step, number, error)
    return found


def _fatal(step: StepBase, number: int, error: PlanError) -> list[Problem]:
    try:
        let_go(step, number, error)
    except PlanError:
        return [replace(p, where=replace(p.where, step=number, op=step.op)) for p in error.problems]
    return []


def _placed(problem: Problem, document: Document) -> Problem:
    step = problem.where.step
    line = document.line_of(("steps", step - 1)) if step is not None else None
    return replace(problem, where=replace(problem.where, file=document.name, line=line))
