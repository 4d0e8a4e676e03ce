"""Excel: what a cell can hold as it is, the rest as text, and never a formula."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook
from sqlglot import exp

from sanitizer_core.errors import SinkError
from sanitizer_core.sinks import WriteOptions, write_table


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("42", 42.0),
        ("-5.5::DOUBLE", -5.5),
        ("1.10::DECIMAL(5,2)", 1.1),
        ("TRUE", True),
        ("'=1+1'", "=1+1"),
        ("' x '", " x "),
        ("'a' || chr(1) || '_x0041_' || chr(13)", "a\x01_x0041_\r"),
        ("DATE '2024-02-29'", dt.date(2024, 2, 29)),
        ("TIMESTAMP '2024-02-29 12:30:00.125'", dt.datetime(2024, 2, 29, 12, 30, 0, 125000)),
        ("TIME '05:06:07'", dt.time(5, 6, 7)),
        ("NULL", ""),
        ("123456789012345678", "123456789012345678"),
        ("12345678901234567.89::DECIMAL(38,2)", "12345678901234567.89"),
        ("'nan'::DOUBLE", "nan"),
        ("'-inf'::DOUBLE", "-inf"),
        ("DATE '1899-12-31'", "1899-12-31"),
        ("TIMESTAMP '2024-02-29 12:30:00.000005'", "2024-02-29 12:30:00.000005"),
        ("TIMESTAMPTZ '2024-02-29 12:30:00+02'", "2024-02-29 10:30:00+00"),
        ("[1, NULL]", "[1, NULL]"),
        ("INTERVAL 1 DAY", "1 day"),
    ],
)
def test_cells(connection: duckdb.DuckDBPyConnection, tmp_path: Path, value: str, cell: Any) -> None:
    connection.execute(f'CREATE TABLE t AS SELECT {value} AS v, 1 AS "=n"')
    write_table(connection, "t", tmp_path / "a.xlsx")
    header, row = sheet(tmp_path / "a.xlsx")
    assert header == ["v", "=n"]
    assert (type(row[0]), row[0]) == (type(cell), cell)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def sheet(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_sheet_has_a_name(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    write_table(connection, "t", tmp_path / "a.xlsx", options=WriteOptions(sheet="Übersicht 1"))
    assert CalamineWorkbook.from_path(tmp_path / "a.xlsx").sheet_names == ["Übersicht 1"]
    with pytest.raises(ValueError, match="sheet"):
        WriteOptions(sheet="a/b")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM range(1048576)", "would have 1048576 rows; a sheet holds 1048575"),
        ("SELECT repeat('x', 32768) AS t", "a text of 32768 characters in row 1; a cell holds 32767"),
        ("SELECT " + ", ".join(f"1 AS c{n}" for n in range(16_385)), "would have 16385 columns"),
    ],
)
def test_too_large(connection: duckdb.DuckDBPyConnection, tmp_path: Path, query: str, said: str) -> None:
    connection.execute(f"CREATE TABLE t AS {query}")
    with pytest.raises(SinkError, match=said):
        write_table(connection, exp.select("*").from_("t"), tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []
