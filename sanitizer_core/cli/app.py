"""``sanitizer``: every command, and how errors reach whoever typed it.

Exit codes: 0 clean, 1 the contract or the quality gate failed, 2 passed with warnings, 3 could not run,
130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points, version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from sanitizer_core.cli import (
    changes,
    check,
    compiling,
    contract,
    dbt,
    demo,
    diff,
    fitting,
    history,
    lineage,
    ops,
    recipe,
    restoring,
    running,
)
from sanitizer_core.cli.console import complain
from sanitizer_core.errors import QUERY_INTERRUPTED, MissingExtraError, SanitizerError

COULD_NOT_RUN = 3
INTERRUPTED = 130
RARELY = (500_000, 30, 30)
"""How often Python looks for what nobody refers to. As often as it does by itself, that takes a tenth of a small run."""


class _Commands(TyperGroup):
    """Our own commands, and those of further packages, by the entry points ``sanitizer.commands``.

    The code of the latter is imported when one is called or all are listed: it takes long, or misses an extra.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *_further()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        own = super().get_command(ctx, cmd_name)
        return own if own is not None or cmd_name not in _further() else _loaded(_further()[cmd_name])


def _further() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="sanitizer.commands")}


def _loaded(entry: EntryPoint) -> Any:
    """The command of an entry point; one that says what to install, where that is missing."""
    try:
        function = entry.load()
    except ImportError as error:
        function = _missing(str(error.name), entry.extras[0] if entry.extras else "all")
    if isinstance(function, typer.Typer):
        return get_command(function)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(entry.name)(function)
    return get_command(alone)


def _missing(package: str, extra: str) -> Callable[[], None]:
    def command() -> None:
        raise MissingExtraError(package, extra)

    command.__doc__ = f"Needs the extra '{extra}', which is not installed."
    return command


app = typer.Typer(
    name="sanitizer",
    cls=_Commands,
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
app.command("lineage")(lineage.lineage_command)
app.command("runs")(history.runs_command)
app.command("scores")(history.scores_command)
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
    gc.set_threshold(*RARELY)
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:  # Typer makes an exit of a Ctrl-C that reached it, without a word.
            typer.echo("interrupted: nothing was left half-written", err=True)
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
    sys.exit(code or 0)
