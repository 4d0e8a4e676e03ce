"""The one statement that a recipe compiles to gives what a run gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from case_runner import Case, all_cases, put, run_case, shown
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import CompileError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.compiling import What, compile_recipe

pytestmark = pytest.mark.slow

CASES = [case for case in all_cases() if "error" not in case.data]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=1) as opened:
        yield opened


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of masked columns."""
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")


def fitted_case(case: Case, values: Any) -> FittedRecipe:
    """The case's recipe with what a run measured."""
    recipe = case.recipe
    return FittedRecipe(recipe=recipe.plain(), digest=recipe.digest(), columns={}, steps=values)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_statement_gives_what_a_run_gives(case: Case, engine: DuckDBEngine) -> None:
    schema = put(engine, "source", case.data["input"], case.data.get("types", {}))
    outcome = run_case(engine, case.recipe, schema)
    fitted = fitted_case(case, outcome.cleaned.fitted)

    def rows(what: What) -> list[tuple[Any, ...]]:
        return engine.connection.execute(
            compile_recipe(fitted, "duckdb", schema=schema, what=what, run="run").sql
        ).fetchall()

    try:
        found = rows("clean")
    except CompileError as error:
        if "runs Python" not in str(error):
            raise
        return
    assert shown(found) == shown(outcome.rows)
    assert sorted(shown(rows("changes")), key=repr) == sorted(shown(outcome.log), key=repr)
    assert {row[0]: row[4] for row in rows("removed")} == outcome.removed
    assert {row[0]: row[6][0] for row in rows("rejected")} == outcome.rejected
