"""``sanitizer fit``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanitizer_core.cli.console import say
from sanitizer_core.cli.progress import watching


def fit_command(
    recipe: Annotated[Path, typer.Argument(help="A recipe (YAML or JSON).")],
    source: Annotated[str, typer.Argument(help="The table to measure.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the fitted recipe goes (JSON).")],
) -> None:
    """Measure what RECIPE needs from SOURCE, so that it means the same on every next batch."""
    from sanitizer_core.pipeline.fitting import fit

    with watching() as watch:
        fitted = fit(source, recipe, watch=watch)
    fitted.dump(output)
    values = sum(len(step) for step in fitted.steps.values())
    say(f"{output}: {values} values for {len(fitted.steps)} steps")
