"""Where the relations of a project are, as the rest of the pipeline calls them: so that its graphs meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sanitizer_core.sources.address import at_table
from sanitizer_core.sources.postgres.names import written


def address_of(node: Mapping[str, Any], place: Mapping[str, Any]) -> str:
    """The address of a node's relation; its name in SQL where the warehouse has no address here.

    Args:
        node: of the manifest.
        place: where the warehouse is: its ``type``, and its ``host`` and ``port`` or its ``path``.
    """
    schema, name = node["schema"], node.get("identifier") or node.get("alias") or node["name"]
    match place.get("type"):
        case "postgres":
            host = quote(str(place.get("host")), safe=".")
            database = quote(node["database"], safe="")
            return f"postgresql://{host}:{place.get('port')}/{database}" + at_table(written(schema, name))
        case "duckdb" if place.get("path") not in (None, ":memory:"):
            return f"duckdb:{place['path']}" + at_table(f"{schema}.{name}")
        case _:
            return str(node["relation_name"])
