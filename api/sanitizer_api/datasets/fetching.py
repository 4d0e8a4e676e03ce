"""Files on the web, fetched past no rule of addresses: each redirect is an address like the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx

from sanitizer_api.datasets.guard import WEB, Guard, Passed
from sanitizer_api.datasets.networks import RefusedAddressError
from sanitizer_api.datasets.refusing import RefusedContentError
from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import masked

MOST_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(30)
_CHUNK = 1 << 20


def is_web(address: str) -> bool:
    """Whether an address is fetched by HTTP."""
    return address.partition("://")[0].lower() in WEB


def fetched(url: str, guard: Guard, target: Path, limit: int) -> Path:
    """A file of the web as a local one.

    Args:
        limit: how many bytes it may have, whatever the server says of its length.

    Raises:
        RefusedAddressError: the address, or one that it leads to, may not be read.
        RefusedContentError: it is larger than the limit.
        SourceError: it is not there, or nobody answers.
    """
    with _failures(url), _answer(url, guard) as answer, target.open("wb") as file:
        read = 0
        for chunk in answer.iter_raw(_CHUNK):
            read += len(chunk)
            if read > limit:
                raise RefusedContentError(f"{masked(url)} is larger than {limit} bytes")
            file.write(chunk)
    return target


def first_bytes(url: str, guard: Guard, count: int) -> bytes:
    """So many bytes of a file of the web, or all of it where it has no more (see ``fetched``)."""
    found = b""
    with _failures(url), _answer(url, guard) as answer:
        for chunk in answer.iter_raw():
            found += chunk
            if len(found) >= count:
                break
    return found[:count]


@contextmanager
def _answer(url: str, guard: Guard) -> Iterator[httpx.Response]:
    # A proxy of the environment would resolve names again, and perhaps differently.
    with httpx.Client(trust_env=False, timeout=_TIMEOUT) as client:
        for _ in range(MOST_REDIRECTS + 1):
            if not is_web(url):
                raise RefusedAddressError("the address leads away from the web")
            with _asked(client, guard.check(url)) as answer:
                if not answer.has_redirect_location:
                    _refuse_failed(answer, url)
                    yield answer
                    return
                url = urljoin(url, answer.headers["location"])
    raise RefusedAddressError(f"the address leads on more than {MOST_REDIRECTS} times")


@contextmanager
def _asked(client: httpx.Client, passed: Passed) -> Iterator[httpx.Response]:
    """The answer of the address that was checked; the name is asked for, and its certificate is held against it."""
    location = httpx.URL(passed.location)
    port = "" if location.port is None else f":{location.port}"
    headers = {"Host": f"{passed.host}{port}", "Accept-Encoding": "identity"}
    with client.stream("GET", location, headers=headers, extensions={"sni_hostname": passed.host}) as answer:
        yield answer


def _refuse_failed(answer: httpx.Response, url: str) -> None:
    if answer.status_code == 200:
        return
    error = SourceError(
        f"{masked(url)} answers {answer.status_code}", hint="Look at the address, and at who may read it."
    )
    error.retryable = answer.status_code >= 500 or answer.status_code == 429
    raise error


@contextmanager
def _failures(url: str) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as caught:
        error = SourceError(f"{masked(url)} cannot be read: {masked(str(caught)) or type(caught).__name__}")
        error.retryable = True
        raise error from caught
