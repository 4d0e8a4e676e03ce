"""From the names on the command line to recipes."""

from __future__ import annotations

from pathlib import Path

from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.recipe import Recipe


def fitted_or_plain(recipe: Path, fitted: Path | None) -> Recipe | FittedRecipe:
    """The recipe in a file, with the values of another file when one is given.

    Raises:
        RecipeError: a file cannot be read, or the values belong to another recipe.
    """
    if FittedRecipe.is_one(recipe):
        return FittedRecipe.load(recipe)
    plain = Recipe.load(recipe)
    return plain if fitted is None else FittedRecipe.load_for(plain, fitted)
