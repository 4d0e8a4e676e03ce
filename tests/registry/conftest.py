"""A registry on a database of its own, and users of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.served import PASSWORD, Served, Somebody, migrated, serving
from s3_store import s3 as s3
from s3_store import s3_for_module as s3_for_module
from s3_store import s3_server as s3_server
from sanitizer_api.settings import Settings


@pytest.fixture(scope="session")
def api_database(postgres: str) -> str:
    """A database of the registry's own, with its tables."""
    return migrated(postgres)


@pytest.fixture(scope="session")
def served(api_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The registry; registration is open, and rates are out of the way."""
    home: Path = tmp_path_factory.mktemp("registry")
    settings = Settings(home=home, registration="open", login_rate="100000/minute", request_rate="100000/minute")
    with serving(settings, api_database) as address:
        yield Served(address, api_database, settings)


@pytest.fixture
def join(served: Served) -> Iterator[Any]:
    """Registers users: ``join()`` founds an organisation, ``join(owner, "viewer")`` is invited into one."""
    clients: list[httpx.Client] = []

    def joined(inviter: Somebody | None = None, role: str = "owner") -> Somebody:
        client = httpx.Client(base_url=f"{served.address}/api/v1", timeout=30)
        clients.append(client)
        email = f"{uuid.uuid4().hex}@example.com"
        wanted = {"email": email, "password": PASSWORD, "name": "Somebody"}
        if inviter is None:
            wanted["organisation"] = "Example"
        else:
            invited = inviter.http.post("/invitations", json={"email": email, "role": role})
            wanted["invitation"] = invited.json()["word"]
        answer = client.post("/auth/register", json=wanted)
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return Somebody(email, client, client.get("/me").json())

    yield joined
    for client in clients:
        client.close()
