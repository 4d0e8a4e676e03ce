"""The JSON Schema of a recipe accepts what a recipe reads, and refuses what no recipe could be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from case_runner import Case, all_cases
from sanitizer_core.recipe_schema import recipe_schema

VALIDATOR = jsonschema.Draft202012Validator(recipe_schema())

# A table may have a column called "columns"; a schema cannot know whether that is meant.
BEYOND_A_SCHEMA = "columns called like parameters"


def readable(case: Case) -> bool:
    try:
        return bool(case.recipe)
    except ValidationError:
        return False


def written(case: Case) -> dict[str, Any]:
    steps = case.data.get("steps") or [{"op": case.op, "params": case.data.get("params", {})}]
    return {"name": "case", "version": 1, "steps": steps}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(recipe_schema())


def test_every_recipe_of_the_cases_is_accepted() -> None:
    cases = [case for case in all_cases() if readable(case) and not case.data["name"].startswith(BEYOND_A_SCHEMA)]
    assert cases
    assert not [str(case) for case in cases if not VALIDATOR.is_valid(written(case))]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x", "steps": [{"op": "cleantext"}]},
        {"name": "x", "steps": [{"op": "clean_text", "params": {"colums": ["a"]}}]},
        {"name": "x", "steps": [{"op": "clean_text", "params": {"columns": "a", "cols": "b"}}]},
        {"name": "x", "steps": [{"op": "clean_text", "when": 1}]},
        {"name": "x", "stepz": []},
        {"steps": []},
    ],
    ids=["operation", "parameter", "two names", "condition", "key", "no name"],
)
def test_what_no_recipe_could_be_is_refused(wrong: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(wrong)


def test_the_command_prints_it() -> None:
    command = [str(Path(sys.executable).parent / "sanitizer"), "recipe", "schema"]
    assert json.loads(subprocess.run(command, capture_output=True, check=True).stdout) == recipe_schema()
