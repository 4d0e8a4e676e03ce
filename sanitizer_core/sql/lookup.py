"""Small tables of fitted values that are joined by key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from sanitizer_core.schema import DataType
from sanitizer_core.sql.logic import all_of
from sanitizer_core.sql.lower import fill
from sanitizer_core.sql.tree import literal, sql_type


@dataclass(frozen=True)
class Lookup:
    """Values by key; null is a key like any other.

    Args:
        keys: trees whose values are looked up.
        key_types: their types.
        value_type: the type of what is found.
        rows: ``(key, ..., value, ...)``; no key twice.
        relation: a relation of ``key1, ..., value, hit`` that is there already, instead of rows.
        value: the column of the relation that holds what is found.
        further: the types of what is found besides, by ``found(2)`` and so on.
    """

    keys: tuple[exp.Expr, ...]
    key_types: tuple[DataType, ...]
    value_type: DataType
    rows: tuple[tuple[Any, ...], ...] = ()
    relation: str | None = None
    value: str = "value"
    further: tuple[DataType, ...] = ()

    def condition(self, relation: str, dialect: str) -> exp.Expr:
        """The join's condition, null-safe."""
        table = exp.to_identifier(relation, quoted=True)
        keys = [
            exp.column(exp.to_identifier(f"key{index}", quoted=True), table=table)
            for index in range(1, 1 + len(self.keys))
        ]
        return all_of([_same(key.copy(), held, dialect) for key, held in zip(self.keys, keys, strict=True)])


_IN_LISTS = frozenset({"postgres"})
"""Dialects that compare every row with every other where a join is null-safe, but join lists of one by their hash; as
parts of lists, nulls are equal."""


def _same(key: exp.Expr, held: exp.Expr, dialect: str) -> exp.Expr:
    if dialect not in _IN_LISTS:
        return exp.NullSafeEQ(this=key, expression=held)
    return exp.EQ(this=exp.Array(expressions=[key]), expression=exp.Array(expressions=[held]))


def bound(tree: exp.Expr, lookup: Lookup, relation: str) -> exp.Expr:
    """The tree with ``found`` (the value, or null) and ``hit`` (true, or null) as columns of the joined relation."""
    table = exp.to_identifier(relation, quoted=True)
    names = {_found(number): f"value{number}" for number in range(2, len(lookup.further) + 2)}
    names |= {_found(1): lookup.value, "hit": "hit"}
    columns = {
        name: exp.column(exp.to_identifier(held, quoted=True), table=table.copy()) for name, held in names.items()
    }
    return exp.replace_placeholders(tree, **columns)


def found(number: int = 1) -> exp.Placeholder:
    """What the lookup gave for this row, or null; its second, third, ... value by number."""
    return exp.Placeholder(this=_found(number))


def _found(number: int) -> str:
    return "found" if number == 1 else f"found{number}"


def hit() -> exp.Placeholder:
    """True where the lookup has the row's key, else null."""
    return exp.Placeholder(this="hit")


MANY = 500
"""From so many rows on, where a dialect can, they are written as one text rather than as a tree of constants."""

_LISTED = {"duckdb": "unnest(from_json(:value, '[\"VARCHAR\"]'))"}
"""A JSON array of texts as rows, per dialect."""


def lookup_query(lookup: Lookup, dialect: str) -> exp.Query:
    """The lookup as a SELECT of ``key1, ..., value, ...`` over constants."""
    types = (*lookup.key_types, lookup.value_type, *lookup.further)
    names = [*(f"key{index}" for index in range(1, len(lookup.keys) + 1)), "value"]
    names += [f"value{number}" for number in range(2, len(lookup.further) + 2)]
    items = [
        exp.Alias(
            this=exp.Cast(this=exp.column(f"v{index}"), to=sql_type(kind)), alias=exp.to_identifier(name, quoted=True)
        )
        for index, (kind, name) in enumerate(zip(types, names, strict=True))
    ]
    rows = lookup.rows or ((None,) * len(types),)
    source = _listed(rows, dialect) if len(rows) >= MANY and dialect in _LISTED else _values(rows)
    query = exp.select(*items, exp.alias_(exp.true(), "hit", quoted=True)).from_(source)
    return query if lookup.rows else query.where(exp.false())


def _values(rows: Sequence[tuple[Any, ...]]) -> exp.Values:
    tuples = [exp.Tuple(expressions=[literal(value) for value in row]) for row in rows]
    columns = [exp.to_identifier(f"v{index}") for index in range(len(rows[0]))]
    return exp.Values(expressions=tuples, alias=exp.TableAlias(this=exp.to_identifier("v"), columns=columns))


def _listed(rows: Sequence[tuple[Any, ...]], dialect: str) -> exp.Subquery:
    columns = [json.dumps([_text(row[index]) for row in rows], ensure_ascii=False) for index in range(len(rows[0]))]
    items = [
        exp.alias_(fill(_LISTED[dialect], dialect, {"value": exp.Literal.string(text)}), f"v{index}")
        for index, text in enumerate(columns)
    ]
    return exp.select(*items).subquery("v")


def _text(value: Any) -> str | None:
    """A constant as text that reads back as the same value."""
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
