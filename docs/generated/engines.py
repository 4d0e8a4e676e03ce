"""The page of engines: which dialect can say what each operation asks, by compiling the operation's cases."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import yaml
from sqlglot import exp

from generated.markdown import code, table
from sanitizer_core.chain import Chain, Relation, named
from sanitizer_core.compile import extend, needs_engine
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import CompileError, PlanError, SanitizerError
from sanitizer_core.fitted import measure_step
from sanitizer_core.ops import BUILT_IN, Operation
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.pipeline.clean import clean
from sanitizer_core.plan import Table, bind, info_of, let_go
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import Schema
from sanitizer_core.sql import cast_to, literal
from sanitizer_core.sql.dialects import LOWERINGS
from sanitizer_core.types_by_name import type_named

CASES = Path(__file__).parents[2] / "tests" / "cases"
LOOKED_AT = 12
"""Cases of an operation that are compiled; its first ones show what it is for."""

INTRODUCTION = """# Engines

Which engine, or which dialect that recipes are compiled for, can say what an operation asks: every case that the operation's page
begins with is compiled. **yes**: all of them; **partly**: some; **no**: none. What is refused is refused before any data is read, with the
step and what to do instead.

"""


def pages() -> dict[str, str]:
    """The page by its name."""
    os.environ.setdefault("SANITIZER_KEY", "a key for the documentation")
    dialects = ("duckdb", *sorted(LOWERINGS))
    parts = [INTRODUCTION]
    with DuckDBEngine.open() as engine:
        for family, members in groupby(sorted(BUILT_IN, key=_place), lambda each: each.family):
            rows = [(f"[{code(each.op)}](operations/{each.op}.md)", *_row(engine, each, dialects)) for each in members]
            parts.append(f"## {family.capitalize()}\n\n{table(('operation', *dialects), rows)}\n")
    return {"engines.md": "".join(parts)}


def _place(operation: type[Operation]) -> tuple[str, str]:
    return operation.family, operation.op


def _row(engine: DuckDBEngine, operation: type[Operation], dialects: tuple[str, ...]) -> list[str]:
    runs = list(islice(_runs(engine, operation), LOOKED_AT))
    said = {
        dialect: [_says(recipe, schema, fitted, dialect) for recipe, schema, fitted in runs] for dialect in dialects
    }
    said["duckdb"] = [True]
    return ["yes" if all(said[each]) else "partly" if any(said[each]) else "no" for each in dialects]


def _runs(engine: DuckDBEngine, operation: type[Operation]) -> Iterator[tuple[Recipe, Schema, Mapping[int, Any]]]:
    """The recipes of the cases, with their input's columns and what was measured of it."""
    path = CASES / operation.family / f"{operation.op}.yaml"
    for case in yaml.safe_load(path.read_text(encoding="utf-8")):
        if "error" in case or not case["input"]:
            continue
        steps = case.get("steps") or [{"op": operation.op, "params": case.get("params", {})}]
        steps[0] |= {"when": case["when"]} if "when" in case else {}
        recipe = Recipe.model_validate({"name": "case", "steps": steps})
        schema = _put(engine, case["input"], case.get("types", {}))
        try:
            yield recipe, schema, clean(engine, "source", schema, recipe).fitted
        except SanitizerError:
            continue


def _put(engine: DuckDBEngine, cells: Mapping[str, list[Any]], types: Mapping[str, str]) -> Schema:
    kinds = {name: type_named(types.get(name, "string")) for name in cells}
    parts: list[exp.Query] = [
        exp.select(*(named(cast_to(literal(cell), kinds[name]), name) for name, cell in zip(cells, row, strict=True)))
        for row in list(zip(*cells.values(), strict=True)) or [(None,) * len(cells)]
    ]
    query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    engine.create(Relation("source", query, stored=True))
    return engine.schema_of("source")


class _AskedError(Exception):
    """A query was compiled; what it would give is not needed."""


def _ask(query: exp.Query) -> list[tuple[Any, ...]]:
    raise _AskedError


def _says(recipe: Recipe, schema: Schema, fitted: Mapping[int, Any], dialect: str) -> bool:
    chain = Chain(dialect, "input", Table.of(schema))
    try:
        for number, step in enumerate(recipe.steps, 1):
            with suppress(_AskedError):
                measure_step(chain, step.params.stats(chain.table.schema), step.when, _ask)
            try:
                effects = bind(step, number, chain.table, Fitted(fitted.get(number, {}))) or ()
            except PlanError as error:
                let_go(step, number, error)
                continue
            if needs_engine(effects):
                return False
            chain, _ = extend(chain, info_of(recipe, number), effects, step.when)
    except CompileError:
        return False
    return True
