"""``sanitizer``: every command, and how errors reach whoever typed it.

Exit codes: 0 clean, 1 the contract or the quality gate failed, 2 passed with warnings, 3 could not run,
130 interrupted.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from sanitizer_core.cli import (
    changes,
    check,
    compiling,
    contract,
    dbt,
    demo,
    diff,
    fitting,
    ops,
    recipe,
    restoring,
    running,
)
from sanitizer_core.cli.console import complain
from sanitizer_core.errors import SanitizerError

COULD_NOT_RUN = 3
INTERRUPTED = 130
QUERY_INTERRUPTED = "Query interrupted"
"""What DuckDB raises, as a RuntimeError, when Ctrl-C meets it within a statement."""

app = typer.Typer(
    name="sanitizer",
    help="Clean tables by a recipe, hold them against a contract, explain every changed cell, and undo it.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("run")(running.run_command)
app.command("fit")(fitting.fit_command)
app.command("restore")(restoring.restore_command)
app.command("check")(check.check_command)
app.command("diff")(diff.diff_command)
app.command("changes")(changes.changes_command)
app.command("ops")(ops.ops_command)
app.command("compile")(compiling.compile_command)
app.command("demo")(demo.demo_command)
app.add_typer(recipe.app, name="recipe")
app.add_typer(contract.app, name="contract")
app.add_typer(dbt.app, name="dbt")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sanitizer {version('sanitizer-core')}")
        raise typer.Exit


@app.callback()
def _root(
    shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Clean tables by a recipe, hold them against a contract, explain every changed cell, and undo it."""


def main() -> None:
    """Runs the command line; every foreseen failure is a sentence on the standard error."""
    try:
        code = app(standalone_mode=False)
    except SanitizerError as error:
        complain(error)
        code = COULD_NOT_RUN
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("interrupted: nothing was left half-written", err=True)
        code = INTERRUPTED
    except typer.TyperException as error:
        # Misuse (an unknown option, a missing argument) knows how to show itself with the usage line.
        show = getattr(error, "show", None)
        show() if show is not None else typer.echo(f"error: {error}", err=True)
        code = COULD_NOT_RUN
    except Exception as error:
        if os.environ.get("SANITIZER_TRACEBACK"):
            raise
        if str(error) == QUERY_INTERRUPTED:
            typer.echo("interrupted: nothing was left half-written", err=True)
            sys.exit(INTERRUPTED)
        typer.echo(f"error: a defect of Data Sanitizer: {type(error).__name__}: {error}", err=True)
        typer.echo(
            "Nothing was left half-written. Set SANITIZER_TRACEBACK=1 to see where it happened, and report it.",
            err=True,
        )
        code = COULD_NOT_RUN
    except BrokenPipeError:
        # Whoever read the output has gone; the interpreter would complain once more when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code or 0)
