"""A statement that measures in itself gives what a run gives that measures first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import ErrorLevel

from case_runner import Case, all_cases, put, run_case, shown
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import CompileError
from sanitizer_core.pipeline.compiling import compile_recipe

pytestmark = pytest.mark.slow

OPS = ("handle_missing", "handle_outliers", "scale_numeric")
CASES = [case for case in all_cases() if case.op in OPS and "error" not in case.data]
FEWEST = 25
"""How many of the cases can be said so: all but groups, commonest values and decimals."""


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=1) as opened:
        yield opened


def test_the_cells_are_those_of_a_run(engine: DuckDBEngine) -> None:
    said = sum(gives_the_same(case, engine) for case in CASES)
    assert said >= FEWEST


def gives_the_same(case: Case, engine: DuckDBEngine) -> bool:
    schema = put(engine, "source", case.data["input"], case.data.get("types", {}))
    needs = any(step.params.stats(schema) for step in case.recipe.steps)
    try:
        sql = compile_recipe(case.recipe, "duckdb", schema=schema).sql
    except CompileError as error:
        if "has to be known" not in error.message:
            raise
        return False
    outcome = run_case(engine, case.recipe, schema)
    assert shown(engine.connection.execute(sql).fetchall()) == shown(outcome.rows), case
    return needs


@pytest.mark.parametrize("dialect", ["snowflake", "bigquery", "redshift", "databricks", "trino", "spark"])
def test_every_dialect_measures(dialect: str, engine: DuckDBEngine) -> None:
    said = 0
    for case in CASES[::3]:
        schema = put(engine, "source", case.data["input"], case.data.get("types", {}))
        try:
            sql = compile_recipe(case.recipe, dialect, schema=schema).sql
        except CompileError:
            continue
        sqlglot.parse_one(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
        said += 1
    assert said > 5
