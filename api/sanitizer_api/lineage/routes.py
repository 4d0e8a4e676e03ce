"""Every route of lineage."""

from __future__ import annotations

from fastapi import APIRouter

from sanitizer_api.lineage import catalogue, endpoints, statistics, tagging

router = APIRouter()
for part in (endpoints, catalogue, tagging, statistics):
    router.include_router(part.router)

shared = catalogue.shared
"""Routes of paths that others have too: they come first, and take the requests that are meant for them."""
