"""The tables of the queue: procrastinate's own, in a schema of their own, guarded like ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

if TYPE_CHECKING:
    import psycopg

SCHEMA = "queue"

_GUARDED = (
    "GRANT USAGE ON SCHEMA queue TO sanitizer_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA queue TO sanitizer_app",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA queue TO sanitizer_app",
    "ALTER TABLE queue.procrastinate_jobs ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON queue.procrastinate_jobs USING (args->>'organisation' = current_setting('sanitizer.organisation', true))",
)
"""Requests see what their organisation queued; the owner of the tables, as whom a worker fetches, sees everything."""


def install(connection: Connection) -> None:
    """Makes the schema with the tables of the procrastinate that is installed."""
    raw = _raw(connection)
    raw.execute(b"CREATE SCHEMA queue")
    raw.execute(b"CREATE TABLE queue.applied (name text PRIMARY KEY)")
    _within(raw, SchemaManager.get_schema())
    for path in _steps():
        _applied(connection, path)
    for statement in _GUARDED:
        raw.execute(statement.encode())


def bring_up(connection: Connection) -> None:
    """Applies what a newer procrastinate changed since the schema was made."""
    if connection.scalar(text("SELECT to_regclass('queue.applied')")) is None:
        return
    done = set(connection.scalars(text("SELECT name FROM queue.applied")))
    for path in _steps():
        if path.name not in done:
            _within(_raw(connection), path.read_text(encoding="utf-8"))
            _applied(connection, path)


def remove(connection: Connection) -> None:
    """Takes the schema away, with all that is queued."""
    _raw(connection).execute(b"DROP SCHEMA queue CASCADE")


def _steps() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _applied(connection: Connection, path: Path) -> None:
    connection.execute(text("INSERT INTO queue.applied VALUES (:name)"), {"name": path.name})


def _within(raw: psycopg.Connection[Any], statements: str) -> None:
    """Many statements at once, which names no schema; they are procrastinate's, whole."""
    before = raw.execute(b"SELECT current_setting('search_path')").fetchone()
    assert before is not None
    raw.execute(b"SET LOCAL search_path TO queue, pg_catalog")
    raw.execute(statements.encode())
    raw.execute(b"SELECT set_config('search_path', %s, true)", [before[0]])


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    driver: Any = connection.connection.driver_connection
    return driver  # type: ignore[no-any-return]
