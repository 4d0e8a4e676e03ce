"""Routes for whoever runs the registry."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from sanitizer_api.problems import ApiError
from sanitizer_api.state import StateOf

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """How it is."""

    status: str


class NotReadyError(ApiError):
    """The database does not answer."""

    status, name, title = 503, "not-ready", "Not ready"


@router.get("/health/live")
async def live() -> Health:
    """Whether the process answers."""
    return Health(status="alive")


@router.get("/health/ready")
async def ready(state: StateOf) -> Health:
    """Whether the database answers, too."""
    try:
        async with state.database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        raise NotReadyError("the database does not answer", headers={"Retry-After": "5"}) from None
    return Health(status="ready")


@router.get("/metrics", response_class=Response)
async def metrics(state: StateOf) -> Response:
    """Counts and times of requests, for Prometheus."""
    return Response(generate_latest(state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
