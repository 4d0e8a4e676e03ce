"""Whether a connection of the pool still leads anywhere, mostly without asking the server."""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

UNASKED_SECONDS = 30.0
"""How long a connection may lie in the pool until the server is asked: a network may drop it without a word."""
_SINCE = "in the pool since"


def refuse_dead_connections(engine: AsyncEngine) -> None:
    """Has the pool of an engine begin anew when a connection that it would give out is dead.

    A ping for every transaction would cost as much as a small query does. A server that closes a connection says so, and
    an idle line on which nothing came in is one that nobody closed.
    """
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def note(connection: Any, record: Any) -> None:
        record.info[_SINCE] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def look(connection: Any, record: Any, proxy: Any) -> None:
        since = record.info.get(_SINCE)
        if since is None or (_silent(connection) and time.monotonic() - since < UNASKED_SECONDS):
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _silent(connection: Any) -> bool:
    """Whether nothing came in: no last word of the server, and no end."""
    if connection.driver_connection.closed:
        return False
    line = select.poll()
    line.register(connection.driver_connection.fileno(), select.POLLIN | select.POLLHUP)
    return not line.poll(0)
