"""The order of the input's rows: that of a file, a declared one, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanitizer_core import run
from sanitizer_core.chain import Chain
from sanitizer_core.compile import extend
from sanitizer_core.errors import CompileError, PlanError
from sanitizer_core.ops.stat import UNFITTED
from sanitizer_core.plan import StepInfo, Table, bind
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import INTEGER, TEXT, Schema

KEEP_FIRST = {"op": "remove_duplicates", "params": {"columns": ["name"]}}


def recipe(*steps: dict[str, Any], order: list[str] | None = None) -> Recipe:
    return Recipe.model_validate({"name": "ordered", "input": {"order": order or []}, "steps": list(steps)})


def compiled(step: dict[str, Any]) -> None:
    """Compiles a step for a table whose rows have no order."""
    schema = Schema.of([("name", TEXT), ("age", INTEGER)])
    chain = Chain("duckdb", "input", Table.of(schema), numbered=False)
    effects = bind(recipe(step).steps[0], 1, chain.table, UNFITTED)
    extend(chain, StepInfo(1, step["op"]), effects or ())


def test_a_file_is_read_in_the_declared_order_by_value(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,name\n10,b\n9,a\n2,b\n")
    result = run(tmp_path / "in.csv", recipe(KEEP_FIRST, order=["id"]), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "id,name\n2,b\n9,a\n"
    assert result.record.rows.removed == 1


def test_a_declared_order_needs_its_column(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id\n1\n")
    with pytest.raises(PlanError, match=r"no column 'ident'.*Allowed: id"):
        run(tmp_path / "in.csv", recipe(order=["ident"]), tmp_path / "out.csv")


def test_the_order_is_part_of_the_digest() -> None:
    assert recipe(order=["id"]).digest() != recipe(order=["id desc"]).digest() != recipe().digest()
    assert recipe().plain() == {"name": "ordered", "version": 1, "steps": []}


@pytest.mark.parametrize(
    "step",
    [
        KEEP_FIRST,
        {"op": "remove_duplicates", "params": {"columns": ["name"], "keep": "most_complete"}},
        {"op": "remove_duplicates", "params": {"ignore_case": True}},
        {"op": "handle_missing", "params": {"columns": ["age"], "strategy": "forward_fill"}},
    ],
    ids=["first of some", "best of some", "first of nearly equal", "carried over"],
)
def test_cells_that_depend_on_an_order_are_refused_without_one(step: dict[str, Any]) -> None:
    with pytest.raises(CompileError, match=r"input: \{order"):
        compiled(step)


@pytest.mark.parametrize(
    "step",
    [
        {"op": "remove_duplicates"},
        {"op": "remove_duplicates", "params": {"columns": ["name"], "order": ["age"]}},
        {"op": "remove_duplicates", "params": {"columns": ["name"], "keep": "none"}},
        {"op": "handle_missing", "params": {"columns": ["age"], "strategy": "forward_fill", "order": ["name"]}},
    ],
    ids=["equal rows", "own order", "none is kept", "carried over in an order"],
)
def test_cells_that_do_not_are_compiled(step: dict[str, Any]) -> None:
    compiled(step)
