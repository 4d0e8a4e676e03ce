"""What a table has besides its columns, and how another in its place gets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

if TYPE_CHECKING:
    import psycopg

_GRANTS = """
SELECT CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable
FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = %s::regclass AND a.grantee <> c.relowner
"""
_OWN = """
SELECT pg_get_userbyid(c.relowner), obj_description(c.oid, 'pg_class'), current_user FROM pg_class c WHERE c.oid = %s::regclass
"""
_INDEXES = "SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = %s::regclass ORDER BY 1"


@dataclass(frozen=True)
class Kept:
    """What a table is remembered by: its owner (where it is not who asks), comment, grants and the names of its indexes."""

    owner: str | None
    comment: str | None
    grants: tuple[tuple[str | None, str, bool], ...]
    indexes: tuple[str, ...]


def kept_of(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> Kept:
    """What a table has, by its name as SQL has it."""
    owner, comment, me = connection.execute(_OWN, [table]).fetchone() or (None, None, None)
    grants = tuple((row[0], row[1], row[2]) for row in connection.execute(_GRANTS, [table]))
    indexes = tuple(str(row[0]) for row in connection.execute(_INDEXES, [table]))
    return Kept(owner if owner != me else None, comment, grants, indexes)


def put_back(kept: Kept, table: str) -> Iterator[str]:
    """The statements that give it to the table in its place."""
    if kept.comment is not None:
        yield f"COMMENT ON TABLE {table} IS {exp.Literal.string(kept.comment).sql('postgres')}"
    for grantee, privilege, grantable in kept.grants:
        whom = "PUBLIC" if grantee is None else exp.to_identifier(grantee, quoted=True).sql("postgres")
        yield f"GRANT {privilege} ON {table} TO {whom}" + (" WITH GRANT OPTION" if grantable else "")
    if kept.owner is not None:
        yield f"ALTER TABLE {table} OWNER TO {exp.to_identifier(kept.owner, quoted=True).sql('postgres')}"
