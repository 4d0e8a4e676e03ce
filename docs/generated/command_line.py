"""The page of the command line, read off the Typer application."""

from __future__ import annotations

from collections.abc import Iterator

import click
import typer
from sanitizer_core.cli import app

from generated.markdown import code, prose, table

INTRODUCTION = """# Command line

Every command answers `--help`. What each exit code means is told [here](../troubleshooting.md#exit-codes).

"""


def pages() -> dict[str, str]:
    """The page by its name."""
    return {"command-line.md": INTRODUCTION + "\n".join(_section(*found) for found in commands())}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its whole name (``sanitizer recipe lint``)."""
    yield from _below("sanitizer", typer.main.get_command(app))


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for word, inner in command.commands.items():
            if not inner.hidden:
                yield from _below(f"{name} {word}", inner)
    else:
        yield name, command


def _section(name: str, command: click.Command) -> str:
    usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=name)))
    shown = [each for each in command.params if not getattr(each, "hidden", False) and each.name != "help"]
    parts = [f"## {name}\n", prose(command.help) + "\n", f"```text\n{name} {usage}\n```\n"]
    if shown:
        parts.append(table(("argument or option", "meaning", "default"), map(_row, shown)))
    return "\n".join(parts)


def _row(parameter: click.Parameter) -> tuple[str, str, str]:
    return signature(parameter), prose(getattr(parameter, "help", None)), _default(parameter)


def signature(parameter: click.Parameter) -> str:
    """How a parameter is written: ``RECIPE``, ``--output, -o PATH``, ``--strict``."""
    metavar = parameter.make_metavar(click.Context(click.Command("sanitizer")))
    if isinstance(parameter, click.Argument):
        return code(metavar)
    words = ", ".join((*parameter.opts, *parameter.secondary_opts))
    return code(words if getattr(parameter, "is_flag", False) else f"{words} {metavar}")


def _default(parameter: click.Parameter) -> str:
    if parameter.required:
        return "required"
    shown = parameter.default
    return "" if callable(shown) or shown in (None, False, (), []) else code(str(shown))
