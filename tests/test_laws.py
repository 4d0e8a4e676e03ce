"""The laws of the house over generated tables and generated recipes, every operation included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from case_runner import check_laws, put, run_case
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import CompileError, FitError, PlanError
from sanitizer_core.ops import BUILT_IN
from sanitizer_core.recipe import Recipe
from strategies import STEPS, TYPES, recipes, tables

GENERATED = settings(
    deadline=None,
    max_examples=12,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=set(Phase) - {Phase.shrink},
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=1) as opened:
        yield opened


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of masked columns."""
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")


def test_every_operation_has_a_strategy() -> None:
    assert sorted(STEPS) == sorted(operation.op for operation in BUILT_IN)


def hold(engine: DuckDBEngine, cells: dict[str, list[Any]], plain: dict[str, Any]) -> None:
    """Runs a generated recipe over a generated table; one that does not fit the table is not what is asked here."""
    schema = put(engine, "source", cells, TYPES)
    recipe = Recipe.model_validate(plain)
    try:
        outcome = run_case(engine, recipe, schema)
    except (PlanError, FitError, CompileError):
        reject()
    check_laws(engine, recipe, outcome)


@pytest.mark.parametrize("op", sorted(STEPS))
def test_laws_of_an_operation(op: str, engine: DuckDBEngine) -> None:
    @GENERATED
    @given(tables(), recipes(first=op, most_steps=1))
    def holds(cells: dict[str, list[Any]], plain: dict[str, Any]) -> None:
        hold(engine, cells, plain)

    holds()


@pytest.mark.slow
@settings(GENERATED, max_examples=60)
@given(cells=tables(), plain=recipes(most_steps=4))
def test_laws_of_recipes(engine: DuckDBEngine, cells: dict[str, list[Any]], plain: dict[str, Any]) -> None:
    hold(engine, cells, plain)


@pytest.mark.slow
@settings(GENERATED, max_examples=15)
@given(cells=tables(), plain=recipes(most_steps=3), threads=st.sampled_from((2, 4)))
def test_the_number_of_threads_does_not_show(cells: dict[str, list[Any]], plain: dict[str, Any], threads: int) -> None:
    recipe = Recipe.model_validate(plain)
    given_rows = []
    for number in (1, threads):
        with DuckDBEngine.open(threads=number) as engine:
            schema = put(engine, "source", cells, TYPES)
            try:
                outcome = run_case(engine, recipe, schema)
            except (PlanError, FitError, CompileError):
                reject()
            given_rows.append(
                (outcome.rows, sorted(outcome.log), outcome.removed, outcome.rejected, outcome.cleaned.fitted)
            )
    assert repr(given_rows[0]) == repr(given_rows[1])
