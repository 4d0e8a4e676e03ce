"""Connections and sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from sanitizer_api.db.liveness import refuse_dead_connections
from sanitizer_api.db.scope import KEY, Scope, ScopedSession
from sanitizer_api.settings import Settings


def url_of(address: str) -> URL:
    """An address (``postgresql://…``) as SQLAlchemy takes it, for psycopg 3."""
    return make_url(address).set(drivername="postgresql+psycopg")


class Database:
    """The pool of connections, and sessions on it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, sync_session_class=ScopedSession, expire_on_commit=False)

    @classmethod
    def of(cls, address: str, settings: Settings) -> Database:
        """The database at an address."""
        # The log tells of a statement that fails, but not the values that somebody sent.
        engine = create_async_engine(
            url_of(address), pool_size=settings.pool_size, max_overflow=settings.pool_size, hide_parameters=True
        )
        refuse_dead_connections(engine)
        return cls(engine)

    @asynccontextmanager
    async def session(self, scope: Scope) -> AsyncIterator[AsyncSession]:
        """A transaction that sees what the scope says: committed at the end, rolled back at an error."""
        async with self._sessions(info={KEY: scope}) as session, session.begin():
            yield session

    async def close(self) -> None:
        """Lets go of every connection."""
        await self.engine.dispose()
