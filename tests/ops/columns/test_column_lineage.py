"""Each column knows the input columns that it is made from, and how."""

from __future__ import annotations

from typing import Any

import pytest

from sanitizer_core.pipeline.typing import sketch
from sanitizer_core.plan import StepInfo, Table, bind
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import INTEGER, TEXT, Schema

SCHEMA = Schema.of([("a", TEXT), ("b", TEXT), ("n", INTEGER)])


def lineage(*steps: dict[str, Any]) -> dict[str, dict[str, str]]:
    table = Table.of(SCHEMA)
    recipe = Recipe.model_validate({"name": "lineage", "steps": list(steps)})
    for number, step in enumerate(recipe.steps, 1):
        effects = bind(step, number, table, None)
        assert effects is not None
        table = sketch(table, StepInfo(number, step.op), effects)
    return {slot.name: {each.column: each.origin for each in slot.ancestors} for slot in table.slots}


@pytest.mark.parametrize(
    ("step", "column", "expected"),
    [
        (
            {"op": "derive_column", "params": {"name": "x", "expression": "UPPER(A) || b"}},
            "x",
            {"a": "transformation", "b": "transformation"},
        ),
        ({"op": "derive_column", "params": {"name": "x", "expression": "1"}}, "x", {}),
        (
            {"op": "derive_column", "params": {"name": "a", "expression": "a || b", "replace": True}},
            "a",
            {"a": "transformation", "b": "transformation"},
        ),
        (
            {"op": "split_column", "params": {"column": "a", "separator": ",", "into": ["x", "y"]}},
            "y",
            {"a": "transformation"},
        ),
        (
            {"op": "merge_columns", "params": {"columns": ["b", "n"], "into": "x"}},
            "x",
            {"b": "transformation", "n": "transformation"},
        ),
        (
            {"op": "merge_columns", "params": {"columns": ["b", "n"], "into": "b"}},
            "b",
            {"b": "transformation", "n": "transformation"},
        ),
        ({"op": "rename_columns", "params": {"mapping": {"a": "x"}}}, "x", {"a": "identity"}),
        ({"op": "clean_text", "params": {"columns": ["a"]}}, "a", {"a": "transformation"}),
        ({"op": "clean_text", "params": {"columns": ["a"]}}, "b", {"b": "identity"}),
        ({"op": "replace_values", "params": {"custom": {"a": {"x": "y"}}}}, "a", {"a": "transformation"}),
        ({"op": "sort_rows", "params": {"by": "n"}}, "n", {"n": "identity"}),
    ],
)
def test_a_column_knows_what_it_is_made_from(step: dict[str, Any], column: str, expected: dict[str, str]) -> None:
    assert lineage(step)[column] == expected


def test_lineage_goes_through_steps() -> None:
    found = lineage(
        {"op": "rename_columns", "params": {"mapping": {"a": "first"}}},
        {"op": "merge_columns", "params": {"columns": ["first", "b"], "into": "whole"}},
        {"op": "split_column", "params": {"column": "whole", "separator": " ", "into": ["x", "y"]}},
    )
    assert found == {
        "x": dict.fromkeys("ab", "transformation"),
        "y": dict.fromkeys("ab", "transformation"),
        "n": {"n": "identity"},
    }
