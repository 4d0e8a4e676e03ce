"""Text that a spreadsheet would run: guarded in CSV, counted, and nothing else touched."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sanitizer_core.sinks import WriteOptions, write_table

GUARDED = ["=1+1", '=HYPERLINK("http://x")', "+49 170 1", "-1+1", "@SUM(1)", "\tx", "\r=1", "-2-3", "--5", "+a", "-5%"]
LEFT = ["-5", "+5", "-1.234,50", "+1e-7", "-", "+", "", "a=1", " =1", "5", "'=1", "-1,000.5"]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def written(
    connection: duckdb.DuckDBPyConnection, path: Path, options: WriteOptions | None = None
) -> tuple[int, list[list[str]]]:
    result = write_table(connection, "cells", path, options=options or WriteOptions())
    with path.open(newline="") as file:
        return result.guarded, list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_only_what_is_dangerous_is_guarded_and_counted(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    connection.execute("CREATE TABLE cells (id INTEGER, t VARCHAR, number INTEGER, safe VARCHAR)")
    connection.executemany("INSERT INTO cells VALUES (?, ?, -5, 'x')", list(enumerate(GUARDED + LEFT)))
    guarded, rows = written(connection, tmp_path / name)
    assert guarded == len(GUARDED)
    assert [row[1] for row in rows[1:]] == [f"'{text}" for text in GUARDED] + LEFT
    assert {row[2] for row in rows[1:]} == {"-5"}


def test_switched_off(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute("CREATE TABLE cells AS SELECT 1 AS id, '=1' AS \"=t\"")
    options = WriteOptions(guard_formulas=False)
    assert written(connection, tmp_path / "a.csv", options) == (0, [["id", "=t"], ["1", "=1"]])


def test_names_of_columns_are_guarded_too(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute('CREATE TABLE cells AS SELECT 1 AS "=cmd", 2 AS "-5", NULL::VARCHAR AS t')
    assert written(connection, tmp_path / "a.csv") == (1, [["'=cmd", "-5", "t"], ["1", "2", ""]])


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.xlsx"])
def test_other_formats_need_no_guard(connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    connection.execute("CREATE TABLE cells AS SELECT '=1+1' AS t")
    assert write_table(connection, "cells", tmp_path / name).guarded == 0
