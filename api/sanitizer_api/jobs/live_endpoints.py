"""Routes for watching a job: server-sent events, and a WebSocket."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials

from sanitizer_api.access import Caller
from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.caller import Reader, bearer, caller_of
from sanitizer_api.jobs.live import Changes, event_of, views
from sanitizer_api.jobs.schemas import JobView
from sanitizer_api.jobs.service import Desk
from sanitizer_api.permissions import Permission
from sanitizer_api.problems import ApiError, ForbiddenError, NotAuthenticatedError, document_of
from sanitizer_api.state import State, StateOf

router = APIRouter(prefix="/jobs", tags=["jobs"])
socket_router = APIRouter(prefix="/ws/jobs")

PROTOCOL = "bearer"
"""A browser cannot send a header with a WebSocket: it offers the protocols ``bearer`` and its token."""
REFUSED = 4400
"""A WebSocket that is refused is closed with this and the status: 4401, 4403, 4404."""


async def changes_of(request: Request) -> Changes:
    """Who tells of changes in this app."""
    known = request.app.state.changes
    assert isinstance(known, Changes)
    return known


@router.get(
    "/{job_id}/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}}
)
async def events(
    job_id: uuid.UUID,
    known: Reader,
    state: StateOf,
    changes: Annotated[Changes, Depends(changes_of)],
    given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> StreamingResponse:
    """The job now, and at every change until its end, as server-sent events (`event: job`)."""
    look = _looking(state, given.credentials, job_id)
    await look()
    return StreamingResponse(
        _events(changes, job_id, look), media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )  # fmt: skip


async def _events(changes: Changes, job: uuid.UUID, look: Callable[[], Awaitable[JobView]]) -> AsyncIterator[str]:
    try:
        async for view in views(changes, job, look):
            yield event_of(view)
    except ApiError as error:
        yield f"event: problem\ndata: {document_of(error).model_dump_json(exclude_none=True)}\n\n"


@socket_router.websocket("/{job_id}")
async def watch(socket: WebSocket, job_id: uuid.UUID) -> None:
    """The job now, and at every change until its end, as JSON; then the socket is closed."""
    state, changes = socket.app.state.registry, socket.app.state.changes
    token, protocol = _token(socket)
    await socket.accept(subprotocol=protocol)
    try:
        look = _looking(state, token, job_id)
        async for view in views(changes, job_id, look):
            await socket.send_text(view.model_dump_json() if view is not None else "{}")
        await socket.close()
    except ApiError as error:
        await socket.close(REFUSED - 400 + error.status, error.detail[:120])
    except WebSocketDisconnect:
        return


def _token(socket: WebSocket) -> tuple[str | None, str | None]:
    """The token, and the protocol that is answered."""
    scheme, _, token = socket.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token, None
    offered = socket.scope.get("subprotocols", [])
    if len(offered) == 2 and offered[0] == PROTOCOL:
        return offered[1], PROTOCOL
    return None, None


def _looking(state: State, token: str | None, job: uuid.UUID) -> Callable[[], Awaitable[JobView]]:
    """Reads the job, each time only if the token is still good."""

    async def look() -> JobView:
        if token is None:
            raise NotAuthenticatedError("no token was sent", hint="Send 'Authorization: Bearer TOKEN'.")
        known: Caller = await caller_of(state, token)
        if Permission.READ not in known.permissions:
            raise ForbiddenError("this needs the permission 'read'")
        async with state.database.session(Scope(known.organisation)) as session:
            return JobView.model_validate(await Desk(session, known, state.settings).find(job))

    return look
