"""A real registry over real HTTP."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
import uvicorn

from sanitizer_api.app import create_app
from sanitizer_api.db.migrating import migrate
from sanitizer_api.settings import Settings

PASSWORD = "correct horse battery"


@dataclass
class Served:
    """A registry that answers, and what settings it has."""

    address: str
    database: str
    settings: Settings


@dataclass
class Somebody:
    """A user who is logged in, with a client that speaks for them."""

    email: str
    http: httpx.Client
    me: dict[str, Any] = field(default_factory=dict)


@contextmanager
def serving(settings: Settings, database: str) -> Iterator[str]:
    """A block in which a registry answers at the address."""
    config = uvicorn.Config(
        create_app(settings, database), host="127.0.0.1", port=0, log_config=None, ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the registry did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)


def migrated(postgres: str) -> str:
    """The address of a new database with a registry's tables."""
    name = f"registry_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    address = f"postgresql://postgres:@/{name}?{postgres.partition('?')[2]}"
    migrate(address)
    return address
