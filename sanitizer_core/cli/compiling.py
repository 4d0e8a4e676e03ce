"""``sanitizer compile``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanitizer_core.cli.console import say


def compile_command(
    recipe: Annotated[Path, typer.Argument(help="A recipe, or a fitted one.")],
    dialect: Annotated[
        str,
        typer.Option(help="Whose SQL: duckdb, postgres, spark, databricks, snowflake, bigquery, redshift or trino."),
    ],
    source: Annotated[
        str | None, typer.Option(help="A table at hand, for its columns and for values that have to be measured.")
    ] = None,
    table: Annotated[str, typer.Option(help="What the input is called in the SQL.")] = "source",
    what: Annotated[
        str, typer.Option(help="clean: the table; changes: the log; removed, rejected: the rows that steps took away.")
    ] = "clean",
    typed: Annotated[
        bool, typer.Option("--typed", help="The columns that the recipe declares have their types already.")
    ] = False,
) -> None:
    """Print the SQL that RECIPE comes to, as one statement with a comment per step."""
    from sanitizer_core.cli.choosing import fitted_or_plain
    from sanitizer_core.pipeline.compiling import compile_recipe, known_what

    plain = fitted_or_plain(recipe, None)
    compiled = compile_recipe(plain, dialect, source, relation=table, what=known_what(what), typed=typed)
    say(compiled.sql + ";")
