"""``sanitizer compile``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanitizer_core.cli.console import say


def compile_command(
    recipe: Annotated[Path, typer.Argument(help="A recipe, or a fitted one.")],
    dialect: Annotated[str, typer.Option(help="Whose SQL: duckdb.")],
    source: Annotated[
        str | None, typer.Option(help="The table whose columns (and values, where the recipe needs them) count.")
    ] = None,
    table: Annotated[str, typer.Option(help="What the input is called in the SQL.")] = "source",
) -> None:
    """Print the SQL that RECIPE comes to, with a comment per step."""
    from sanitizer_core.cli.choosing import fitted_or_plain
    from sanitizer_core.pipeline.compiling import compile_recipe

    compiled = compile_recipe(fitted_or_plain(recipe, None), dialect, source, relation=table)
    say(compiled.sql + ";")
