"""Connections to PostgreSQL, with settings under which SQL means the same in every database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sanitizer_core.errors import MissingExtraError, SanitizerError
from sanitizer_core.sources.address import Address, masked

if TYPE_CHECKING:
    import psycopg

OLDEST = 150000
"""The oldest server whose SQL is known to mean the same: version 15."""

_SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "standard_conforming_strings": "on",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "client_encoding": "UTF8",
    "lc_monetary": "C",
    "lc_numeric": "C",
    "lc_time": "C",
    # Functions and operators come from pg_catalog alone, and plain names are those of our own temporary relations.
    "search_path": "pg_temp",
    # Thousands of expressions take longer to be compiled than to be run.
    "jit": "off",
    "temp_buffers": "64MB",
}


@contextmanager
def connect(address: Address, kind: type[SanitizerError]) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection in autocommit mode, which ends with the block; whatever it ran then is cancelled by the server.

    Args:
        kind: the error to raise, SourceError or SinkError.

    Raises:
        kind: the server cannot be reached, or is too old; the message holds no password.
    """
    try:
        import psycopg
    except ImportError:
        raise MissingExtraError("psycopg", "postgres") from None
    try:
        connection = psycopg.connect(
            address.location, autocommit=True, prepare_threshold=None, application_name="sanitizer"
        )
    except (psycopg.Error, UnicodeError) as error:
        raise _unreachable(address, error, kind) from None
    with connection:
        _set_up(connection, address, kind)
        yield connection


def _set_up(connection: psycopg.Connection[tuple[Any, ...]], address: Address, kind: type[SanitizerError]) -> None:
    if connection.info.server_version < OLDEST:
        raise kind(
            f"{address.shown} is PostgreSQL {connection.info.server_version // 10000}",
            hint="PostgreSQL 15 to 18 can be used.",
        )
    for name, value in _SETTINGS.items():
        connection.execute("SELECT set_config(%s, %s, false)", [name, value])
    # A count of distinct values would have whole rows sorted by them (from version 16 on).
    connection.execute(
        "SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'enable_presorted_aggregate'"
    )
    # A sort or a hash table of a whole table; who allowed more keeps it.
    connection.execute(
        "SELECT set_config('work_mem', '64MB', false) WHERE pg_size_bytes(current_setting('work_mem')) < 67108864"
    )


def _unreachable(address: Address, error: Exception, kind: type[SanitizerError]) -> SanitizerError:
    raised = kind(
        f"no connection to {address.shown}: {masked(str(error).splitlines()[0])}",
        hint="The address is postgresql://user@host:port/database?table=schema.table; the password is best left to "
        "PGPASSWORD or ~/.pgpass.",
    )
    raised.retryable = type(error).__name__ == "OperationalError"
    return raised


def told(error: psycopg.Error) -> str:
    """What the server says, in one line."""
    primary = error.diag.message_primary or str(error).splitlines()[0]
    detail = error.diag.message_detail
    return masked(f"{primary} ({detail.splitlines()[0].rstrip('.')})" if detail else primary)
