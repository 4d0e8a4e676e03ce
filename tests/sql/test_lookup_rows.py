"""A lookup gives every value under its key, few or many, whatever is in them."""

from __future__ import annotations

from typing import Any

import pytest

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.schema import BOOLEAN, DATE, FLOAT, INTEGER, TEXT, DataType
from sanitizer_core.sql import column
from sanitizer_core.sql.lookup import MANY, Lookup, lookup_query

ODD = [
    "it's",
    'a"b',
    "back\\slash",
    "new\nline",
    "tab\t",
    "",
    " ",
    "é–字😀",
    "null",
    "\\n",
    "[1]",
    "{}",
    ":value",
    None,
]


@pytest.mark.parametrize("count", [len(ODD), MANY + len(ODD)])
def test_text_comes_back_as_it_went_in(count: int) -> None:
    keys = [*ODD, *(f"key {number}" for number in range(count - len(ODD)))]
    rows = tuple((key, None if key is None else f"<{key}>") for key in keys)
    with DuckDBEngine.open() as engine:
        found = engine.fetch(lookup_query(Lookup((column("k"),), (TEXT,), TEXT, rows), "duckdb"))
    assert sorted(found, key=repr) == sorted(((*row, True) for row in rows), key=repr)


@pytest.mark.parametrize("count", [3, MANY + 3])
def test_values_of_every_type_come_back(count: int) -> None:
    kinds = (INTEGER, FLOAT, BOOLEAN, DATE, DataType("decimal", 10, 2))
    row: tuple[Any, ...] = (0.1, True, "2024-02-29", "1.50")
    rows = tuple((number, *row) for number in range(count))
    lookup = Lookup((column("k"),), kinds[:1], kinds[1], rows, further=kinds[2:])
    with DuckDBEngine.open() as engine:
        found = engine.fetch(lookup_query(lookup, "duckdb"))
    assert sorted(each[0] for each in found) == list(range(count))
    assert {(each[1], each[2], str(each[3]), str(each[4])) for each in found} == {row}


def test_no_rows_are_an_empty_relation() -> None:
    with DuckDBEngine.open() as engine:
        assert engine.fetch(lookup_query(Lookup((column("k"),), (TEXT,), INTEGER), "duckdb")) == []
