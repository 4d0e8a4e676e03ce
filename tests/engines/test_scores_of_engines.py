"""Rows that repeat others, as the scores of runs inside PostgreSQL and on Spark count them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import psycopg
import pytest

from sanitizer_core import run
from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.recipe import Recipe

ROWS = "(1, NULL), (NULL, 1), (1, NULL), (2, 2), (2, 2), (NULL, NULL)"
"""Six rows, of which four differ: a null in another place makes another row."""
AS_THEY_ARE = Recipe.model_validate({"name": "r", "version": 1, "steps": []})
DIFFERENT, FILLED = 66.67, 58.33


def test_postgres_counts_the_rows_that_differ(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA scored")
        connection.execute("CREATE TABLE scored.raw (a int, b int)")
        connection.execute(f"INSERT INTO scored.raw VALUES {ROWS}".encode())
        score = run(f"{postgres}&table=scored.raw", AS_THEY_ARE, f"{postgres}&table=scored.clean").record.score
        connection.execute("DROP SCHEMA scored CASCADE")
    assert (score["after"]["uniqueness"], score["after"]["completeness"]) == (DIFFERENT, FILLED)


@pytest.mark.spark
@pytest.mark.slow
def test_spark_counts_the_rows_that_differ(tmp_path: Path, spark: SparkEngine) -> None:
    rows = f"SELECT a::INT AS a, b::INT AS b FROM (VALUES {ROWS}) AS t(a, b)"
    duckdb.sql(f"COPY ({rows}) TO '{tmp_path}/raw.parquet'")
    score = run(f"{tmp_path}/raw.parquet", AS_THEY_ARE, f"{tmp_path}/out.parquet", engine="spark").record.score
    assert (score["after"]["uniqueness"], score["after"]["completeness"]) == (DIFFERENT, FILLED)
