"""Generated recipes on generated tables: the cells that DuckDB gives are those that Postgres gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, reject, settings

from case_runner import Outcome, put, run_case, shown
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.postgres import PostgresEngine
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


@pytest.mark.slow
@settings(GENERATED, max_examples=40)
@given(cells=tables(), plain=recipes(most_steps=3))
def test_a_recipe_means_the_same(
    duckdb_engine: DuckDBEngine, postgres_engine: PostgresEngine, cells: dict[str, list[Any]], plain: dict[str, Any]
) -> None:
    if any(isinstance(cell, str) and "\0" in cell for column in cells.values() for cell in column):
        reject()  # Text of Postgres holds no NUL.
    recipe, outcomes = Recipe.model_validate(plain), []
    for engine in (duckdb_engine, postgres_engine):
        schema = put(engine, "source", cells, TYPES)
        try:
            outcomes.append(told(run_case(engine, recipe, schema)))
        except (PlanError, FitError, CompileError):
            reject()
    assert outcomes[0] == outcomes[1]
