"""The types of a contract against the types of a table, and what becomes of a cell that has to be converted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from contract.held import Check, load, read
from sanitizer_core.contract import Contract, check_contract
from sanitizer_core.contract.dtypes import expected_of
from sanitizer_core.schema import from_duckdb

NATIVE = {
    "text": "VARCHAR", "integer": "BIGINT", "float": "DOUBLE", "decimal": "DECIMAL(10,2)", "boolean": "BOOLEAN", "date": "DATE",
    "time": "TIME", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMP WITH TIME ZONE", "interval": "INTERVAL", "binary": "BLOB",
    "list": "INTEGER[]", "enum": "ENUM('a')", "huge": "HUGEINT",
}  # fmt: skip
EVERYTHING = frozenset(NATIVE)
ACCEPTED: dict[str, frozenset[str]] = {
    "int64 int int32 uint8 Int64 UInt16 int64[pyarrow] integer": frozenset({"integer", "huge"}),
    "float64 float Float64 float32 double[pyarrow] floating": frozenset({"float", "decimal"}),
    "str string string[pyarrow] String large_string[pyarrow]": frozenset({"text", "enum"}),
    "bool boolean Boolean bool[pyarrow]": frozenset({"boolean"}),
    "datetime64[ns] datetime64[us] datetime timestamp[us][pyarrow] Datetime(time_unit='us',\u00a0time_zone=None)": frozenset(
        {"timestamp"}
    ),
    "datetime64[ns,\u00a0UTC] datetime64[ns,UTC] Datetime(time_unit='us',\u00a0time_zone='UTC')": frozenset(
        {"timestamptz"}
    ),
    "date Date date32[day][pyarrow]": frozenset({"date"}),
    "Time time64[us][pyarrow]": frozenset({"time"}),
    "Decimal(10,2) Decimal(precision=12,\u00a0scale=2)": frozenset({"decimal"}),
    "Decimal(9,2) Decimal(12,1) Decimal(10,3)": frozenset(),
    "timedelta64[ns] Duration(time_unit='us') timedelta": frozenset({"interval"}),
    "Binary binary[pyarrow]": frozenset({"binary"}),
    "category Categorical object Object": EVERYTHING,
}


@pytest.mark.parametrize(("names", "kinds"), ACCEPTED.items())
def test_a_type_name_accepts_its_kinds_of_column(names: str, kinds: frozenset[str]) -> None:
    for name in names.split(" "):
        expected = expected_of(name.replace("\u00a0", " "))
        assert expected is not None, name
        assert {kind for kind, native in NATIVE.items() if expected.accepts(from_duckdb(native))} == kinds, name


@pytest.mark.parametrize("name", ["int65", "complex128", "varchar", "", "datetime64[ns", "period[D]", "Sparse[int]"])
def test_a_name_that_is_no_type_is_known_as_none(name: str) -> None:
    assert expected_of(name) is None


def test_a_narrower_integer_is_a_range_of_cells(check: Check) -> None:
    found = check({"a": ("BIGINT", [127, 128, -129, None])}, {"columns": {"a": {"dtype": "int8", "nullable": True}}})
    assert found.failing("a.dtype") == [1, 2]
    assert found.check("a.dtype").checked == 3
    assert "from -128 to 127" in found.check("a.dtype").description


def test_a_wider_integer_asks_nothing_of_cells(check: Check) -> None:
    found = check({"a": ("SMALLINT", [1])}, {"columns": {"a": {"dtype": "int32"}}})
    assert [each.id for each in found.verdict.checks] == ["a.nullable"]


T = True
F = False
DAY = dt.date(2020, 2, 29)
COERCED: list[tuple[str, str, list[Any], list[int]]] = [
    # the column's type, the contract's, cells, rows that cannot become it
    ("VARCHAR", "int64", ["1", " -2 ", "+3", "1_000", "1.5", "0x1F", "1e3", "", "x", "9" * 20, None], [4, 5, 6, 7, 8, 9]),
    ("VARCHAR", "uint64", ["18446744073709551615", "-1"], [1]),
    ("VARCHAR", "int8", ["127", "128"], [1]),
    ("VARCHAR", "float64", ["1", ".5", "1e3", "inf", "-INF", "nan", "1,5", "+-1", ""], [6, 7, 8]),
    ("VARCHAR", "Decimal(5,2)", ["1.25", "999.99", "1000", "x"], [2, 3]),
    ("VARCHAR", "bool", ["true", "No", "1", "Y", "2", ""], [4, 5]),
    ("VARCHAR", "datetime64[ns]", ["2020-01-01", "2020-01-01 10:00:00", "2020-01-01T10:00", "2020-02-30", "01.02.2020", "epoch"], [3, 4, 5]),
    ("VARCHAR", "datetime64[ns, UTC]", ["2020-01-01 10:00:00+02:00", "2020-01-01T10:00:00Z", "2020-01-01", "10:00Z"], [3]),
    ("VARCHAR", "date", ["2020-02-29", "2021-02-29", "2020-02-29 10:00:00"], [1]),
    ("VARCHAR", "category", ["a", ""], []),
    ("DOUBLE", "int64", [1.5, 2.0, float("inf"), 1e30], [2, 3]),
    ("DOUBLE", "Int64", [1.5, 2.0], [0]),
    ("BIGINT", "bool", [0, 1, 2], []),
    ("BIGINT", "boolean", [0, 1, 2], [2]),
    ("BIGINT", "str", [1], []),
    ("DATE", "datetime64[ns]", [DAY], []),
    ("TIMESTAMP", "date", [dt.datetime(2020, 1, 1, 5)], []),
    ("DECIMAL(5,2)", "int64", [Decimal("1.5")], []),
]  # fmt: skip


@pytest.mark.parametrize(("native", "dtype", "cells", "failing"), COERCED)
def test_a_cell_that_cannot_be_converted_fails(
    check: Check, native: str, dtype: str, cells: list[Any], failing: list[int]
) -> None:
    found = check({"a": (native, cells)}, {"columns": {"a": {"dtype": dtype, "coerce": True, "nullable": True}}})
    assert found.failing("a.dtype") == failing
    assert found.verdict.findings == ()


def test_checks_judge_the_cell_after_conversion_and_leave_out_what_has_none(check: Check) -> None:
    cells = ["05", "5", "x", "y", "200", "nan", None]
    asked = {"dtype": "float64", "coerce": True, "unique": True, "le": 100}
    found = check({"a": ("VARCHAR", cells)}, {"columns": {"a": asked}})
    assert found.failing("a.dtype") == [2, 3]
    assert found.failing("a.unique") == [0, 1, 5, 6]
    assert found.failing("a.less_than_or_equal_to") == [4]
    assert found.failing("a.nullable") == [5, 6]
    counted = {each.id: each.checked for each in found.verdict.checks}
    assert counted == {"a.dtype": 5, "a.nullable": 7, "a.unique": 7, "a.less_than_or_equal_to": 3}


def test_conversion_may_be_asked_of_the_whole_table(check: Check) -> None:
    found = check(
        {"a": ("VARCHAR", ["1", "x"]), "b": ("VARCHAR", ["2", "3"])},
        {"columns": {"a": {}, "b": {}}, "dtype": "int64", "coerce": True},
    )
    assert found.failing("a.dtype") == [1]
    assert found.check("b.dtype").passed


def test_a_type_for_the_whole_table_is_asked_of_every_column(check: Check) -> None:
    found = check({"a": ("VARCHAR", ["1"]), "b": ("BIGINT", [2])}, {"dtype": "int64"})
    assert [each.column for each in found.verdict.findings] == ["a"]


def test_without_conversion_text_is_no_number(check: Check) -> None:
    found = check({"a": ("VARCHAR", ["1"])}, {"columns": {"a": {"dtype": "int64", "ge": 1, "isin": [1], "ne": 1}}})
    assert [each.kind for each in found.verdict.findings] == ["mistyped"]
    assert {each.id: each.passed for each in found.verdict.checks} == {
        "a.nullable": True,
        "a.greater_than_or_equal_to": False,
        "a.isin": False,
        "a.not_equal_to": True,
    }


def test_a_zone_is_that_of_the_naive_values(check: Check) -> None:
    asked = {"dtype": "datetime64[ns, Europe/Berlin]", "coerce": True, "ge": "2020-01-01 00:00:00"}
    cells = ["2020-01-01 00:00:00", "2019-12-31 23:00:00+00:00", "2019-12-31 22:59:59Z"]
    assert check({"a": ("VARCHAR", cells)}, {"columns": {"a": asked}}).failing("a.greater_than_or_equal_to") == [2]


def test_a_fraction_is_cut_where_pandas_cuts_it(check: Check) -> None:
    found = check(
        {"a": ("DOUBLE", [1.7, -1.7, 2.0])}, {"columns": {"a": {"dtype": "int64", "coerce": True, "isin": [1, -1]}}}
    )
    assert found.failing("a.isin") == [2]


def test_an_enumeration_is_text(check: Check) -> None:
    found = check(
        {"a": ("ENUM('x', 'yy')", ["x", "yy"])}, {"columns": {"a": {"dtype": "str", "str_length": 1, "isin": ["x"]}}}
    )
    assert found.failing("a.str_length") == [1]
    assert found.failing("a.isin") == [1]


def test_a_list_is_compared_by_pandera_itself(check: Check) -> None:
    found = check({"a": ("INTEGER[]", [[1], None])}, {"columns": {"a": {"nullable": True, "unique": True}}})
    assert found.verdict.status == "passed"


def test_the_text_of_a_file_without_types_is_judged_after_conversion(connection: duckdb.DuckDBPyConnection) -> None:
    load(connection, {"a": ("VARCHAR", ["1", "x", "3"]), "b": ("BOOLEAN", [True, True, True])})
    contract = Contract.from_data(
        {"contract": "c", "schema": {"columns": {"a": {"dtype": "int64", "lt": 3}, "b": {"dtype": "int64"}}}}
    )
    found = read(connection, check_contract(connection, "data", contract, untyped=True))
    assert found.failing("a.dtype") == [1]
    assert found.failing("a.less_than") == [2]
    assert [each.column for each in found.verdict.findings] == ["b"], "a column that has a type keeps it"
