"""``sanitizer ops``."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated

import typer

from sanitizer_core.cli.console import say, say_json
from sanitizer_core.errors import RecipeError, did_you_mean

if TYPE_CHECKING:
    from sanitizer_core.ops import Operation


def ops_command(
    name: Annotated[str | None, typer.Argument(help="An operation; without one, all are listed.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, with the JSON Schema of the parameters.")
    ] = False,
) -> None:
    """List the operations, or show one with its parameters."""
    from sanitizer_core.ops import catalogue

    found = catalogue()
    if name is not None and name not in found:
        raise RecipeError(f"unknown operation {name!r}", hint=did_you_mean(name, found))
    chosen = {name: found[name]} if name is not None else found
    if as_json:
        say_json({"operations": [_plain(operation) for operation in chosen.values()]})
    elif name is not None:
        _page(found[name])
    else:
        _list(found)


def _plain(operation: type[Operation]) -> dict[str, object]:
    return {
        "op": operation.op,
        "family": operation.family,
        "summary": _summary(operation),
        "params": operation.model_json_schema(),
    }


def _summary(operation: type[Operation]) -> str:
    return (inspect.getdoc(operation) or "").splitlines()[0]


def _list(found: dict[str, type[Operation]]) -> None:
    width = max(map(len, found))
    family = None
    for operation in found.values():
        if operation.family != family:
            family = operation.family
            say(family)
        say(f"  {operation.op:<{width}}  {_summary(operation)}")


def _page(operation: type[Operation]) -> None:
    say(f"{operation.op} ({operation.family})\n")
    say(inspect.getdoc(operation) or "")
    say("\nParameters:")
    for name, field in operation.model_fields.items():
        shown = field.alias if field.alias and field.alias != "cols" else name
        default = "required" if field.is_required() else f"default {field.get_default(call_default_factory=True)!r}"
        say(f"  {shown}: {field.description or ''} ({default})")
