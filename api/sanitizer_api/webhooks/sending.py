"""Telling webhooks what is due: each attempt is signed, and what fails is tried again, later and later."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from anyio import to_thread
from sqlalchemy import select

from sanitizer_api.datasets.networks import Networks, RefusedAddressError
from sanitizer_api.db.engine import Database
from sanitizer_api.db.scope import Scope
from sanitizer_api.settings import Settings
from sanitizer_api.webhooks.models import Delivery, Webhook
from sanitizer_api.webhooks.signing import secret_of, signature

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 10
"""The last is about a day after the first."""
LEASE = timedelta(minutes=1)
"""How long an attempt has a delivery to itself; one that was killed is taken over then."""
AT_ONCE = 20
SECONDS = 15.0
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class _Due:
    """A delivery that this attempt has to itself."""

    organisation: uuid.UUID
    delivery: uuid.UUID
    url: str
    salt: str
    body: bytes
    event: str


async def deliver_due(database: Database, settings: Settings) -> int:
    """Tries everything that is due once; gives how many deliveries that were. Several may be at it at once."""
    tried = 0
    async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
        while due := await _due(database):
            claimed = [each for each in [await _claim(database, *place) for place in due] if each is not None]
            await asyncio.gather(*(_try(database, settings, client, each) for each in claimed))
            tried += len(claimed)
            if len(due) < AT_ONCE:
                break
    return tried


async def _due(database: Database) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """What is due of all organisations: whose, and which."""
    query = select(Delivery.organisation_id, Delivery.id).where(
        Delivery.state == "waiting", Delivery.next_at <= datetime.now(UTC)
    )
    async with database.session(Scope(identity=True)) as session:
        rows = await session.execute(query.order_by(Delivery.next_at).limit(AT_ONCE))
        return [(row.organisation_id, row.id) for row in rows]


async def _claim(database: Database, organisation: uuid.UUID, delivery: uuid.UUID) -> _Due | None:
    now = datetime.now(UTC)
    mine = select(Delivery).where(Delivery.id == delivery, Delivery.state == "waiting", Delivery.next_at <= now)
    async with database.session(Scope(organisation)) as session:
        found = await session.scalar(mine.with_for_update(skip_locked=True))
        hook = await session.get(Webhook, found.webhook_id) if found is not None else None
        if found is None or hook is None:
            return None
        found.next_at = now + LEASE
        body = json.dumps(found.payload, separators=(",", ":"), ensure_ascii=False).encode()
        return _Due(organisation, delivery, hook.url, hook.salt, body, found.event)


async def _try(database: Database, settings: Settings, client: httpx.AsyncClient, due: _Due) -> None:
    began, at = time.perf_counter(), datetime.now(UTC)
    status, error = await _post(settings, client, due)
    attempt = {
        "at": at.isoformat(), "status": status, "error": error, "seconds": round(time.perf_counter() - began, 3),
    }  # fmt: skip
    async with database.session(Scope(due.organisation)) as session:
        found = await session.scalar(select(Delivery).where(Delivery.id == due.delivery).with_for_update())
        if found is None or found.state != "waiting":
            return
        found.attempts += 1
        found.log = [*found.log, attempt]
        if status is not None and 200 <= status < 300:
            found.state, found.delivered_at = "delivered", datetime.now(UTC)
        elif found.attempts >= MOST_ATTEMPTS or status == 410:
            found.state = "failed"  # Gone is the word of who wants nothing any more.
        else:
            found.next_at = datetime.now(UTC) + wait_after(found.attempts)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: three times as long as before."""
    return min(FIRST_WAIT * float(3 ** (attempts - 1)), LONGEST_WAIT)


async def _post(settings: Settings, client: httpx.AsyncClient, due: _Due) -> tuple[int | None, str | None]:
    """The status that came back, or why none did."""
    try:
        url, host = await to_thread.run_sync(checked_url, settings, due.url)
    except RefusedAddressError as error:
        return None, error.detail
    timestamp = int(time.time())
    secret = secret_of(due.salt, settings.signing_key())
    headers = {
        "Content-Type": "application/json",
        "Host": host,
        "User-Agent": "sanitizer-registry",
        "webhook-id": str(due.delivery),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, str(due.delivery), timestamp, due.body),
    }
    extensions: dict[str, Any] = {"sni_hostname": urlsplit(due.url).hostname}
    try:
        # What comes back is of no interest but for its status, however long it is.
        async with client.stream("POST", url, content=due.body, headers=headers, extensions=extensions) as answer:
            return answer.status_code, None if answer.is_success else f"HTTP {answer.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, f"{type(error).__name__}: {error}"[:500]


def checked_url(settings: Settings, url: str) -> tuple[str, str]:
    """The URL with the number of its host, and the host as it is named: whoever is asked is who was checked.

    Raises:
        RefusedAddressError: it is none that the registry speaks to.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise RefusedAddressError(f"{url!r} is no address") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise RefusedAddressError(
            "a webhook's address begins with https:// or http://", hint="https://example.com/hook"
        )
    if "@" in parts.netloc:
        raise RefusedAddressError(
            "the address holds a name or a password", hint="What comes is signed; check that instead."
        )
    number = Networks.of(settings.webhook_networks).resolved(parts.hostname, port)
    netloc = f"{f'[{number}]' if ':' in number else number}:{port}"
    return parts._replace(netloc=netloc, fragment="").geturl(), parts.netloc
