"""Access tokens: short-lived, signed, and good without asking the database."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import jwt

from sanitizer_api.permissions import Permission, Role
from sanitizer_api.problems import NotAuthenticatedError

ALGORITHM = "HS256"
AUDIENCE = "sanitizer"


@dataclass(frozen=True)
class Caller:
    """Who asks.

    Args:
        login: the login or the token by which they came in.
        permissions: what they may do.
    """

    user: uuid.UUID
    organisation: uuid.UUID
    role: Role
    login: uuid.UUID
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class AccessTokens:
    """Writes and reads access tokens.

    Args:
        key: signs them.
        minutes: how long they are good for.
    """

    key: str
    minutes: int

    def write(self, caller: Caller) -> str:
        """A token for the caller."""
        now = datetime.now(UTC)
        claims = {
            "sub": str(caller.user),
            "org": str(caller.organisation),
            "role": caller.role.value,
            "sid": str(caller.login),
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + timedelta(minutes=self.minutes),
        }
        return jwt.encode(claims, self.key, ALGORITHM)

    def read(self, token: str) -> Caller:
        """Who the token stands for.

        Raises:
            NotAuthenticatedError: it is not ours, was changed, or is no longer good.
        """
        caller, until = _verified(self.key, token)
        if time.time() >= until:
            raise _expired()
        return caller


@lru_cache(maxsize=10_000)
def _verified(key: str, token: str) -> tuple[Caller, float]:
    """Who a token stands for, and until when: what was signed once stays so, and a client sends it with every request."""
    try:
        claims = jwt.decode(token, key, [ALGORITHM], audience=AUDIENCE, options={"require": ["exp", "sub"]})
        role = Role(claims["role"])
        user, organisation, login = (uuid.UUID(claims[name]) for name in ("sub", "org", "sid"))
    except jwt.ExpiredSignatureError:
        raise _expired() from None
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise NotAuthenticatedError("the access token is not good") from None
    return Caller(user, organisation, role, login, role.permissions), float(claims["exp"])


def _expired() -> NotAuthenticatedError:
    return NotAuthenticatedError("the access token has expired", hint="Refresh it, or log in again.")
