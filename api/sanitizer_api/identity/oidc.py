"""OpenID Connect: sending somebody to the provider, and believing what it says of them.

Authorization code flow with PKCE (RFC 7636); state and nonce tie the answer to the browser that asked.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client, oauth2_client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt as signed
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sanitizer_api.access import ALGORITHM
from sanitizer_api.problems import ApiError, NotAuthenticatedError, NotFoundError
from sanitizer_api.settings import Settings

HTTP_ERROR: type[Exception] = oauth2_client.httpx2.HTTPError
"""What the client raises when nobody answers: it speaks through one of two generations of httpx."""
AUDIENCE = "sanitizer-oidc"
MINUTES = 10
"""How long a login at the provider may take."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""


class ProviderError(ApiError):
    """The provider does not answer, or not as OpenID Connect has it."""

    status, name, title = 502, "provider", "The provider of logins failed"


@dataclass(frozen=True)
class Begun:
    """What the browser keeps between leaving and coming back.

    Args:
        following: the path to go on to, on our own host; empty: answer as the other logins do.
    """

    state: str
    nonce: str
    verifier: str
    following: str

    @classmethod
    def now(cls, following: str) -> Begun:
        """A login that begins: three words that nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        return cls(state, nonce, verifier, following)

    def sealed(self, key: str) -> str:
        """As the value of a cookie, signed, good for ten minutes."""
        ends = datetime.now(UTC) + timedelta(minutes=MINUTES)
        return jwt.encode({**asdict(self), "aud": AUDIENCE, "exp": ends}, key, ALGORITHM)

    @classmethod
    def opened(cls, sealed: str, key: str) -> Begun:
        """The login of a cookie.

        Raises:
            NotAuthenticatedError: it is not ours, or took too long.
        """
        try:
            told = jwt.decode(sealed, key, [ALGORITHM], audience=AUDIENCE, options={"require": ["exp"]})
            return cls(*(str(told[name]) for name in ("state", "nonce", "verifier", "following")))
        except (jwt.InvalidTokenError, KeyError):
            raise NotAuthenticatedError("this login was not begun here, or took too long", hint=_AGAIN) from None


@dataclass(frozen=True)
class Somebody:
    """Whom the provider knows; the e-mail address only where it says that it is verified."""

    subject: str
    email: str | None
    name: str
    groups: tuple[str, ...]


_AGAIN = "Begin again at /api/v1/auth/oidc/login."


class Provider:
    """A provider, as the settings name it."""

    def __init__(self, settings: Settings, redirect: str) -> None:
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            raise NotFoundError("no provider of logins is configured", hint="See SANITIZER_OIDC_ISSUER.")
        self.issuer, self.client_id = settings.oidc_issuer, settings.oidc_client_id
        self._settings, self._redirect = settings, settings.oidc_redirect_url or redirect

    async def address(self, begun: Begun) -> str:
        """Where to send the browser."""
        async with self._client() as client:
            known = await self._discovered(client)
            address, _ = client.create_authorization_url(
                known["authorization_endpoint"], state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return str(address)

    async def somebody(self, begun: Begun, code: str) -> Somebody:
        """Who came back with a code.

        Raises:
            NotAuthenticatedError: the provider does not know the code, or its token is not good.
            ProviderError: it does not answer.
        """
        async with self._client() as client:
            known = await self._discovered(client)
            keys = await self._json(client, known["jwks_uri"])
            try:
                told = await client.fetch_token(known["token_endpoint"], code=code, code_verifier=begun.verifier)
            except AuthlibBaseError:
                raise NotAuthenticatedError("the provider does not know this login", hint=_AGAIN) from None
            except (HTTP_ERROR, ValueError):
                raise ProviderError("the provider's token endpoint does not answer") from None
        return self._believed(told.get("id_token"), keys, begun.nonce)

    def _client(self) -> Any:
        secret = self._settings.oidc_client_secret
        return AsyncOAuth2Client(
            self.client_id, secret.get_secret_value() if secret else None, scope=self._settings.oidc_scopes,
            redirect_uri=self._redirect, code_challenge_method="S256", timeout=10,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
        )  # fmt: skip

    async def _discovered(self, client: Any) -> dict[str, Any]:
        told = await self._json(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if told.get("issuer") != self.issuer or not all(isinstance(told.get(each), str) for each in needed):
            raise ProviderError(f"what answers at {self.issuer} is no provider, or calls itself otherwise")
        return told

    async def _json(self, client: Any, address: str) -> dict[str, Any]:
        try:
            answer = await client.request("GET", address, withhold_token=True)
            told = answer.raise_for_status().json()
        except (HTTP_ERROR, ValueError):
            raise ProviderError("the provider does not answer") from None
        if not isinstance(told, dict):
            raise ProviderError("the provider's answer is not understood")
        return told

    def _believed(self, token: Any, keys: dict[str, Any], nonce: str) -> Somebody:
        try:
            told = signed.decode(str(token), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            options = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client_id},
            }
            params = {"nonce": nonce, "client_id": self.client_id}
            CodeIDToken(told.claims, told.header, options, params).validate(leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError):
            raise NotAuthenticatedError("the provider's token is not good", hint=_AGAIN) from None
        return self._told(told.claims)

    def _told(self, claims: dict[str, Any]) -> Somebody:
        email = claims.get("email") if claims.get("email_verified") is True else None
        groups = claims.get(self._settings.oidc_groups_claim)
        known = tuple(map(str, groups)) if isinstance(groups, list) else ()
        name = str(claims.get("name") or claims.get("preferred_username") or email or "Somebody")
        return Somebody(str(claims["sub"]), str(email) if email else None, name[:200], known)
