"""Routes of logging in by a provider of OpenID Connect."""

from __future__ import annotations

import hmac
import re
from typing import Annotated

from fastapi import APIRouter, Cookie, Query, Request, Response
from fastapi.responses import RedirectResponse

from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.endpoints import PATH, let_in
from sanitizer_api.identity.oidc import MINUTES, Begun, Provider
from sanitizer_api.identity.oidc_login import let_in as entered_by
from sanitizer_api.identity.schemas import AccessToken
from sanitizer_api.problems import ApiError, NotAuthenticatedError
from sanitizer_api.state import State, StateOf

router = APIRouter(tags=["auth"])
COOKIE = "sanitizer_oidc"
PATH_HERE = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A path of this host. Browsers read a backslash as a slash, and leave out tabs and line ends."""
BegunCookie = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]
Word = Annotated[str, Query(max_length=4000)]


@router.get("/auth/oidc/login", status_code=302, response_class=Response)
async def begin(
    request: Request,
    state: StateOf,
    following: Annotated[str, Query(alias="next", max_length=1000, description="A path to go on to.")] = "",
) -> Response:
    """Sends the browser to the provider that is configured; 404 when none is."""
    provider = _provider(state, request)
    await state.rates.count_login(request)
    if following and not PATH_HERE.fullmatch(following):
        raise ApiError(f"'next' has to be a path of this host, such as /runs, but is {following!r}")
    begun = Begun.now(following)
    answer = RedirectResponse(await provider.address(begun), 302, {"Cache-Control": "no-store"})
    # Lax, since the browser comes back from another site.
    answer.set_cookie(
        COOKIE, begun.sealed(state.settings.signing_key()), max_age=MINUTES * 60, path=f"{PATH}/oidc", httponly=True,
        secure=state.settings.secure_cookies, samesite="lax",
    )  # fmt: skip
    return answer


@router.get("/auth/oidc/callback", responses={303: {"description": "Logged in, and sent on to `next`."}})
async def back(
    request: Request, response: Response, app: StateOf, kept: BegunCookie = None, code: Word = "", state: Word = "",
    error: Word = "",
) -> AccessToken:  # fmt: skip
    """Where the provider sends the browser back to: logs in as `/auth/login` does."""
    provider = _provider(app, request)
    await app.rates.count_login(request)
    begun = Begun.opened(kept or "", app.settings.signing_key())
    if not hmac.compare_digest(begun.state.encode(), state.encode()):
        raise NotAuthenticatedError("this login was begun by somebody else")
    if error or not code:
        raise NotAuthenticatedError(f"the provider said no: {error[:100] or 'it sent no code'}")
    somebody = await provider.somebody(begun, code)
    async with app.database.session(Scope(identity=True)) as session:
        entered = await entered_by(session, app.settings, somebody)
    response.delete_cookie(COOKIE, path=f"{PATH}/oidc")
    if begun.following:
        response.status_code, response.headers["Location"] = 303, begun.following
    return let_in(response, app, entered)


def _provider(state: State, request: Request) -> Provider:
    return Provider(state.settings, str(request.base_url).rstrip("/") + f"{PATH}/oidc/callback")
