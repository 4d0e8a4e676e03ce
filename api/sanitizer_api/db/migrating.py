"""Bringing a database to the tables that this release needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

import sanitizer_api
from sanitizer_api.db import queue_schema
from sanitizer_api.db.engine import url_of

_LOCK = 5_381_004_117
"""The advisory lock of whoever migrates: two servers that start at once migrate one after the other."""


def scripts() -> Path:
    """Where the migrations are: in the package when it was installed from a wheel, else beside it."""
    package = Path(sanitizer_api.__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def migrate(address: str, revision: str = "head") -> None:
    """Brings the database up to a revision, in one transaction: all of it or nothing."""

    def up(connection: Connection) -> None:
        command.upgrade(config_of(connection), revision)
        queue_schema.bring_up(connection)

    _run(address, up)


def unmigrate(address: str, revision: str = "base") -> None:
    """Takes the database back to a revision. Rows of tables that were not there then are lost."""
    _run(address, lambda connection: command.downgrade(config_of(connection), revision))


def _run(address: str, change: Callable[[Connection], None]) -> None:
    engine = create_engine(url_of(address), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        change(connection)


def config_of(connection: Connection) -> Config:
    """Alembic's settings for work on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    config.attributes["connection"] = connection
    return config
