"""A recipe with a mapping means the same after it was written as JSON and read again."""

from __future__ import annotations

import json

from sanitizer_core.recipe import Recipe


def test_keys_that_are_no_text_survive_json() -> None:
    mapping = [{"old": None, "new": "a"}, {"old": 1, "new": "b"}, {"old": True, "new": "c"}, {"old": "1", "new": None}]
    recipe = Recipe.model_validate({"name": "r", "steps": [{"op": "replace_values", "params": {"mapping": mapping}}]})
    again = Recipe.model_validate(json.loads(json.dumps(recipe.plain())))
    assert again.plain()["steps"][0]["params"]["mapping"] == mapping
    assert again.digest() == recipe.digest()


def test_a_mapping_and_a_list_of_entries_are_one_recipe() -> None:
    short = {"op": "replace_values", "params": {"mapping": {None: "a", "x": "y"}}}
    long = {"op": "replace_values", "params": {"mapping": [{"old": None, "new": "a"}, {"old": "x", "new": "y"}]}}
    digests = {Recipe.model_validate({"name": "r", "steps": [step]}).digest() for step in (short, long)}
    assert len(digests) == 1
