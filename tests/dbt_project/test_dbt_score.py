"""The score of a relation through dbt is what one statement says of it, on each warehouse."""

from __future__ import annotations

import math
from typing import Any

import duckdb

from dbt_projects import Rows, Warehouse
from sanitizer_core.quality import score_query
from sanitizer_core.recipe import Weights
from sanitizer_core.schema import Schema, from_duckdb

SPREAD = [1, 2, 3, 4, 5, 6, 7, 8, 1000]
TABLES: dict[str, dict[str, tuple[str, list[Any]]]] = {
    "nulls": {"a": ("BIGINT", [1, None, 3]), "b": ("TEXT", [None, None, "x"])},
    "repeats": {"a": ("BIGINT", [1, 1, 1, None, None]), "b": ("TEXT", ["x", "x", "X", None, None])},
    "outliers": {
        "a": ("BIGINT", SPREAD),
        "b": ("DOUBLE PRECISION", ["NaN", "Infinity", None, *[each / 10 for each in range(6)]]),
        "c": ("TEXT", ["n/a", *map(str, SPREAD[1:])]),
        "d": ("DECIMAL(6,2)", [5] * 8 + [900]),
    },
    "shapes": {"select": ("TEXT", ["1", "-2", "3.5", "1,000", "x", " x", "", None, "£ 5", "5 kg", "a@b.org", "http://x"])},
    "kinds": {'the "a"': ("DATE", ["2024-01-02", None]), "b": ("BOOLEAN", ["true", "true"])},
    "empty_one": {"a": ("BIGINT", []), "b": ("TEXT", [])},
}  # fmt: skip
WEIGHED = "{{ sanitizer.score(source('raw', 'outliers'), weights={'integrity': 70}) }}"


def statements(schema: str, name: str) -> list[str]:
    columns = TABLES[name]
    parts = ", ".join(f"{_name(each)} {kind}" for each, (kind, _) in columns.items())
    made = [f'CREATE TABLE "{schema}".{name} ({parts})']
    for row in zip(*(cells for _, cells in columns.values()), strict=True):
        cells = ", ".join("NULL" if cell is None else f"'{cell}'" for cell in row)
        made.append(f'INSERT INTO "{schema}".{name} VALUES ({cells})')
    return made


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def expected(name: str, weights: Weights) -> Rows:
    with duckdb.connect() as connection:
        for each in statements("main", name):
            connection.execute(each)
        described = connection.execute(f"SELECT * FROM {name}").description or []
        schema = Schema.of((str(each[0]), from_duckdb(str(each[1]))) for each in described)
        return connection.execute(score_query(schema, name, "duckdb", weights).sql("duckdb")).fetchall()


def test_the_score_is_that_of_one_statement(warehouse: Warehouse) -> None:
    project = warehouse.project()
    warehouse.execute(*(each for name in TABLES for each in statements(warehouse.schema, name)))
    tables = [{"name": name} for name in TABLES]
    project.dump("models/s.yml", {"sources": [{"name": "raw", "schema": warehouse.schema, "tables": tables}]})
    for name in TABLES:
        project.write(f"models/score_{name}.sql", f"{{{{ sanitizer.score(source('raw', '{name}')) }}}}")
    project.write("models/weighed.sql", WEIGHED)
    ran = project.dbt("run")
    assert ran.success, ran.messages
    default = Weights()
    heavy = Weights(completeness=40, uniqueness=30, consistency=20, integrity=70)
    asked = {f"score_{name}": (name, default) for name in TABLES} | {"weighed": ("outliers", heavy)}
    for model, (name, weights) in asked.items():
        names, rows = warehouse.table(model)
        assert names == ["dimension", "column_name", "score"]
        want = expected(name, weights)
        assert [row[:2] for row in rows] == [row[:2] for row in want], name
        assert all(math.isclose(got[2], each[2]) for got, each in zip(rows, want, strict=True)), (name, rows, want)
