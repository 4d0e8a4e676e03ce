"""A JSON Schema's types in words."""

from __future__ import annotations

from typing import Any

from generated.markdown import code

Node = dict[str, Any]


def in_words(node: Node, definitions: dict[str, Node]) -> str:
    """What a property may hold: ``number or null``, ``list of text``, `` `first`, `last` ``."""
    if node.get("$ref", "").endswith("/ColumnSelector"):
        return "[columns](../../recipes.md#which-columns)"
    node = resolved(node, definitions)
    if "const" in node:
        return code(str(node["const"]))
    if "enum" in node:
        return ", ".join(code(str(word)) for word in node["enum"])
    for union in ("anyOf", "oneOf"):
        if union in node:
            return " or ".join(dict.fromkeys(in_words(each, definitions) for each in node[union]))
    return _plain(node, definitions)


def _plain(node: Node, definitions: dict[str, Node]) -> str:
    match node.get("type"):
        case "array" if "items" in node:
            return f"list of {in_words(node['items'], definitions)}"
        case "object" if isinstance(node.get("additionalProperties"), dict):
            return f"mapping to {in_words(node['additionalProperties'], definitions)}"
        case "object" if "properties" in node:
            return "{" + ", ".join(node["properties"]) + "}"
        case "string":
            return "text"
        case str(kind):
            return {"object": "mapping", "array": "list"}.get(kind, kind)
        case _:
            return "anything"


def resolved(node: Node, definitions: dict[str, Node]) -> Node:
    """A node behind its ``$ref``, with what was said beside it."""
    if "$ref" not in node:
        return node
    return definitions[node["$ref"].rsplit("/", 1)[1]] | {key: value for key, value in node.items() if key != "$ref"}
