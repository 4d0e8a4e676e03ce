"""The generator of dirty tables: repeatable, and its truth is the whole truth."""

from __future__ import annotations

import duckdb
import pytest

from benchmarks.dirty.columns import COLUMNS
from benchmarks.dirty.sql import DirtyTable
from benchmarks.generate import drifted

NAMES = [column.name for column in COLUMNS]


@pytest.fixture(scope="module")
def made() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    table = DirtyTable(rows=6000, seed=7)
    connection.execute(f"CREATE TABLE dirty AS {table.dirty()}")
    connection.execute(f"CREATE TABLE truth AS {table.truth()}")
    connection.execute(f"CREATE TABLE errors AS {table.errors()}")
    return connection


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0])


def test_every_difference_from_the_truth_is_listed_and_every_listed_error_is_one(
    made: duckdb.DuckDBPyConnection,
) -> None:
    found = " UNION ALL ".join(
        f'SELECT t."row", \'{name}\' AS "column", t.{name} AS clean, d.{name} AS dirty '
        f'FROM truth t JOIN dirty d ON d.rowid = t."row" WHERE t.{name} IS DISTINCT FROM d.{name}'
        for name in NAMES
    )
    listed = 'SELECT "row", "column", clean, dirty FROM errors WHERE "column" IS NOT NULL AND "row" IN (SELECT "row" FROM truth)'
    assert count(made, listed) > 2000
    assert count(made, f"({found}) EXCEPT ALL ({listed})") == 0
    assert count(made, f"({listed}) EXCEPT ALL ({found})") == 0


def test_rows_that_repeat_another_are_in_no_truth_but_in_the_list(made: duckdb.DuckDBPyConnection) -> None:
    repeats = "SELECT \"row\" FROM errors WHERE kind LIKE '%_duplicate'"
    assert count(made, "FROM truth") + count(made, repeats) == 6000
    equal = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in NAMES)
    pairs = (
        "SELECT 1 FROM errors e JOIN dirty a ON a.rowid = e.clean::BIGINT JOIN dirty b ON b.rowid = e.dirty::BIGINT "
        f"WHERE e.kind = 'exact_duplicate' AND {equal}"
    )
    assert count(made, pairs) == count(made, "FROM errors WHERE kind = 'exact_duplicate'") > 50


def test_every_kind_of_damage_is_there(made: duckdb.DuckDBPyConnection) -> None:
    expected = {(column.name, dirt.kind) for column in COLUMNS for dirt in column.dirt}
    assert (
        set(made.execute('SELECT DISTINCT "column", kind FROM errors WHERE "column" IS NOT NULL').fetchall())
        == expected
    )


def test_a_row_is_the_same_whatever_the_stretch_and_another_with_another_seed(made: duckdb.DuckDBPyConnection) -> None:
    later = DirtyTable(rows=1000, seed=7, first=5000).dirty()
    assert (
        made.execute(later).fetchall()
        == made.execute("SELECT * FROM dirty WHERE rowid >= 5000 ORDER BY rowid").fetchall()
    )
    assert (
        made.execute(DirtyTable(rows=10, seed=8).dirty()).fetchall() != made.execute("FROM dirty LIMIT 10").fetchall()
    )


def test_more_dirt_breaks_more_and_none_breaks_nothing(made: duckdb.DuckDBPyConnection) -> None:
    cells = 'SELECT 1 FROM errors WHERE "column" IS NOT NULL'
    assert 0.06 < count(made, cells) / (6000 * len(NAMES)) < 0.11
    assert count(made, f'SELECT * FROM ({DirtyTable(6000, 7, dirt=0).errors()}) WHERE "column" IS NOT NULL') == 0


def test_the_drifted_batch_goes_on_where_the_table_ended_with_other_columns(made: duckdb.DuckDBPyConnection) -> None:
    drifted_rows = made.sql(drifted(DirtyTable(rows=5, seed=7, dirt=0, first=6000)))
    assert drifted_rows.columns == [
        "score",
        "joined",
        "salary",
        "age",
        "city",
        "gender",
        "email",
        "full_name",
        "id",
        "country",
    ]
    assert [row[8] for row in drifted_rows.fetchall()] == ["6001", "6002", "6003", "6004", "6005"]
