"""The one statement that a recipe compiles to gives what a run gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from case_runner import Case, all_cases, put, run_case, shown
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import CompileError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.compiling import What, compile_recipe
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe

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


def test_a_fitted_recipe_knows_the_columns_of_every_type(engine: DuckDBEngine, tmp_path: Path) -> None:
    rows = "SELECT ' a' AS name, -1 AS n, 1.50::DECIMAL(9,2) AS price, [1, 2] AS tags, 'x'::BLOB AS raw, DATE '2024-02-29' AS day"
    engine.connection.execute(f"CREATE OR REPLACE TABLE typed AS {rows}")
    recipe = Recipe.loads("{name: r, version: 1, steps: [{op: clean_text}]}")
    run(engine.connection.table("typed"), recipe, tmp_path / "out.parquet")
    fitted = FittedRecipe.load(tmp_path / "out.run" / "fitted.json")
    given = engine.connection.execute(compile_recipe(fitted, "duckdb", typed=True, relation="typed").sql)
    assert [each[0] for each in given.description] == ["name", "n", "price", "tags", "raw", "day"]
    assert given.fetchall() == [("a", -1, Decimal("1.50"), [1, 2], b"x", date(2024, 2, 29))]
    again = run(engine.connection.table("typed"), fitted, tmp_path / "again.parquet")
    assert again.record.rows.out == 1
    (tmp_path / "as_text.csv").write_text("name,n,price,tags,raw,day\n b,7,2.5,none,y,2024-03-01\n")
    run(tmp_path / "as_text.csv", fitted, tmp_path / "text.parquet")
    found = engine.connection.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "text.parquet")]).fetchall()
    assert found == [("b", 7, Decimal("2.50"), "none", "y", date(2024, 3, 1))]
