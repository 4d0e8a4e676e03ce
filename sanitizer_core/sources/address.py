"""Where data lies: a local path, standard input or output, an object store, or a table in a DuckDB file or in PostgreSQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from sanitizer_core.errors import SanitizerError, did_you_mean

Place = Literal["local", "standard", "store", "duckdb", "postgres"]

POSTGRES = ("postgresql", "postgres")
STORES = ("s3", "gs", "gcs", "az", "abfs", "abfss")
DUCKDB_SUFFIXES = (".duckdb", ".ddb")

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SECRETS = (
    (re.compile(r"(?<=//)[^/@\s]*:[^/@\s]*@"), "***@"),
    (re.compile(r"\?[^\s'\"]*=[^\s'\"]*"), "?***"),
)


@dataclass(frozen=True)
class Address:
    """A place that can be opened.

    Args:
        place: what kind of place it is.
        location: a path, the whole URL of an object, or the URI of a PostgreSQL database.
        scheme: of an object store.
        table: of a DuckDB file or a PostgreSQL database.
    """

    place: Place
    location: str
    scheme: str | None = None
    table: str | None = None

    @property
    def shown(self) -> str:
        """The address for people: never with a credential in it."""
        if self.place == "postgres":
            parts = urlsplit(self.location)
            place = f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"
            return place + at_table(self.table) if self.table else place
        if self.table is not None:
            return self.location + at_table(self.table)
        return masked(self.location)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.location.rstrip("/").rsplit("/", 1)[-1]


def masked(text: str) -> str:
    """A text without user names, passwords, signatures and tokens of the URLs in it."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def at_table(table: str) -> str:
    """What an address ends with to name a table; readable, as far as it can be read back."""
    return f"?table={table.replace('%', '%25').replace('&', '%26')}"


def in_postgres(text: str) -> bool:
    """Whether a text is the address of a PostgreSQL database."""
    return text.lower().startswith(tuple(f"{scheme}://" for scheme in POSTGRES))


def parse_address(text: str, kind: type[SanitizerError]) -> Address:
    """Read an address.

    Args:
        kind: the error to raise, SourceError or SinkError.
    """
    if text == "-":
        return Address("standard", "-")
    if text.startswith("duckdb:") and not text.startswith("duckdb://"):
        return _duckdb(text.removeprefix("duckdb:"))
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _local(text)
    if scheme[1].lower() == "file":
        return Address("local", unquote(urlsplit(text).path))
    if scheme[1].lower() in POSTGRES:
        return _postgres(text, kind)
    return _store(text, scheme[1].lower(), kind)


def _postgres(text: str, kind: type[SanitizerError]) -> Address:
    """The table apart from the rest, which is the server's own affair: host, service, certificates."""
    location, _, query = text.partition("?")
    try:
        urlsplit(location)
    except ValueError:
        raise kind(f"{masked(text)} is no address of a database", hint="postgresql://user@host:port/database") from None
    words = _words(query)
    rest = urlencode([word for word in words if word[0] != "table"], quote_via=quote)
    table = next((value for name, value in words if name == "table"), None)
    return Address("postgres", f"{location}?{rest}" if rest else location, scheme="postgresql", table=table)


def _local(text: str) -> Address:
    path = text.partition("?table=")[0]
    return _duckdb(text) if path.lower().endswith(DUCKDB_SUFFIXES) else Address("local", text)


def _duckdb(text: str) -> Address:
    path, _, query = text.partition("?")
    return Address("duckdb", path, table=dict(reversed(_words(query))).get("table") or None)


def _words(query: str) -> list[tuple[str, str]]:
    """What is said after the question mark; a plus is no space here."""
    return parse_qsl(query.replace("+", "%2B"), keep_blank_values=True)


def _store(text: str, scheme: str, kind: type[SanitizerError]) -> Address:
    if scheme not in STORES:
        hint = did_you_mean(scheme, (*STORES, *POSTGRES, "file"))
        raise kind(f"the scheme {scheme!r} of {masked(text)} is not known", hint=hint)
    if ":" in urlsplit(text).netloc.rpartition("@")[0]:
        raise kind(
            f"the address {masked(text)} holds a password",
            hint="Give credentials in the way of the store's own tools: by environment, profile or role.",
        )
    return Address("store", text, scheme=scheme)
