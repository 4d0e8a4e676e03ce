"""Steps that a recipe lets go when they cannot be applied: which, and that they are told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import psycopg
import pytest

from sanitizer_core.errors import CompileError, PlanError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.compiling import compile_recipe
from sanitizer_core.pipeline.linting import lint_recipe
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe

TABLE = pd.DataFrame({"name": [" a", "b"], "n": [-1, 2]})


def of(step: dict[str, Any], **further: Any) -> Recipe:
    return Recipe.model_validate({"name": "r", "version": 1, "steps": [step], **further})


SCALE_TEXT = {"op": "scale_numeric", "params": {"columns": ["name"]}}
LOG_OF_NEGATIVE = {"op": "scale_numeric", "params": {"columns": ["n"], "method": "log"}}


def test_an_optional_step_is_left_out_where_a_column_is_missing_only(tmp_path: Path) -> None:
    missing = [
        {"op": "scale_numeric", "params": {"columns": ["nope"]}},
        {"op": "filter_rows", "params": {"keep": "nope > 1"}},
        {"op": "derive_column", "params": {"name": "x", "expression": "1"}, "when": "nope"},
    ]
    for step in missing:
        result = run(TABLE, of(step | {"optional": True}), tmp_path / "out.parquet")
        assert "was left out: no column 'nope'" in result.record.notes[0]
        lint_recipe(of(step | {"optional": True}), TABLE, "-")
    with pytest.raises(PlanError, match="needs a numeric column"):
        run(TABLE, of(SCALE_TEXT | {"optional": True}), tmp_path / "out.parquet")


@pytest.mark.parametrize("step", [SCALE_TEXT, LOG_OF_NEGATIVE, {"op": "drop_columns", "params": {"columns": ["nope"]}}])
def test_a_step_that_may_be_skipped_is_skipped_whatever_is_wrong(step: dict[str, Any], tmp_path: Path) -> None:
    recipe = of(step | {"on_error": "skip"})
    result = run(TABLE, recipe, tmp_path / "out.parquet")
    assert "was skipped: " in result.record.notes[0]
    assert pd.read_parquet(tmp_path / "out.parquet")["n"].tolist() == [-1, 2]
    assert result.record.rows.out == 2


def test_a_statement_skips_what_a_run_skips(tmp_path: Path) -> None:
    run(TABLE, of(LOG_OF_NEGATIVE | {"on_error": "skip"}), tmp_path / "out.parquet")
    fitted = FittedRecipe.load(tmp_path / "out.run" / "fitted.json")
    compiled = compile_recipe(fitted, "duckdb", typed=True, relation="t")
    assert "was skipped" in compiled.notes[0]
    with duckdb.connect() as connection:
        connection.register("t", TABLE)
        assert connection.execute(compiled.sql).fetchall() == [(" a", -1), ("b", 2)]


def test_what_only_an_engine_cannot_say_is_refused_there_all_the_same(postgres: str, tmp_path: Path) -> None:
    recipe = of(
        {"op": "clean_text", "params": {"columns": ["name"], "html": True}, "on_error": "skip"}, input={"order": ["n"]}
    )
    run(TABLE, recipe, tmp_path / "out.parquet")
    assert pd.read_parquet(tmp_path / "out.parquet")["name"].tolist() == ["a", "b"]
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE TABLE let_go AS SELECT ' a' AS name, 1 AS n")
    with pytest.raises(CompileError, match="needs Python"):
        run(f"{postgres}&table=let_go", recipe, f"{postgres}&table=let_go_clean")
