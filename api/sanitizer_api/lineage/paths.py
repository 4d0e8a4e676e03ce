"""Routes as Marquez has them: names that hold slashes, and one path that is ours too."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs, unquote

from fastapi.routing import APIRoute
from starlette.routing import Match


class EncodedRoute(APIRoute):
    """A route whose names may hold slashes: it is matched before ``%2F`` is decoded, and its parameters are decoded after."""

    def matches(self, scope: MutableMapping[str, Any]) -> tuple[Match, MutableMapping[str, Any]]:
        raw = scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1")
        if scope["type"] != "http" or "%" not in raw:
            return super().matches(scope)
        match, found = super().matches({**scope, "path": raw})
        if match != Match.NONE:
            known = found["path_params"].items()
            found["path_params"] = {name: unquote(value) if isinstance(value, str) else value for name, value in known}
        return match, found


class OffsetRoute(EncodedRoute):
    """A route for requests that say ``offset``, as Marquez' clients do; others are for the next route of that path."""

    def matches(self, scope: MutableMapping[str, Any]) -> tuple[Match, MutableMapping[str, Any]]:
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        return super().matches(scope) if "offset" in asked else (Match.NONE, {})
