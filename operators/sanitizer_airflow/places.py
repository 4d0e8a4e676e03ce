"""From a connection of Airflow and a table or object in it to what the core opens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from airflow.sdk import BaseHook

if TYPE_CHECKING:
    from airflow.sdk import Connection

_NOT_LIBPQ = {"cursor", "iam", "redshift", "cluster_identifier", "aws_conn_id", "sqlalchemy_scheme", "sqlalchemy_query"}
"""What Airflow's own hook reads from a Postgres connection's extra, and libpq does not know."""


def address_of(place: str, conn_id: str | None) -> str:
    """The address of a place: itself, or the table of that name in the database of a connection.

    Raises:
        SourceError: a connection of this kind names no place.
    """
    if conn_id is None:
        return place
    from sanitizer_core.errors import SourceError

    connection = BaseHook.get_connection(conn_id)
    match connection.conn_type:
        case "postgres":
            return _table(connection, place)
        case "aws":
            return place
        case other:
            raise SourceError(
                f"the connection {conn_id!r} is of the type {other!r}, which names no place to read or write",
                hint="Give a connection of the type postgres or aws, or an address.",
            )


def _table(connection: Connection, table: str) -> str:
    user = ":".join(quote(part, safe="") for part in (connection.login, connection.password) if part)
    host, database = connection.host or "", quote(connection.schema or connection.login or "", safe="")
    told = {key: str(value) for key, value in connection.extra_dejson.items() if key not in _NOT_LIBPQ}
    if host.startswith("/"):  # A Unix socket's folder, which the host of a URI cannot be.
        told, host = told | {"host": host}, ""
    port = f":{connection.port}" if connection.port else ""
    place = f"postgresql://{user}{'@' if user else ''}{host}{port}/{database}"
    return f"{place}?{urlencode(told | {'table': table}, quote_via=quote)}"


def spark_of(conn_id: str | None) -> tuple[str | None, str | None]:
    """The master and the Connect server that a connection names; one of them is ``None``.

    Raises:
        SourceError: it is no connection to a Spark.
    """
    if conn_id is None:
        return None, None
    from sanitizer_core.errors import SourceError

    connection = BaseHook.get_connection(conn_id)
    port = f":{connection.port}" if connection.port else ""
    host = connection.host or ""
    match connection.conn_type:
        case "spark":
            return f"{host}{port}", None
        case "spark_connect":
            return None, f"{host if '://' in host else f'sc://{host}'}{port}{_connect_options(connection)}"
        case other:
            raise SourceError(
                f"the connection {conn_id!r} is of the type {other!r}, which is no Spark",
                hint="Give a connection of the type spark or spark_connect.",
            )


def _connect_options(connection: Connection) -> str:
    """Who asks Spark Connect, and how, as Airflow's own hook has it."""
    told = {
        "user_id": connection.login,
        "token": connection.password,
        "use_ssl": connection.extra_dejson.get("use_ssl"),
    }
    given = [f"{name}={quote(str(value), safe='')}" for name, value in told.items() if value is not None]
    return "/;" + ";".join(given) if given else ""


@contextmanager
def credentials_of(*conn_ids: str | None) -> Iterator[None]:
    """A block in which the object stores' own tools find the credentials of connections of the type ``aws``.

    Raises:
        SourceError: a connection asks for what cannot be done, or two of them differ.
    """
    told = _credentials(sorted(set(filter(None, conn_ids))))
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _credentials(conn_ids: list[str]) -> dict[str, str]:
    from sanitizer_core.errors import SourceError

    found = [each for each in map(BaseHook.get_connection, conn_ids) if each.conn_type == "aws"]
    told = [_aws(each) for each in found]
    if any(each != told[0] for each in told):
        raise SourceError(
            f"the connections {conn_ids[0]!r} and {conn_ids[1]!r} give two credentials, and a run has those of one store",
            hint="Copy between the stores in a task of its own, or give one connection that may do both.",
        )
    return told[0] if told else {}


def _aws(connection: Connection) -> dict[str, str]:
    extra = connection.extra_dejson
    if extra.get("role_arn"):
        from sanitizer_core.errors import SourceError

        raise SourceError(
            f"the connection {connection.conn_id!r} asks to assume the role {extra['role_arn']!r}, which is not done here",
            hint="Give the role to the worker itself, or name a profile (profile_name) that assumes it.",
        )
    service = (extra.get("service_config") or {}).get("s3") or {}
    named = {
        "AWS_ACCESS_KEY_ID": connection.login or extra.get("aws_access_key_id"),
        "AWS_SECRET_ACCESS_KEY": connection.password or extra.get("aws_secret_access_key"),
        "AWS_SESSION_TOKEN": extra.get("aws_session_token"),
        "AWS_DEFAULT_REGION": extra.get("region_name"),
        "AWS_ENDPOINT_URL": service.get("endpoint_url") or extra.get("endpoint_url"),
        "AWS_PROFILE": extra.get("profile_name"),
    }
    return {name: str(value) for name, value in named.items() if value}
