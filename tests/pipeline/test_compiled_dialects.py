"""What is compiled for each dialect parses there, and calls nothing that is not built in; all else is refused by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from calls import calls
from case_runner import Case, all_cases, put, run_case
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import CompileError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.compiling import DIALECTS, What, compile_recipe
from sanitizer_core.schema import Schema
from sanitizer_core.sql.functions import FUNCTIONS

pytestmark = pytest.mark.slow

BUILTINS = Path(__file__).parents[1] / "data" / "builtins"
NONE_OF_ITS_OWN = ("duckdb", "databricks")
"""Dialects of which every eighth case is enough: one is run, the other says what Spark says."""

WHATS: tuple[What, ...] = ("clean", "clean", "changes", "clean", "removed", "rejected")
"""What is compiled of one case after the other."""

FEWEST = {"snowflake": 125, "bigquery": 120, "redshift": 100, "trino": 125, "spark": 130, "databricks": 130}
"""How many portable functions each dialect says at least."""


@dataclass(frozen=True)
class Measured:
    """A case's recipe with the values that a run measured, and its table's columns."""

    case: Case
    recipe: FittedRecipe
    schema: Schema


@pytest.fixture(scope="module")
def measured() -> Iterator[list[Measured]]:
    """Every case that is no error, measured."""
    os.environ["SANITIZER_KEY"] = "a key for tests, not a secret"
    found = []
    with DuckDBEngine.open(threads=1) as engine:
        for case in all_cases():
            if "error" not in case.data and case.op != "python":
                schema = put(engine, "source", case.data["input"], case.data.get("types", {}))
                steps = run_case(engine, case.recipe, schema).cleaned.fitted
                recipe = FittedRecipe(
                    recipe=case.recipe.plain(),
                    digest=case.recipe.digest(),
                    columns={},
                    steps={number: dict(values) for number, values in steps.items()},
                )
                found.append(Measured(case, recipe, schema))
    yield found
    del os.environ["SANITIZER_KEY"]


def check(sql: str, dialect: str, told: str) -> None:
    """Holds a statement against the dialect's grammar and its built-in functions."""
    known = set((BUILTINS / f"{dialect}.txt").read_text().split())
    statement = sqlglot.parse_one(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
    assert isinstance(statement, exp.Query), told
    strange = set(calls(sql, dialect)) - known
    assert not strange, f"{told}: {dialect} has no {', '.join(sorted(strange))}"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_case_compiles_to_what_the_dialect_knows_or_is_refused_by_name(
    dialect: str, measured: list[Measured]
) -> None:
    compiled = 0
    for index, each in enumerate(measured[:: 8 if dialect in NONE_OF_ITS_OWN else 1]):
        sql, refusal = attempt(each, dialect, WHATS[index % len(WHATS)])
        if refusal is None:
            check(sql, dialect, str(each.case))
            compiled += 1
        else:
            steps = {step.op for step in each.case.recipe.steps} | {"read"}
            # A name that no column of the dialect can have is no step's.
            assert refusal.where.op in steps or "name" in refusal.message, f"{each.case}: {refusal}"
            assert refusal.where.engine == dialect, f"{each.case}: {refusal}"
            assert refusal.hint, f"{each.case}: {refusal}"
    assert compiled > 0


def attempt(each: Measured, dialect: str, what: What) -> tuple[str, CompileError | None]:
    """The statement, or why there is none."""
    try:
        return compile_recipe(each.recipe, dialect, schema=each.schema, what=what, run="run").sql, None
    except CompileError as error:
        return "", error


@pytest.mark.parametrize("dialect", sorted(FEWEST))
def test_a_dialect_says_most_functions(dialect: str) -> None:
    assert sum(dialect in function.lowerings for function in FUNCTIONS.values()) >= FEWEST[dialect]
