"""The page of the command line, read off the Typer application."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from generated.markdown import code, prose, table
from sanitizer_core.cli import app

INTRODUCTION = """# Command line

Every command answers `--help`. What each exit code means is told [here](../troubleshooting.md#exit-codes).

"""


def pages() -> dict[str, str]:
    """The page by its name."""
    return {"command-line.md": INTRODUCTION + "\n".join(_section(*found) for found in commands())}


def commands() -> Iterator[tuple[str, TyperCommand]]:
    """Every command that does something, with its whole name (``sanitizer recipe lint``)."""
    yield from _below("sanitizer", typer.main.get_command(app))


def _below(name: str, command: object) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(command, TyperGroup):
        context = typer.Context(command, info_name=name)
        for word in command.list_commands(context):
            yield from _below(f"{name} {word}", command.get_command(context, word))
    elif isinstance(command, TyperCommand) and not command.hidden:
        yield name, command


def _section(name: str, command: TyperCommand) -> str:
    context = typer.Context(command, info_name=name)
    arguments = [_upper(each) for each in parameters(command) if isinstance(each, TyperArgument)]
    usage = " ".join([name, *arguments, "[OPTIONS]"])
    parts = [f"## {name}\n", prose(command.help) + "\n", f"```text\n{usage}\n```\n"]
    rows = [_row(each, context) for each in parameters(command)]
    if rows:
        parts.append(table(("argument or option", "meaning", "default"), rows))
    return "\n".join(parts)


def parameters(command: TyperCommand) -> list[TyperArgument | TyperOption]:
    """The arguments and options of a command that its help shows, but for ``--help`` itself."""
    return [each for each in command.params if isinstance(each, TyperArgument | TyperOption) and not each.hidden]


def _row(parameter: TyperArgument | TyperOption, context: typer.Context) -> tuple[str, str, str]:
    return signature(parameter, context), prose(parameter.help), _default(parameter)


def signature(parameter: TyperArgument | TyperOption, context: typer.Context) -> str:
    """How a parameter is written: ``RECIPE``, ``-o, --output <str>``, ``--strict``."""
    record = parameter.get_help_record(context)
    if isinstance(parameter, TyperArgument) or record is None:
        return code(_upper(parameter))
    return code(record[0])


def _upper(parameter: TyperArgument | TyperOption) -> str:
    """An argument as help texts call it; dots where there may be several."""
    return f"{(parameter.name or '').upper()}{'...' if parameter.nargs == -1 else ''}"


def _default(parameter: TyperArgument | TyperOption) -> str:
    if parameter.required:
        return "required"
    shown = parameter.default
    if shown is True:
        return code(parameter.opts[0])
    return "" if callable(shown) or shown in (None, False, (), []) else code(str(shown))
