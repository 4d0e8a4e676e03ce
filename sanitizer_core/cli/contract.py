"""``sanitizer contract infer``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanitizer_core.cli.console import say
from sanitizer_core.cli.publishing import add_publishing

app = typer.Typer(help="Make contracts.", no_args_is_help=True, rich_markup_mode=None)
add_publishing(app, "contracts")


@app.callback()
def _root() -> None:
    """Make contracts."""


@app.command("infer")
def infer(
    source: Annotated[str, typer.Argument(help="A table that is as it should be.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the contract goes (YAML).")],
    name: Annotated[str | None, typer.Option(help="The contract's name; else the file's.")] = None,
) -> None:
    """Propose a contract from a table: types, ranges, allowed values; read it before you rely on it."""
    from sanitizer_core.pipeline.contracts import infer_from

    contract = infer_from(source, name or output.name.split(".")[0])
    contract.dump(output)
    say(f"{output}: contract {contract.name} v{contract.version}; read it before you rely on it")
