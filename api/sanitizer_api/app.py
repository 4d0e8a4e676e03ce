"""The registry as an application."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool

from sanitizer_api import problems
from sanitizer_api.access import AccessTokens
from sanitizer_api.audit import endpoints as audit
from sanitizer_api.bodies import BodyLimit
from sanitizer_api.browsing import endpoints as browsing
from sanitizer_api.comparing import endpoints as comparing
from sanitizer_api.datasets import endpoints as datasets
from sanitizer_api.datasets import file_endpoints as files
from sanitizer_api.db.engine import Database
from sanitizer_api.definitions import endpoints as definitions
from sanitizer_api.definitions.kinds import KINDS
from sanitizer_api.erasure import endpoints as erasure
from sanitizer_api.health import endpoints as health
from sanitizer_api.identity import endpoints as identity
from sanitizer_api.identity import members, oidc_endpoints
from sanitizer_api.jobs import endpoints as jobs
from sanitizer_api.jobs import live_endpoints as live_jobs
from sanitizer_api.jobs.live import Changes
from sanitizer_api.lineage import routes as lineage
from sanitizer_api.lineage.intake import Intake
from sanitizer_api.logs import RequestLog
from sanitizer_api.metrics import Measured, Metrics
from sanitizer_api.operations import endpoints as operations
from sanitizer_api.problems import ProblemDocument
from sanitizer_api.quotas import endpoints as quotas
from sanitizer_api.rates import Rates
from sanitizer_api.restoring import endpoints as restoring
from sanitizer_api.retention import endpoints as retention
from sanitizer_api.review import endpoints as review
from sanitizer_api.runs import endpoints as runs
from sanitizer_api.runs import file_endpoints as run_files
from sanitizer_api.runs import sending_endpoints as run_sending
from sanitizer_api.runs import story_endpoints as run_stories
from sanitizer_api.settings import Settings
from sanitizer_api.state import State
from sanitizer_api.stores.opening import store_of
from sanitizer_api.tracing import trace
from sanitizer_api.uploads import endpoints as uploads
from sanitizer_api.webhooks import endpoints as webhooks

ROUTERS = (
    runs.router, identity.router, members.router, run_files.router, operations.router, audit.router, datasets.router,
    quotas.router, webhooks.router, review.router,
    lineage.router, oidc_endpoints.router,
    run_stories.router, run_sending.router, comparing.router,
    uploads.router, jobs.router, live_jobs.router,
    files.router, retention.router, erasure.router, restoring.router,
)  # fmt: skip
"""The routes under ``/api/v1``. They are tried one after the other: what is asked for most stands first."""


Beside = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def create_app(settings: Settings, address: str, beside: Beside | None = None) -> FastAPI:
    """The registry on the database at an address, whose tables are there.

    Args:
        beside: what runs in the same process, such as a worker; it ends when the event is set that it is given.

    Raises:
        ValueError: a setting is not safe.
    """
    access = AccessTokens(settings.signing_key(), settings.access_minutes)
    state = State(settings, Database.of(address, settings), access, Rates(settings), Metrics(), store_of(settings))
    app = FastAPI(
        title="Data Sanitizer registry",
        version=version("sanitizer-core"),
        description=__doc__,
        lifespan=partial(_lifespan, beside=beside),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses={"default": {"model": ProblemDocument, "description": "What went wrong (RFC 9457)."}},
    )
    app.state.registry, app.state.changes, app.state.intake = state, Changes(address), Intake(state.database)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(browsing.router)
    api = APIRouter(prefix="/api/v1")
    # Before the routes of the same paths that take every query.
    api.include_router(lineage.shared)
    for plural in KINDS:
        api.include_router(definitions.router, prefix=f"/{plural}", tags=[plural])
    for router in ROUTERS:
        api.include_router(router)
    for parent in (api, app):
        parent.include_router(live_jobs.socket_router)
    app.include_router(api)
    app.add_middleware(Measured, metrics=state.metrics)
    app.add_middleware(
        BodyLimit,
        limit=settings.body_limit,
        others=dict.fromkeys((uploads.PART, run_sending.PART), settings.part_limit),
    )
    app.add_middleware(RequestLog)
    app.state.end_tracing = trace(app, state.database.engine, settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI, beside: Beside | None) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    working = asyncio.create_task(beside(stopping)) if beside is not None else None
    if working is not None:
        working.add_done_callback(_tell_of_end)
    yield
    stopping.set()
    if working is not None:
        await asyncio.wait((working,))
    await app.state.registry.lasting.end()
    await app.state.changes.close()
    await app.state.registry.database.close()
    await run_in_threadpool(app.state.end_tracing)


def _tell_of_end(working: asyncio.Task[None]) -> None:
    if not working.cancelled() and (error := working.exception()) is not None:
        logging.getLogger("sanitizer.worker").error("the worker beside the API ended", exc_info=error)
