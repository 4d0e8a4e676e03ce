"""Recipe files that are wrong, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanitizer_core.errors import RecipeError
from sanitizer_core.recipe import Recipe


def said_of(text: str, name: str = "recipe.yaml") -> str:
    with pytest.raises(RecipeError) as raised:
        Recipe.loads(text, name)
    return str(raised.value)


def test_aliases_that_unfold_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "unfold into too much" in said_of("\n".join(lines))


def test_a_key_that_is_there_twice_is_told_with_its_line() -> None:
    assert said_of("name: a\nsteps: []\nname: b\n") == "the key 'name' is there twice in recipe.yaml:3"


def test_what_is_no_yaml_or_json_is_told_with_its_line() -> None:
    assert "recipe.yaml:3" in said_of("name: a\nsteps: [\n")
    assert "not valid JSON" in said_of('{"name": "a",\n "steps": [,]}', "recipe.json")


def test_a_list_is_no_recipe() -> None:
    assert "a recipe is a mapping" in said_of("- op: clean_text\n")


def test_yes_and_no_are_words_and_dates_stay_text() -> None:
    recipe = Recipe.loads("name: a\ndescription: no\ntags: [yes, 2024-01-02]\nsteps: []\n")
    assert recipe.description == "no"
    assert recipe.tags == ("yes", "2024-01-02")


def test_parameters_beside_the_operation_are_told_where_to_stand() -> None:
    told = said_of("name: a\nsteps:\n  - op: clean_text\n    columns: [a]\n")
    assert (
        "unknown key 'columns' in step 1, clean_text (recipe.yaml:4). Parameters of an operation stand under 'params'."
        in told
    )


def test_two_steps_may_not_have_one_id() -> None:
    assert "two steps have the id 'x'" in said_of(
        "name: a\nsteps:\n  - {op: nullify, id: x}\n  - {op: nullify, id: x}\n"
    )


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_a_recipe_that_is_written_reads_back_the_same(tmp_path: Path, ending: str) -> None:
    recipe = Recipe.loads(
        "name: a\nversion: 4\ntags: [x]\nquality: {minimum: 80}\nsteps:\n"
        "  - {op: clean_text, id: c, when: a = 'b', params: {cols: {include: 'all text', except: [b]}, case: UPPER}}\n"
    )
    recipe.dump(tmp_path / f"r.{ending}")
    again = Recipe.load(tmp_path / f"r.{ending}")
    assert again.plain() == recipe.plain()
    assert again.digest() == recipe.digest()
