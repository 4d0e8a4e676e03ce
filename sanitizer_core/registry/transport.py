"""Requests that are sent again when that can help."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sanitizer_core.errors import MissingExtraError, Problem, RegistryError, Where

if TYPE_CHECKING:
    import httpx

PASSING = frozenset({429, 502, 503, 504})
"""Answers after which the same request may go through later."""
ATTEMPTS = 4
FIRST_WAIT = 0.25
LONGEST_WAIT = 20.0


class Transport:
    """Sends requests to one registry. Every request it is used for is safe to be sent twice.

    Args:
        address: of the registry, such as ``http://127.0.0.1:8765``.
        token: an API token (``dst_…``).
        timeout: seconds until an attempt is given up.
        wait: how it waits between attempts.
    """

    def __init__(
        self, address: str, token: str | None, *, timeout: float = 10.0, wait: Callable[[float], None] = time.sleep
    ) -> None:
        try:
            import httpx
        except ImportError:
            raise MissingExtraError("httpx", "registry") from None
        self.address = address.rstrip("/")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            self._http = httpx.Client(base_url=f"{self.address}/api/v1", headers=headers, timeout=timeout)
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise RegistryError(f"{address!r} is no address of a registry: {error}", hint=_EXAMPLE) from None
        self._wait = wait

    def close(self) -> None:
        """Lets go of the connections."""
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        key: str | None = None,
        content: bytes | None = None,
    ) -> Any:
        """The JSON that the registry answers.

        Args:
            content: sent as it is, instead of a body of JSON.
            key: sent as ``Idempotency-Key``, where only that makes it safe to send the request twice.

        Raises:
            RegistryError: it is away (``retryable``), or it said no.
        """
        for attempt in range(1, ATTEMPTS + 1):
            answer = self._attempt(method, path, params, body, key, content)
            if not isinstance(answer, RegistryError) and answer.status_code not in PASSING:
                return _content(answer, self.address)
            if attempt < ATTEMPTS:
                self._wait(_pause(answer, attempt))
        raise answer if isinstance(answer, RegistryError) else _refusal(answer, self.address)

    def _attempt(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None,
        body: Any,
        key: str | None,
        content: bytes | None,
    ) -> httpx.Response | RegistryError:
        import httpx

        try:
            headers = {"Idempotency-Key": key} if key is not None else {}
            return self._http.request(method, path, params=params, json=body, content=content, headers=headers)
        except httpx.UnsupportedProtocol:
            raise RegistryError(f"{self.address!r} is no address of a registry", hint=_EXAMPLE) from None
        except httpx.TransportError as error:
            return RegistryError(f"the registry at {self.address} does not answer: {error}", retryable=True)


_EXAMPLE = "It looks like http://127.0.0.1:8765."


def _pause(answer: Any, attempt: int) -> float:
    """What the registry asked for, else twice as long as before."""
    asked = "" if isinstance(answer, RegistryError) else answer.headers.get("retry-after", "")
    return min(float(asked) if asked.isdecimal() else FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)


def _content(answer: httpx.Response, address: str) -> Any:
    if answer.status_code >= 400:
        raise _refusal(answer, address)
    try:
        return answer.json() if answer.content else None
    except ValueError:
        raise RegistryError(f"what answers at {address} is no registry", hint=_EXAMPLE) from None


def _refusal(answer: httpx.Response, address: str) -> RegistryError:
    """What a problem document says, with every problem that it lists."""
    try:
        told = answer.json()
    except ValueError:
        told = {}
    if not isinstance(told, dict) or "detail" not in told:
        return RegistryError(f"what answers at {address} is no registry (HTTP {answer.status_code})", hint=_EXAMPLE)
    return RegistryError(
        f"the registry said no: {told['detail']}",
        found=[_problem(each) for each in told.get("problems", ())],
        hint=told.get("hint") or (_WHO if answer.status_code == 401 else None),
        retryable=answer.status_code in PASSING,
        status=answer.status_code,
    )


_WHO = "Set SANITIZER_TOKEN to an API token of yours."


def _problem(told: Mapping[str, Any]) -> Problem:
    known = {name: told.get("where", {}).get(name) for name in ("file", "line", "step", "op", "column")}
    return Problem(str(told.get("message", "")), Where(**known), told.get("hint"))
