"""Tables of Postgres as inputs and outputs of runs that are made by DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from sanitizer_core import restore, run
from sanitizer_core.errors import CompileError, SinkError, SourceError
from sanitizer_core.recipe import Recipe

SETUP = r"""
DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop;
CREATE TABLE shop.things (
    id smallint, big bigint, price numeric(12,3), loose numeric, ratio double precision, small real, yes boolean,
    "day" date, "at" time, moment timestamp, instant timestamptz, label text, code char(3), raw bytea, doc jsonb, tags text[]
);
INSERT INTO shop.things VALUES
 (1, 9223372036854775807, 1.250, 0.5, 'NaN', 0.1, true, '2024-02-29', '23:59:59.999999', '2024-01-01 10:00:00.123456',
  '2024-01-01 10:00+02', E'a "quoted",\n\\N line', 'x', '\xdeadbeef', '{"a": [1]}', '{a,NULL}'),
 (2, NULL, NULL, 12.125, '-Infinity', NULL, NULL, 'infinity', NULL, NULL, NULL, '', NULL, '', NULL, NULL),
 (3, NULL, NULL, NULL, 1e300, NULL, false, '0001-01-01', NULL, NULL, NULL, '\N', NULL, NULL, NULL, '{}');
"""
NOTHING = Recipe.model_validate({"name": "nothing", "input": {"order": ["id"]}})


def ask(address: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def shop(postgres: str) -> Iterator[str]:
    ask(postgres, SETUP)
    yield postgres
    ask(postgres, "DROP SCHEMA shop CASCADE")


def test_a_table_comes_with_its_types(shop: str, tmp_path: Path) -> None:
    result = run(f"{shop}&table=shop.things", NOTHING, tmp_path / "things.parquet")
    relation = duckdb.read_parquet(str(tmp_path / "things.parquet"))
    first, second, third = relation.fetchall()
    assert dict(zip(relation.columns, map(str, relation.types), strict=True)) == {
        "id": "SMALLINT", "big": "BIGINT", "price": "DECIMAL(12,3)", "loose": "DECIMAL(38,3)", "ratio": "DOUBLE",
        "small": "FLOAT", "yes": "BOOLEAN", "day": "DATE", "at": "TIME", "moment": "TIMESTAMP",
        "instant": "TIMESTAMP WITH TIME ZONE", "label": "VARCHAR", "code": "VARCHAR", "raw": "BLOB", "doc": "VARCHAR",
        "tags": "VARCHAR",
    }  # fmt: skip
    assert first[1:4] == (9223372036854775807, Decimal("1.250"), Decimal("0.500"))
    assert first[6:10] == (
        True,
        dt.date(2024, 2, 29),
        dt.time(23, 59, 59, 999999),
        dt.datetime(2024, 1, 1, 10, 0, 0, 123456),
    )
    assert first[10] == dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC)
    assert first[11:] == ('a "quoted",\n\\N line', "x", b"\xde\xad\xbe\xef", '{"a": [1]}', "{a,NULL}")
    assert second[4] == float("-inf") and second[11:14] == ("", None, b"")
    assert third[4] == 1e300 and third[11] == "\\N" and third[15] == "{}"
    assert any("doc (jsonb), tags (text[])" in note for note in result.record.notes)


def test_a_file_becomes_a_table_and_comes_back(shop: str, tmp_path: Path) -> None:
    values = (
        "SELECT 1::TINYINT AS id, 2.5::DECIMAL(5,2) AS price, 'nan'::DOUBLE AS ratio, true AS yes, DATE '2024-02-29' AS day,"
        " TIMESTAMPTZ '2024-01-01 10:00:00+02' AS instant, 'a ''b'' \"c\"\n\\N' AS label, '\\xAA'::BLOB AS raw, {'a': [1]} AS doc,"
        " 'x' AS \"select\" UNION ALL BY NAME SELECT 2 AS id, '' AS label"
    )
    duckdb.execute(f"COPY ({values}) TO '{tmp_path / 'in.parquet'}'")
    result = run(tmp_path / "in.parquet", NOTHING, f"{shop}&table=shop.copied", artifacts=tmp_path / "run")
    assert ask(shop, "SELECT * FROM shop.copied ORDER BY id") == [
        (1, Decimal("2.50"), pytest.approx(float("nan"), nan_ok=True), True, dt.date(2024, 2, 29),
         dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC), "a 'b' \"c\"\n\\N", b"\xaa", {"a": [1]}, "x"),
        (2, None, None, None, None, None, "", None, None, None),
    ]  # fmt: skip
    assert (
        result.output
        == result.record.artifacts["output"]
        == "postgresql:///" + shop.split("/")[3].split("?")[0] + "?table=shop.copied"
    )
    restore(tmp_path / "run", tmp_path / "back.parquet")
    assert (
        duckdb.read_parquet(str(tmp_path / "back.parquet")).fetchall()[1:]
        == duckdb.read_parquet(str(tmp_path / "in.parquet")).fetchall()[1:]
    )


def test_a_run_undone_into_a_table(shop: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,name\n1, Ann\n2,\n")
    strip = {"op": "replace_values", "params": {"columns": ["name"], "mapping": {" Ann": "Ann"}}}
    run(tmp_path / "in.csv", Recipe.model_validate({"name": "r", "steps": [strip]}), tmp_path / "out.parquet")
    restore(tmp_path / "out.run", f"{shop}&table=shop.back")
    assert ask(shop, "SELECT * FROM shop.back ORDER BY id") == [("1", " Ann"), ("2", None)]


def test_engines_can_be_asked_for(shop: str, tmp_path: Path) -> None:
    inside = f"{shop}&table=shop.things", NOTHING, f"{shop}&table=shop.clean"
    assert run(*inside, engine="duckdb").record.engine == "duckdb"
    assert run(*inside).record.engine == "postgres"
    with pytest.raises(CompileError, match="only where source and output are tables of one database"):
        run(f"{shop}&table=shop.things", NOTHING, tmp_path / "out.parquet", engine="postgres")
    with pytest.raises(CompileError, match=r"unknown engine 'postgre'.*Did you mean 'postgres'"):
        run(*inside, engine="postgre")


def test_what_does_not_fit_is_told_and_changes_nothing(shop: str, tmp_path: Path) -> None:
    ask(shop, "CREATE TABLE shop.kept AS SELECT 1 AS id")
    duckdb.execute(f"COPY (SELECT 1 AS id, 'a' || chr(0) AS label) TO '{tmp_path / 'nul.parquet'}'")
    with pytest.raises(SinkError, match="invalid byte sequence"):
        run(tmp_path / "nul.parquet", NOTHING, f"{shop}&table=shop.kept")
    assert ask(shop, "SELECT * FROM shop.kept") == [(1,)]
    ask(shop, "UPDATE shop.things SET day = '0044-03-15 BC' WHERE id = 1")
    with pytest.raises(SourceError, match="holds a value that DuckDB has no room for"):
        run(f"{shop}&table=shop.things", NOTHING, tmp_path / "out.parquet")
