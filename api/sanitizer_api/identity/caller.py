"""From a request to who asks, and to a session that sees what they may see."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.service import caller_of_token, is_current
from sanitizer_api.identity.words import TOKEN_PREFIX
from sanitizer_api.permissions import Permission
from sanitizer_api.problems import ForbiddenError, NotAuthenticatedError
from sanitizer_api.state import State, StateOf

bearer = HTTPBearer(auto_error=False, description="An access token of a login, or an API token (`dst_…`).")


async def caller(
    request: Request, state: StateOf, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """Who asks.

    Raises:
        NotAuthenticatedError: nobody that is known.
    """
    if given is None:
        raise NotAuthenticatedError("no token was sent", hint="Send 'Authorization: Bearer TOKEN'.")
    known = await caller_of(state, given.credentials)
    await state.rates.count_request(request, str(known.login))
    return known


async def caller_of(state: State, token: str) -> Caller:
    """Who a token stands for.

    Raises:
        NotAuthenticatedError: nobody that is known.
    """
    if not token.startswith(TOKEN_PREFIX):
        return state.access.read(token)
    async with state.database.session(Scope(identity=True)) as session:
        return await caller_of_token(session, token)


KnownCaller = Annotated[Caller, Depends(caller)]


async def scoped_session(state: StateOf, known: KnownCaller) -> AsyncIterator[AsyncSession]:
    """The request's transaction: it sees the caller's organisation, and is committed when the route is done."""
    async with state.database.session(Scope(known.organisation)) as session:
        yield session


OwnSession = Annotated[AsyncSession, Depends(scoped_session, scope="function")]


def allowed(permission: Permission) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that is the caller, once it is known that they may."""

    async def check(known: KnownCaller) -> Caller:
        if permission not in known.permissions:
            raise ForbiddenError(
                f"this needs the permission {permission.value!r}",
                hint=f"You are {known.role.value} and have: {', '.join(sorted(known.permissions)) or 'none'}.",
            )
        return known

    return check


async def current(known: KnownCaller, state: StateOf) -> Caller:
    """Who asks, if they still are what their access token says: for what outlasts such a token.

    Raises:
        NotAuthenticatedError: they logged out, were removed, or have another role by now.
    """
    async with state.database.session(Scope(known.organisation)) as session:
        if not await is_current(session, known):
            raise NotAuthenticatedError(
                "you are no longer logged in as that", hint="Refresh the token, or log in again."
            )
    return known


CurrentCaller = Annotated[Caller, Depends(current)]
Reader = Annotated[Caller, Depends(allowed(Permission.READ))]
Reporter = Annotated[Caller, Depends(allowed(Permission.REPORT))]
Publisher = Annotated[Caller, Depends(allowed(Permission.PUBLISH))]
Runner = Annotated[Caller, Depends(allowed(Permission.RUN))]


async def administrator(known: Annotated[Caller, Depends(allowed(Permission.ADMINISTER))], state: StateOf) -> Caller:
    """Who asks and may administer, by now as well (see ``current``)."""
    return await current(known, state)


Administrator = Annotated[Caller, Depends(administrator)]
