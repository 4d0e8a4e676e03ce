"""Operators of expressions give the same on every engine: beyond the range of doubles, of nulls, of NaN, of text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import psycopg
import pytest

from awkward import KINDS
from parity import OnDuckDB, OnPostgres, comparable
from sanitizer_core.schema import Schema
from sanitizer_core.sql.expression import typed

_ASKED = [
    *(("float", f"c0 {sign} c1") for sign in ("+", "-", "*", "/", "=", "<>", "<", "<=", ">", ">=")),
    ("float", "c0 IS NOT DISTINCT FROM c1"),
    ("float", "-c0"),
    ("float", "c0 BETWEEN c1 AND 1.5"),
    ("float", "c0 IN (0.5, c1)"),
    ("float", "nullif(c0, c1)"),
    ("float", "CAST(c0 AS text) || '!'"),
    ("float", "CAST(c0 AS integer)"),
    ("float", "CAST(c0 AS decimal(18,3))"),
    *(("integer", f"c0 {sign} c1") for sign in ("+", "-", "*", "/", "%", "<", "=")),
    ("integer", "CASE WHEN c0 > c1 THEN c0 ELSE -c1 END"),
    ("integer", "CAST(c0 AS float) = CAST(c1 AS float)"),
    *(("decimal", f"c0 {sign} c1") for sign in ("+", "-", "*", "/", "%", "<")),
    ("decimal", "round(c0, 1) + ceil(c1)"),
    *(("few text", f"c0 {sign} c1") for sign in ("||", "<", "=", ">=", "LIKE")),
    ("few text", "c0 IN ('a', c1)"),
    ("few text", "coalesce(c0, c1, '') || concat_ws('-', c0, c1)"),
    ("date", "c0 - c1"),
    ("date", "c0 + 1 > c1"),
    ("boolean", "c0 AND NOT c1 OR c0 IS NULL"),
    ("boolean", "CAST(c0 AS integer) + CAST(c1 AS integer)"),
]


@pytest.fixture(scope="module")
def engines(postgres: str) -> Iterator[tuple[OnDuckDB, OnPostgres]]:
    with psycopg.connect(postgres, autocommit=True) as connection:
        yield OnDuckDB(), OnPostgres(connection)


@pytest.mark.parametrize(("kind", "text"), _ASKED)
def test_an_expression_gives_the_same(kind: str, text: str, engines: tuple[OnDuckDB, OnPostgres]) -> None:
    column_type, values = KINDS[kind]
    kinds = {"c0": column_type, "c1": column_type}
    rows = list(product(values, values))
    tree = typed(text, Schema.of(kinds.items())).tree
    expected, got = (each.evaluate(kinds, rows, [tree]) for each in engines)
    apart = [
        (row, ours, theirs)
        for row, (theirs,), (ours,) in zip(rows, expected, got, strict=True)
        if comparable(ours) != comparable(theirs)
    ]
    assert not apart
