"""Where the relations of a project are, as the rest of the pipeline calls them: so that its graphs meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote


def address_of(node: Mapping[str, Any], place: Mapping[str, Any]) -> str:
    """The address of a node's relation; its name in SQL where the warehouse has no address here.

    Args:
        node: of the manifest.
        place: where the warehouse is: its ``type``, and its ``host`` and ``port`` or its ``path``.
    """
    table = f"{node['schema']}.{node.get('identifier') or node.get('alias') or node['name']}"
    match place.get("type"):
        case "postgres":
            host = quote(str(place.get("host")), safe=".")
            return f"postgresql://{host}:{place.get('port')}/{node['database']}?table={table}"
        case "duckdb" if place.get("path") not in (None, ":memory:"):
            return f"duckdb:{place['path']}?table={table}"
        case _:
            return str(node["relation_name"])
