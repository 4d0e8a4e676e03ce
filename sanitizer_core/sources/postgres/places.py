"""Which database an address means."""

from __future__ import annotations

from sanitizer_core.errors import MissingExtraError, SourceError
from sanitizer_core.sources.address import Address, masked

_PARTS = {"host": "", "hostaddr": "", "port": "5432", "dbname": "", "service": "", "user": ""}
"""What tells databases apart, and what it is where it is left out."""


def same_database(one: Address, other: Address) -> bool:
    """Whether two addresses lead into the same database, as the same user.

    Raises:
        SourceError: one of them cannot be read.
    """
    first, second = _parts(one), _parts(other)
    return first == second


def _parts(address: Address) -> list[str]:
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise MissingExtraError("psycopg", "postgres") from None
    try:
        known = conninfo_to_dict(address.location)
    except psycopg.ProgrammingError as error:
        raise SourceError(
            f"{address.shown} is no address of a database: {masked(str(error).strip())}",
            hint="It is postgresql://user@host:port/database?table=schema.table.",
        ) from None
    return [str(known.get(name) or default) for name, default in _PARTS.items()]
