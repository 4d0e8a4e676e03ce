"""Tables in memory: pandas, Polars, Arrow and DuckDB relations, value for value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from sanitizer_core.errors import SourceError
from sanitizer_core.sources import Opened, load, open_source

Read = Callable[[Any], tuple[Opened, list[dict[str, Any]]]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


@pytest.fixture
def read(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Read:
    def read(source: Any) -> tuple[Opened, list[dict[str, Any]]]:
        opened = open_source(source, connection, scratch=tmp_path / "scratch")
        opened, rows = load(opened, lambda view: connection.table(view).to_arrow_table().to_pylist())
        opened.close()
        assert connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall() == []
        assert not list((tmp_path / "scratch").iterdir())
        return opened, rows

    return read


def column(read: Read, values: Any) -> tuple[str, list[Any]]:
    opened, rows = read(pd.DataFrame({"a": values}))
    return str(opened.schema["a"].type), [row["a"] for row in rows]


DAY, MOMENT = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 30, 0, 5)


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        (pd.Series([1, 2, 2**63 - 1]), "integer", [1, 2, 2**63 - 1]),
        (pd.Series([1, None], dtype="Int64"), "integer", [1, None]),
        (pd.Series([1.5, np.nan, np.inf]), "float", [1.5, None, np.inf]),
        (pd.Series([True, None], dtype="boolean"), "boolean", [True, None]),
        (pd.Series(["x", None, ""]), "text", ["x", None, ""]),
        (pd.Series(["x", None], dtype="category"), "text", ["x", None]),
        (pd.Series([MOMENT, None]), "timestamp", [MOMENT, None]),
        (pd.Series(["x", None, np.nan, pd.NA], dtype=object), "text", ["x", None, None, None]),
        (pd.Series([1, None], dtype=object), "integer", [1, None]),
        (pd.Series([DAY, None], dtype=object), "date", [DAY, None]),
        (pd.Series([DAY, MOMENT], dtype=object), "timestamp", [dt.datetime(2024, 2, 29), MOMENT]),
        (pd.Series([Decimal("1.10"), Decimal(22)], dtype=object), "decimal(4,2)", [Decimal("1.10"), Decimal("22.00")]),
        (pd.Series([None, None], dtype=object), "text", [None, None]),
        (pd.Series([[1], None], dtype=object), "other", [[1], None]),
        (
            pd.Series(
                [1, "x", 2.0, True, np.bool_(False), np.int64(7), DAY, MOMENT, Decimal("1.10"), None], dtype=object
            ),
            "text",
            ["1", "x", "2.0", "true", "false", "7", "2024-02-29", "2024-02-29 12:30:00.000005", "1.10", None],
        ),
        (pd.Series([2**70, "x"], dtype=object), "text", [str(2**70), "x"]),
    ],
)
def test_pandas_columns(read: Read, values: Any, kind: str, found: list[Any]) -> None:
    assert column(read, values) == (kind, found)


def test_mixed_pandas_column_is_noted(read: Read) -> None:
    opened, _ = read(pd.DataFrame({"a": pd.Series([1, "x"], dtype=object)}))
    assert opened.notes == ("column 'a' holds several kinds of values (integer, text); it is read as text",)


@pytest.mark.parametrize("values", [[1, {"x": 1}], [object()], [2**70], [b"x", "x"]])
def test_pandas_column_that_no_table_holds(read: Read, values: list[Any]) -> None:
    with pytest.raises(SourceError, match="in column 'a'"):
        read(pd.DataFrame({"a": pd.Series(values, dtype=object)}))


def test_pandas_names_and_index(read: Read) -> None:
    frame = pd.DataFrame([[1, 2, 3]], columns=["a", "A", 5], index=pd.Index(["x"], name="key"))
    opened, rows = read(frame)
    assert rows == [{"key": "x", "a": 1, "A_2": 2, "5": 3}]
    assert any("index" in note for note in opened.notes)
    assert read(pd.DataFrame({"a": [1, 2]}).iloc[1:])[1] == [{"a": 2}]
    assert list(frame.columns) == ["a", "A", 5]


def test_polars(read: Read) -> None:
    frame = pl.DataFrame(
        {
            "i": [1, None],
            "s": ["x", ""],
            "c": pl.Series(["u", "v"], dtype=pl.Categorical),
            "d": [DAY, None],
            "z": pl.Series([MOMENT, None]).dt.replace_time_zone("Europe/Berlin"),
            "f": [float("nan"), 1.5],
        }
    )
    opened, rows = read(frame)
    kinds = [str(column.type) for column in opened.schema]
    assert kinds == ["integer", "text", "text", "date", "timestamptz", "float"]
    assert rows[0]["z"] == MOMENT.replace(hour=11, tzinfo=dt.UTC)
    assert repr(rows[0]["f"]) == "nan"
    assert [row["c"] for row in rows] == ["u", "v"]


def test_lazy_polars_keeps_its_order_and_is_not_left_on_disk(read: Read) -> None:
    frame = pl.LazyFrame({"n": list(range(100_000))}).with_columns(m=pl.col("n") * 2)
    opened, rows = read(frame)
    assert [row["m"] for row in rows] == list(range(0, 200_000, 2))
    assert opened.address == "a lazy table of polars"


def test_lazy_polars_that_cannot_be_computed(read: Read) -> None:
    with pytest.raises(SourceError, match="cannot be computed: unable to find column"):
        read(pl.LazyFrame({"a": [1]}).select("b"))


@pytest.mark.parametrize("shape", [lambda table: table, pa.Table.to_reader, lambda table: table.to_batches()[0]])
def test_arrow(read: Read, shape: Callable[[pa.Table], Any]) -> None:
    table = pa.table([[1, 2], pa.array(["u", "v"]).dictionary_encode(), pa.nulls(2)], names=["a", "A", "n"])
    opened, rows = read(shape(table))
    assert rows == [{"a": 1, "A_2": "u", "n": None}, {"a": 2, "A_2": "v", "n": None}]
    assert [str(column.type) for column in opened.schema] == ["integer", "text", "text"]


def test_arrow_type_that_is_not_read(read: Read) -> None:
    with pytest.raises(SourceError, match=r"a: decimal256|a decimal256"):
        read(pa.table({"a": pa.array([1], pa.decimal256(50, 2))}))


@pytest.mark.parametrize("table", [pd.DataFrame(), pl.DataFrame(), pa.table({})])
def test_table_without_columns(read: Read, table: Any) -> None:
    with pytest.raises(SourceError, match="has no columns"):
        read(table)


def test_relation_of_the_connection_and_of_another(read: Read, connection: duckdb.DuckDBPyConnection) -> None:
    assert read(connection.sql("SELECT 1 AS a"))[1] == [{"a": 1}]
    assert read(connection.cursor().sql("SELECT 1 AS a"))[1] == [{"a": 1}]
    with duckdb.connect() as other:
        other.execute("CREATE TABLE t AS SELECT 2 AS a")
        assert read(other.table("t"))[1] == [{"a": 2}]


@pytest.mark.parametrize("write", [pa.ipc.new_file, pa.ipc.new_stream])
def test_arrow_files(read: Read, tmp_path: Path, write: Any) -> None:
    table = pa.table({"a": list(range(10)), "s": ["x"] * 10})
    path = tmp_path / "a.arrow"
    with write(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=3)
    opened, rows = read(path)
    assert [row["a"] for row in rows] == list(range(10))
    assert opened.facts["format"] == "arrow"


def database(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def test_duckdb_file_with_one_table(read: Read, tmp_path: Path) -> None:
    path = database(tmp_path / "a.duckdb", 'CREATE TABLE "o\'dd ""name" AS SELECT 1 AS a')
    assert read(path)[1] == [{"a": 1}]
    assert read(f"duckdb:{path}")[1] == [{"a": 1}]


def test_duckdb_file_with_several(read: Read, tmp_path: Path) -> None:
    path = database(
        tmp_path / "a.duckdb",
        "CREATE TABLE one AS SELECT 1 AS a",
        "CREATE SCHEMA s",
        "CREATE TABLE s.two AS SELECT 2 AS a",
    )
    opened, rows = read(f"{path}?table=two")
    assert (rows, opened.address) == ([{"a": 2}], f"{path}?table=two")
    assert read(f"duckdb:{path}?table=s.two")[1] == [{"a": 2}]
    with pytest.raises(SourceError, match=r"holds 2 tables.*one, two"):
        read(path)
    with pytest.raises(SourceError, match="Did you mean 'two'"):
        read(f"{path}?table=tow")


def test_empty_duckdb_file(read: Read, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no table"):
        read(database(tmp_path / "a.duckdb"))


def test_duckdb_file_that_is_open_elsewhere_may_be_tried_again(read: Read, tmp_path: Path) -> None:
    path = database(tmp_path / "a.duckdb", "CREATE TABLE t AS SELECT 1 AS a")
    with duckdb.connect(str(path)), pytest.raises(SourceError) as caught:
        read(path)
    assert caught.value.retryable
