"""Generated recipes on generated tables: the cells that DuckDB gives are those that Postgres and Spark give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, reject, settings

from case_runner import Outcome, put, run_case, shown
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.errors import CompileError, FitError, PlanError, SourceError
from sanitizer_core.recipe import Recipe
from sanitizer_core.sources.address import parse_address
from strategies import TYPES, recipes, tables
from test_laws import GENERATED


@pytest.fixture(scope="module")
def duckdb_engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def postgres_engine(postgres: str) -> Iterator[PostgresEngine]:
    with PostgresEngine.open(parse_address(postgres, SourceError)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of masked columns."""
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")


def told(outcome: Outcome) -> tuple[Any, ...]:
    """All that a user sees of an outcome."""
    log = sorted(shown(outcome.log), key=repr)
    return outcome.names, shown(outcome.rows), log, outcome.removed, outcome.rejected, outcome.cleaned.fitted


def alike(one: Engine, other: Engine, cells: dict[str, list[Any]], plain: dict[str, Any]) -> None:
    """Holds the outcomes of two engines against each other; what the second refuses, or neither can do, is not asked here."""
    recipe = Recipe.model_validate(plain)
    schemas = [put(engine, "source", cells, TYPES) for engine in (one, other)]
    try:
        theirs = told(run_case(other, recipe, schemas[1]))
    except CompileError:
        reject()
    except (PlanError, FitError):
        with pytest.raises((PlanError, FitError)):
            run_case(one, recipe, schemas[0])
        reject()
    assert told(run_case(one, recipe, schemas[0])) == theirs


def holds_nul(cells: dict[str, list[Any]]) -> bool:
    """Text of Postgres holds no NUL."""
    return any(isinstance(cell, str) and "\0" in cell for column in cells.values() for cell in column)


@pytest.mark.slow
@settings(GENERATED, max_examples=40)
@given(cells=tables(), plain=recipes(most_steps=3))
def test_a_recipe_means_the_same(
    duckdb_engine: DuckDBEngine, postgres_engine: PostgresEngine, cells: dict[str, list[Any]], plain: dict[str, Any]
) -> None:
    if holds_nul(cells):
        reject()
    alike(duckdb_engine, postgres_engine, cells, plain)


@pytest.mark.spark
@pytest.mark.slow
@settings(GENERATED, max_examples=8)
@given(cells=tables(most_rows=5), plain=recipes(most_steps=2))
def test_a_recipe_means_the_same_on_spark(
    duckdb_engine: DuckDBEngine, quick_spark: SparkEngine, cells: dict[str, list[Any]], plain: dict[str, Any]
) -> None:
    alike(duckdb_engine, quick_spark, cells, plain)
