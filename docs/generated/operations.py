"""A page for each operation, from its class docstring, its parameters and its cases."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from generated.cases import examples
from generated.json_types import Node, in_words, resolved
from generated.markdown import code, first_sentence, prose, table
from sanitizer_core.ops import BUILT_IN, Operation

CASES = Path(__file__).parents[2] / "tests" / "cases"

INTRODUCTION = """# Operations

A step of a recipe names one of these. `sanitizer ops` lists them in a terminal, and `sanitizer ops NAME` shows one.

"""
NOT_IDEMPOTENT = (
    "!!! note\n    Applied to its own output, this operation may change cells again; the text above says why.\n"
)


def pages() -> dict[str, str]:
    """The pages by their names, and an index."""
    return {"operations/index.md": _index()} | {f"operations/{each.op}.md": page(each) for each in BUILT_IN}


def _index() -> str:
    parts = [INTRODUCTION]
    for family, members in groupby(sorted(BUILT_IN, key=lambda each: (each.family, each.op)), lambda each: each.family):
        rows = [(f"[{code(each.op)}]({each.op}.md)", first_sentence(each.__doc__)) for each in members]
        parts.append(f"## {family.capitalize()}\n\n{table(('operation', 'what it does'), rows)}\n")
    return "".join(parts)


def page(operation: type[Operation]) -> str:
    """The page of one operation."""
    parts = [f"# {operation.op}\n", prose(operation.__doc__) + "\n"]
    if not operation.idempotent:
        parts.append(NOT_IDEMPOTENT)
    if operation.refusals:
        parts += ["## Engines\n", table(("engine", "refuses"), sorted(operation.refusals.items()))]
    parts += ["## Parameters\n", parameters(operation)]
    shown = examples(CASES / operation.family / f"{operation.op}.yaml", operation.op)
    return "\n".join(parts + (["## Examples\n", shown] if shown else []))


def parameters(operation: type[Operation]) -> str:
    """The table of an operation's parameters."""
    schema = operation.model_json_schema(by_alias=False)
    if not schema.get("properties"):
        return "It has none.\n"
    definitions, required = schema.get("$defs", {}), schema.get("required", [])
    rows = [
        (
            _name(operation, name),
            in_words(node, definitions),
            _default(node, name in required, definitions),
            _meaning(node, definitions),
        )
        for name, node in schema["properties"].items()
    ]
    return table(("parameter", "takes", "default", "meaning"), rows)


def _name(operation: type[Operation], name: str) -> str:
    alias = operation.model_fields[name].alias
    return code(name) + (f" (also {code(alias)})" if alias and alias != name else "")


def _default(node: Node, required: bool, definitions: dict[str, Node]) -> str:
    if required:
        return "required"
    value = resolved(node, definitions).get("default")
    return "" if value in (None, {}, [], "") else code(_short(value))


def _short(value: object) -> str:
    if isinstance(value, dict):
        return _short(value["include"][0]) if value.get("include") else ", ".join(map(str, value))
    if isinstance(value, list):
        return ", ".join(map(_short, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _meaning(node: Node, definitions: dict[str, Node]) -> str:
    return prose(resolved(node, definitions).get("description"))
