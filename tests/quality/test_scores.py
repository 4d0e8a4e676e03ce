"""Scores: the formulas on tables that a reader can count, and one statement that says what a run says, on each engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlglot import exp

from contract.elsewhere import put
from sanitizer_core.chain import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.plan import ROW
from sanitizer_core.quality import SAMPLE_ROWS, Score, Subject, score, score_query
from sanitizer_core.quality.repeats import repeats_of
from sanitizer_core.recipe import Weights
from sanitizer_core.schema import Schema, from_duckdb
from sanitizer_core.sql import column

Columns = dict[str, tuple[str, list[Any]]]
Rows = list[tuple[Any, ...]]
TYPES = {"DOUBLE": "DOUBLE PRECISION", "VARCHAR": "TEXT"}
NAN = float("nan")
SPREAD = [1, 2, 3, 4, 5, 6, 7, 8, 1000]

TABLES: dict[str, Columns] = {
    "nothing is wrong": {"a": ("BIGINT", [1, 2]), "b": ("VARCHAR", ["x", "y"])},
    "nulls": {"a": ("BIGINT", [1, None, 3]), "b": ("VARCHAR", [None, None, "x"])},
    "repeats": {"a": ("BIGINT", [1, 1, 1, None, None]), "b": ("VARCHAR", ["x", "x", "X", None, None])},
    "nulls elsewhere": {"a": ("VARCHAR", ["x", None, "x", None]), "b": ("VARCHAR", [None, "x", None, None])},
    "zeros": {"a": ("DOUBLE", [0.0, -0.0, NAN, NAN, None]), "b": ("BIGINT", [1, 1, 1, 1, 1])},
    "outliers": {"a": ("BIGINT", SPREAD), "b": ("DOUBLE", [NAN, float("inf"), None, *[each / 10 for each in range(6)]]),
                 "c": ("VARCHAR", ["n/a", *map(str, SPREAD[1:])]), "d": ("DECIMAL(6,2)", [5] * 8 + [900])},
    "shapes": {"a": ("VARCHAR", ["1", "-2", "3.5", "1,000", "1e5", "x", " x", "", None, "$", "£ 5", "5 kg", "12:30"]),
               "b": ("VARCHAR", ["2024-01-02", "2024-01-02T03:04:05Z", "1/2/2024", "31.12.24", "a@b.org", "a@b", "http://x", "www.x.y",
                                 "httpx", "x ", "+", "٣", "€5"])},
    "types": {"the \"a\"": ("DATE", [dt.date(2024, 1, 2), None]), "select": ("BOOLEAN", [True, True]),
              "n": ("TIMESTAMP", [dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 2)])},
    "halves": {"a": ("BIGINT", [None, *range(31)]), "b": ("VARCHAR", ["x", *map(str, range(31))])},
    "no rows": {"a": ("BIGINT", []), "b": ("VARCHAR", [])},
    "one row": {"a": ("VARCHAR", ["5"])},
}  # fmt: skip


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open() as opened:
        yield opened


@pytest.fixture
def session(postgres: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres) as opened:
        yield opened
        opened.rollback()


def schema_of(columns: Columns) -> Schema:
    return Schema.of((name, from_duckdb(kind)) for name, (kind, _) in columns.items())


def load(engine: DuckDBEngine, columns: Columns) -> None:
    told = ", ".join(
        f"{exp.to_identifier(name, quoted=True).sql('duckdb')} {kind}" for name, (kind, _) in columns.items()
    )
    engine.execute(f"CREATE TABLE data ({told})")
    rows = list(zip(*(cells for _, cells in columns.values()), strict=True))
    if rows:
        engine.connection.executemany(f"INSERT INTO data VALUES ({', '.join('?' for _ in columns)})", rows)
    engine.create(
        Relation("numbered", exp.select(exp.alias_(exp.column("rowid"), ROW, quoted=True), exp.Star()).from_("data"))
    )


def scored(engine: DuckDBEngine, columns: Columns, weights: Weights | None = None) -> Score:
    load(engine, columns)
    subjects = [Subject(each.name, each.name, each.type) for each in schema_of(columns)]
    return score(engine, "numbered", subjects, weights or Weights())


def as_rows(found: Score) -> Rows:
    """What a statement has to say of a score."""
    told = found.to_json()
    rows: Rows = [
        (name, None, told[name]) for name in ("overall", "completeness", "uniqueness", "consistency", "integrity")
    ]
    for dimension in ("completeness", "consistency", "integrity"):
        rows += [(dimension, name, column[dimension]) for name, column in told["columns"].items()]
    return rows


def test_each_dimension_is_what_its_formula_says(engine: DuckDBEngine) -> None:
    found = scored(engine, {"a": ("BIGINT", [*SPREAD, 9]), "b": ("VARCHAR", ["x", None, *["3"] * 8])})
    assert found.completeness == 95, "19 of 20 cells are filled"
    assert found.uniqueness == 100
    assert found.consistency == round(100 * (1 + 8 / 9) / 2, 2), "all of one type, and 8 of 9 are integers"
    assert found.integrity == 95, "the 1000 and no other is beyond the fences"
    assert found.columns["b"].shape == "integer"
    assert found.overall == round(0.4 * 95 + 0.3 * 100 + 0.2 * (1 + 8 / 9) / 2 * 100 + 0.1 * 95, 2)


def test_halves_go_up(engine: DuckDBEngine) -> None:
    assert scored(engine, TABLES["halves"]).columns["a"].completeness == 96.88, "31 of 32 are 96.875 per cent"


def test_a_large_table_is_looked_at_in_blocks_and_counted_whole(engine: DuckDBEngine) -> None:
    rows = 3 * SAMPLE_ROWS
    engine.execute(
        f"CREATE TABLE data AS SELECT i // 2 AS a, CASE WHEN i % 10 = 0 THEN NULL ELSE i END AS b FROM range({rows}) r(i)"
    )
    engine.execute('CREATE VIEW numbered AS SELECT rowid AS "@row", * FROM data')
    subjects = [Subject(each.name, each.name, each.type) for each in engine.schema_of("data")]
    found = score(engine, "numbered", subjects, Weights())
    assert SAMPLE_ROWS <= found.sampled < 1.1 * SAMPLE_ROWS
    assert (found.rows, found.columns["b"].completeness, found.uniqueness) == (rows, 90, 100)
    engine.execute("INSERT INTO data SELECT * FROM data")
    assert score(engine, "numbered", subjects, Weights()).uniqueness == 50


@pytest.mark.parametrize("most", [70, 1000, 10**6])
@pytest.mark.parametrize("telling", [True, False])
def test_repeats_are_the_same_however_many_hashes_fit_into_memory(
    engine: DuckDBEngine, most: int, telling: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sanitizer_core.quality.repeats.MOST_IN_MEMORY", most)
    engine.execute(
        'CREATE TABLE data AS SELECT i AS "@row", i % 900 AS a, (i // 900) % 2 = 0 AND i % 3 = 0 AS b FROM range(2700) r(i)'
    )
    compared = [column("a"), column("b")]
    # Of each of the 900 values there are three rows; those of every third value are of two kinds.
    assert repeats_of(engine, "data", compared, column("a") if telling else None, 2700) == 1500


def test_few_rows_of_a_long_table_make_longer_blocks(engine: DuckDBEngine) -> None:
    engine.execute(f'CREATE TABLE data AS SELECT i * 7 AS "@row", i AS a FROM range({2 * SAMPLE_ROWS}) r(i)')
    found = score(engine, "data", [Subject("a", "a", from_duckdb("BIGINT"))], Weights())
    assert 0.9 * SAMPLE_ROWS <= found.sampled <= 1.1 * SAMPLE_ROWS


@pytest.mark.parametrize("name", TABLES)
def test_a_statement_says_what_a_run_says(engine: DuckDBEngine, name: str) -> None:
    found = scored(engine, TABLES[name])
    rows = engine.fetch(score_query(schema_of(TABLES[name]), "data", "duckdb"))
    expected = as_rows(found)
    assert rows[: len(expected)] == expected
    assert [row[2] for row in rows[len(expected) :]] == [100.0] * (len(rows) - len(expected)), "an empty table"


def test_weights_of_a_statement(engine: DuckDBEngine) -> None:
    weights = Weights(completeness=1, uniqueness=3, consistency=0, integrity=0.5)
    expected = as_rows(scored(engine, TABLES["outliers"], weights))
    assert engine.fetch(score_query(schema_of(TABLES["outliers"]), "data", "duckdb", weights)) == expected


@pytest.mark.parametrize("name", TABLES)
def test_postgres_scores_as_duckdb_does(engine: DuckDBEngine, session: psycopg.Connection[Any], name: str) -> None:
    columns = TABLES[name]
    load(engine, columns)
    told = ", ".join(
        f"{exp.to_identifier(each, quoted=True).sql('postgres')} {TYPES.get(kind, kind)}"
        for each, (kind, _) in columns.items()
    )
    session.execute(f"CREATE TEMPORARY TABLE data ({told})".encode())
    for cells in zip(*(cells for _, cells in columns.values()), strict=True):
        session.execute(f"INSERT INTO data VALUES ({', '.join(['%s'] * len(cells))})".encode(), cells)
    schema = schema_of(columns)
    found = session.execute(score_query(schema, "data", "postgres").sql("postgres").encode()).fetchall()
    assert found == engine.fetch(score_query(schema, "data", "duckdb"))


@pytest.mark.spark
@pytest.mark.slow
def test_spark_scores_as_duckdb_does(engine: DuckDBEngine, spark: SparkEngine) -> None:
    for name, columns in TABLES.items():
        schema = schema_of(columns)
        put(spark, columns, "scored")
        put(engine, columns, "scored")
        told = spark.fetch(score_query(schema, "scored", "spark"))
        assert told == engine.fetch(score_query(schema, "scored", "duckdb")), name
        subjects = [Subject(each.name, each.name, each.type) for each in schema]
        assert score(spark, "scored", subjects, Weights()) == score(engine, "scored", subjects, Weights()), name
