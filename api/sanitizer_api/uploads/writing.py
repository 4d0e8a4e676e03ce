"""Who may send a part: somebody with a token, or whoever has its signed address."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials

from sanitizer_api.identity.caller import allowed, bearer, caller
from sanitizer_api.permissions import Permission
from sanitizer_api.state import StateOf
from sanitizer_api.stores.signing import Signer


async def writer(
    request: Request,
    state: StateOf,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    organisation: Annotated[uuid.UUID | None, Query()] = None,
    expires: Annotated[int | None, Query()] = None,
    signature: Annotated[str | None, Query(max_length=200)] = None,
) -> uuid.UUID:
    """The organisation whose upload it is.

    Raises:
        NotAuthenticatedError: neither a token nor a signature was sent.
        ForbiddenError: they may not, or the signature is of another part.
    """
    if signature is None or organisation is None:
        return (await allowed(Permission.PUBLISH)(await caller(request, state, given))).organisation
    words = (str(request.path_params.get(name)) for name in ("upload_id", "number"))
    Signer(state.settings.signing_key()).check(expires, signature, "PUT", *words, organisation=str(organisation))
    return organisation


Writer = Annotated[uuid.UUID, Depends(writer)]
