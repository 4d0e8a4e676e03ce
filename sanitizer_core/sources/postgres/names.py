"""Names of tables in a PostgreSQL database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.errors import SanitizerError, did_you_mean
from sanitizer_core.sources.address import Address

if TYPE_CHECKING:
    import psycopg

LONGEST = 63
"""Bytes of an identifier; the server would cut off more without a word."""

_PARTS = re.compile(r'(?:"((?:[^"]|"")+)"|([^".]+))(?:\.(?:"((?:[^"]|"")+)"|([^".]+)))?')


@dataclass(frozen=True)
class TableName:
    """A table by its schema and name, as the catalogue has them."""

    schema: str
    name: str

    def __str__(self) -> str:
        return written(self.schema, self.name)

    @property
    def tree(self) -> exp.Table:
        """It in a statement."""
        return exp.table_(self.name, db=self.schema, quoted=True)

    def beside(self, what: str) -> TableName:
        """The table that holds something about this one, such as ``customers__changes``."""
        return TableName(self.schema, f"{self.name}__{what}")


def written(*parts: str) -> str:
    """A schema and a table as addresses have them: what holds a dot or a quote stands in double quotes."""
    return ".".join('"{}"'.format(part.replace('"', '""')) if set(part) & set('."') else part for part in parts)


def name_parts(text: str) -> list[str]:
    """The schema, where it is given, and the table of what ``written`` writes; nothing where it is no name."""
    fits = _PARTS.fullmatch(text)
    return [part.replace('""', '"') for part in fits.groups() if part is not None] if fits else []


def table_name(
    connection: psycopg.Connection[tuple[Any, ...]], address: Address, kind: type[SanitizerError]
) -> TableName:
    """The table that an address names; without a schema it is the one where the server would make a table.

    Raises:
        kind: it names none, or in another way than ``schema.table`` or ``"a schema"."a table"``.
    """
    parts = name_parts(address.table or "")
    if not parts:
        raise kind(
            f"{address.shown} names no table" if not address.table else f"{address.table!r} is no name of a table",
            hint="Add ?table=schema.table to the address (&table=... where it has a ? already); names with a dot or a "
            "quote in them stand in double quotes.",
        )
    for part in parts:
        if len(part.encode()) > LONGEST:
            raise kind(f"the name {part!r} is longer than {LONGEST} bytes, the most that PostgreSQL allows")
    return TableName(*parts) if len(parts) == 2 else TableName(_default_schema(connection), parts[0])


def _default_schema(connection: psycopg.Connection[tuple[Any, ...]]) -> str:
    query = "SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'search_path'"
    row = connection.execute(query).fetchone()
    with connection.transaction():
        connection.execute("SELECT set_config('search_path', %s, true)", [row[0] if row else "public"])
        found = connection.execute("SELECT current_schema()").fetchone()
    return str(found[0]) if found and found[0] is not None else "public"


def find_table(
    connection: psycopg.Connection[tuple[Any, ...]], name: TableName, shown: str, kind: type[SanitizerError]
) -> None:
    """Makes sure that a table or view is there and may be read.

    Raises:
        kind: it is not, with the nearest names; or it may not be read.
    """
    query = (
        "SELECT c.oid, has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    )
    row = connection.execute(query, [name.schema, name.name]).fetchone()
    if row is None:
        raise kind(f"{shown}: there is no table {name}", hint=did_you_mean(str(name), _tables(connection)))
    if not row[1]:
        user = connection.info.user
        raise kind(
            f"{shown}: {user} may not read {name}", hint=f"GRANT SELECT on it (and USAGE on its schema) to {user}."
        )


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    query = (
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"
    )
    return [str(row[0]) for row in connection.execute(query)]
