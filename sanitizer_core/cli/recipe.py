"""``sanitizer recipe lint|digest|schema|publish|pull``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanitizer_core.cli.console import complain, plural, say, say_json
from sanitizer_core.cli.publishing import add_publishing
from sanitizer_core.errors import Problem, SanitizerError

app = typer.Typer(help="Look at recipes.", no_args_is_help=True, rich_markup_mode=None)
add_publishing(app, "recipes")


@app.command("lint")
def lint(
    recipes: Annotated[list[Path], typer.Argument(help="Recipes (YAML or JSON).")],
    source: Annotated[
        str | None, typer.Option(help="A table whose columns and types the recipe is held against.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell every problem of RECIPES at once, each with its line and step."""
    from sanitizer_core.pipeline.linting import lint_recipe
    from sanitizer_core.recipe import Recipe

    found: list[SanitizerError] = []
    for path in recipes:
        try:
            recipe = Recipe.load(path)
            if source is not None:
                lint_recipe(recipe, source, str(path))
        except SanitizerError as error:
            found.append(error)
    if as_json:
        say_json({"problems": [_plain(problem) for each in found for problem in each.problems]})
    else:
        for each in found:
            complain(each)
        if not found:
            say(f"{plural(len(recipes), 'recipe')} without problems")
    raise typer.Exit(1 if found else 0)


def _plain(problem: Problem) -> dict[str, object]:
    where = problem.where
    told = {name: getattr(where, name) for name in ("file", "line", "step", "op", "column")}
    return told | {"message": problem.message, "hint": problem.hint}


@app.command("digest")
def digest(recipe: Annotated[Path, typer.Argument(help="A recipe.")]) -> None:
    """Print the SHA-256 of what the recipe does to data; a changed description does not change it."""
    from sanitizer_core.recipe import Recipe

    say(Recipe.load(recipe).digest())


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of a recipe, for editors."""
    from sanitizer_core.recipe_schema import recipe_schema

    say_json(recipe_schema())
