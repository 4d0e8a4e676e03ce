"""Relations that stand upon each other as one statement: a WITH for each, a comment per step, names that a dialect allows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlglot import exp

from sanitizer_core.chain import Relation
from sanitizer_core.errors import CompileError
from sanitizer_core.plan import ROW

LONGEST = {
    "postgres": 63,
    "redshift": 127,
    "trino": 128,
    "databricks": 255,
    "spark": 255,
    "snowflake": 255,
    "bigquery": 300,
}
"""How many bytes a name may have; a longer one is cut, or refused, by the dialect."""

OUTSIDE = "outside"
"""Marks identifiers of the user's own table, which are left as they are."""

_STORED = ("duckdb", "postgres")
"""Dialects that can be told to evaluate a WITH once."""

_NOT_IN_BIGQUERY = frozenset('!"$()*,./;?@[\\]^`{}~')
"""What no column of a BigQuery table may have in its name."""


def with_all(query: exp.Query, relations: Sequence[Relation], dialect: str) -> exp.Query:
    """The query with the relations that it needs in front of it, in their order."""
    for relation in needed(query, relations):
        stored = relation.stored if relation.stored and dialect in _STORED else None
        query = query.with_(exp.to_identifier(relation.name, quoted=True), as_=relation.query, materialized=stored)
        query.args["with_"].expressions[-1].add_comments([f" {relation.name}: {relation.comment} "], prepend=True)
    return query


def needed(query: exp.Query, relations: Sequence[Relation]) -> list[Relation]:
    """The relations that the query reads, also by way of others."""
    kept: list[Relation] = []
    names = _names(query)
    for relation in reversed(relations):
        if relation.name in names:
            kept.append(relation)
            names |= _names(relation.query)
    return kept[::-1]


def _names(tree: exp.Expr) -> set[str]:
    return {node.name for node in tree.find_all(exp.Identifier)}


def numbers_rows(query: exp.Query, relations: Sequence[Relation]) -> bool:
    """Whether anything that stands on the input asks for the number of a row."""
    return any(ROW in _names(each) for each in (query, *(relation.query for relation in relations)))


def _is_collation(node: exp.Identifier) -> bool:
    """Whether it names a collation, which is no name of the statement's own."""
    return isinstance(node.parent, exp.Collate) and node.arg_key == "expression"


def named_for(query: exp.Query, kept: Collection[str], dialect: str) -> exp.Query:
    """The statement with every name of its own quoted, plain, and no longer than the dialect takes.

    Args:
        kept: names of the user's columns, which stay as they are.

    Raises:
        CompileError: a column of the user's has a name that the dialect cannot have.
    """
    for name in kept:
        _check(name, dialect)
    taken = {name.lower() for name in kept}
    given: dict[str, str] = {}
    for node in query.find_all(exp.Identifier):
        if node.meta.get(OUTSIDE) or _is_collation(node):
            continue
        if node.name not in kept:
            if node.name not in given:
                given[node.name] = _free(_plain(node.name, dialect), taken)
            node.set("this", given[node.name])
        node.set("quoted", True)
    return query


def _free(name: str, taken: set[str]) -> str:
    """A name that nothing has yet; it is taken then."""
    free, counter = name, 1
    while free.lower() in taken:
        counter += 1
        free = f"{name}_{counter}"
    taken.add(free.lower())
    return free


def _plain(name: str, dialect: str) -> str:
    """A name of letters, digits and underscores, with room for a number behind it."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name.replace("@", "__")).rstrip("_") or "_"
    return plain[: LONGEST.get(dialect, 128) - 6]


def _check(name: str, dialect: str) -> None:
    if len(name.encode()) > LONGEST.get(dialect, 1 << 20):
        raise CompileError(
            f"the name {name!r} has {len(name.encode())} bytes, and {dialect} takes {LONGEST[dialect]}",
            hint="Rename the column with rename_columns.",
        )
    wrong = sorted(set(name) & _NOT_IN_BIGQUERY) if dialect == "bigquery" else []
    if wrong:
        raise CompileError(
            f"no column of a BigQuery table can be called {name!r}: {''.join(wrong)} is not allowed in names",
            hint="Rename the column with rename_columns or normalize_column_names.",
        )
