"""Fitting a recipe to a table, without writing the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.reading import Reading, stored_size
from sanitizer_core.pipeline.settle import clean_opened, fitted_recipe
from sanitizer_core.pipeline.watch import Watch
from sanitizer_core.recipe import Recipe
from sanitizer_core.sources import open_source


def fit(source: Any, recipe: Recipe | str | Path, *, watch: Watch | None = None) -> FittedRecipe:
    """Measures what a recipe needs from a source, so that it can be applied to each batch alike.

    Raises:
        SanitizerError: the source cannot be read, or the recipe does not fit it.
    """
    plain = recipe if isinstance(recipe, Recipe) else Recipe.load(recipe)
    with DuckDBEngine.open() as engine:
        opened = open_source(source, engine.connection, plain.input.reading(), scratch=engine.scratch)
        engine.make_room(stored_size(opened))
        reading = Reading(opened)
        try:
            cleaned, types = clean_opened(engine, reading, plain, None, (watch or Watch()).begin)
        finally:
            reading.opened.close()
        return fitted_recipe(plain, cleaned, types)
