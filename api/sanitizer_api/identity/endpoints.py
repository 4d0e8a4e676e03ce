"""Routes of registering and logging in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, Request, Response

from sanitizer_api.db.scope import Scope
from sanitizer_api.identity import repository, service
from sanitizer_api.identity.caller import KnownCaller, OwnSession
from sanitizer_api.identity.schemas import AccessToken, Credentials, Me, OrganisationView, Registration
from sanitizer_api.identity.service import WRONG, Entered
from sanitizer_api.problems import NotAuthenticatedError, NotFoundError
from sanitizer_api.state import State, StateOf

router = APIRouter(tags=["auth"])
COOKIE = "sanitizer_refresh"
PATH = "/api/v1/auth"
RefreshWord = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]


@router.post("/auth/register", status_code=201)
async def register(wanted: Registration, request: Request, response: Response, state: StateOf) -> AccessToken:
    """Registers a user, in an organisation of their own or by an invitation to another's."""
    await state.rates.count_login(request)
    async with state.database.session(Scope(identity=True)) as session:
        entered = await service.register(session, state.settings, wanted)
    return let_in(response, state, entered)


@router.post("/auth/login")
async def login(
    given: Credentials, request: Request, response: Response, state: StateOf, word: RefreshWord = None
) -> AccessToken:
    """Logs in: gives an access token, and the cookie that refreshes it; the login of a cookie that is sent along ends."""
    await state.rates.count_login(request)
    async with state.database.session(Scope(identity=True)) as session:
        entered = await service.login(session, state.settings, given)
        if entered is not None and word is not None:
            await service.logout(session, word)
    if entered is None:
        raise NotAuthenticatedError(WRONG)
    return let_in(response, state, entered)


@router.post("/auth/refresh")
async def refresh(response: Response, state: StateOf, word: RefreshWord = None) -> AccessToken:
    """A new access token for the cookie, and a new cookie: each is good once.

    One that comes back ends the login; within ten seconds it is answered 409 first, for another tab may have asked at the
    same time: ask again, with the cookie that this one got.
    """
    async with state.database.session(Scope(identity=True)) as session:
        entered = await service.refresh(session, state.settings, word or "")
    if entered is None:
        raise NotAuthenticatedError("the login is not good, or no longer", hint="Log in again.")
    return let_in(response, state, entered)


@router.post("/auth/logout", status_code=204)
async def logout(response: Response, state: StateOf, word: RefreshWord = None) -> None:
    """Ends the login of the cookie. Access tokens that were given out run out by themselves."""
    async with state.database.session(Scope(identity=True)) as session:
        await service.logout(session, word or "")
    response.delete_cookie(COOKIE, path=PATH)


@router.get("/me")
async def me(known: KnownCaller, session: OwnSession) -> Me:
    """Who asks, and what they may."""
    membership = await repository.member(session, known.user)
    if membership is None:
        raise NotFoundError("you are no longer a member of this organisation")
    organisation = await repository.organisation(session, known.organisation)
    return Me(
        id=known.user,
        email=membership.user.email,
        name=membership.user.name,
        organisation=OrganisationView(id=organisation.id, name=organisation.name),
        role=known.role,
        permissions=sorted(known.permissions),
    )


def let_in(response: Response, state: State, entered: Entered) -> AccessToken:
    """Sets the cookie of a login, and gives its access token."""
    response.set_cookie(
        COOKIE, entered.refresh, max_age=state.settings.refresh_days * 86_400, path=PATH, httponly=True,
        secure=state.settings.secure_cookies, samesite="strict",
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return AccessToken(access_token=state.access.write(entered.caller), expires_in=state.access.minutes * 60)
