"""Every built-in check, by cells that hold and cells that fail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from contract.held import Check, Columns
from sanitizer_core.contract.vocabulary import BUILT_IN

TEXTS = ["abc", "abd", "xabc", "", "ab\n", None, "é"]
NAN = float("nan")

CASES: list[tuple[str, str, list[Any], Any, list[int]]] = [
    # check, type of the column, cells, the check's value, rows that fail
    ("equal_to", "BIGINT", [1, 2, None], 1, [1]),
    ("equal_to", "VARCHAR", ["a", "b"], 1, [0, 1]),
    ("equal_to", "BOOLEAN", [True, False], 1, [1]),
    ("not_equal_to", "DOUBLE", [1.0, NAN, 2.0], 1, [0]),
    ("not_equal_to", "VARCHAR", ["a", "b"], 1, []),
    ("greater_than", "BIGINT", [0, 1, None], 0, [0]),
    ("greater_than", "DOUBLE", [0.5, 0.6, NAN, float("inf")], 0.5, [0]),
    ("greater_than_or_equal_to", "DECIMAL(5,2)", [1, 2], 1.5, [0]),
    ("greater_than_or_equal_to", "VARCHAR", ["a", "b", "é"], "b", [0]),
    ("less_than", "DATE", [dt.date(2020, 1, 1), dt.date(2019, 1, 1)], "2020-01-01", [0]),
    ("less_than_or_equal_to", "TIMESTAMP", [dt.datetime(2020, 1, 1), dt.datetime(2021, 1, 1)], "2020-06-01 00:00:00", [1]),
    ("in_range", "BIGINT", [0, 1, 2, 3], {"min_value": 1, "max_value": 2}, [0, 3]),
    ("in_range", "BIGINT", [1, 2, 3], {"min_value": 1, "max_value": 3, "include_min": False, "include_max": False}, [0, 2]),
    ("isin", "VARCHAR", ["a", "b", None, "'"], ["a", "'", 5], [1]),
    ("isin", "BIGINT", [1, 2, 3], [1.0, 2.5], [1, 2]),
    ("isin", "VARCHAR", ["a", "b", "ab"], "ab", [2]),
    ("isin", "VARCHAR", ["a", None], [], [0]),
    ("equal_to", "BIGINT", [1, None], "a", [0]),
    ("notin", "BIGINT", [1, 2, None], [2], [1]),
    ("notin", "DOUBLE", [1.0, NAN], [2.0, NAN], []),
    ("str_matches", "VARCHAR", TEXTS, "ab", [2, 3, 6]),
    ("str_matches", "VARCHAR", TEXTS, "ab$", [0, 1, 2, 3, 6]),
    ("str_matches", "VARCHAR", TEXTS, r"\w+\Z", [3, 4]),
    ("str_matches", "VARCHAR", TEXTS, "(?=ab)", [2, 3, 6]),
    ("str_contains", "VARCHAR", TEXTS, "b(c|d)", [3, 4, 6]),
    ("str_contains", "VARCHAR", TEXTS, r"(a)b\b", [0, 1, 2, 3, 6]),
    ("str_startswith", "VARCHAR", ["a%b", "axb", None], "a%", [1]),
    ("str_endswith", "VARCHAR", ["a_", "ab"], "_", [1]),
    ("str_length", "VARCHAR", ["ab", "é", "👍🏽", ""], 2, [1, 3]),
    ("str_length", "VARCHAR", ["ab", "abc", ""], {"min_value": 1, "max_value": 2}, [1, 2]),
    ("str_length", "VARCHAR", ["ab", "abc", ""], {"min_value": 3}, [0, 2]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "cells", "value", "failing"), CASES)
def test_a_check_fails_where_it_should(
    check: Check, name: str, kind: str, cells: list[Any], value: Any, failing: list[int]
) -> None:
    found = check({"a": (kind, cells)}, {"columns": {"a": {"nullable": True, name: value}}})
    assert found.failing(f"a.{name}") == failing
    result = found.check(f"a.{name}")
    assert (result.failed, result.passed, result.error) == (len(failing), not failing, None)


def test_every_built_in_check_has_a_case() -> None:
    assert {name for name, *_ in CASES} == set(BUILT_IN) - {"unique_values_eq"}


@pytest.mark.parametrize(("values", "passed"), [(["a", "b"], True), (["a"], False), (["a", "b", "c"], False)])
def test_unique_values_eq_speaks_of_the_whole_column(check: Check, values: list[str], passed: bool) -> None:
    found = check(
        {"a": ("VARCHAR", ["a", "b", "a", None])}, {"columns": {"a": {"nullable": True, "unique_values_eq": values}}}
    )
    result = found.check("a.unique_values_eq")
    assert (result.passed, result.scope, found.rows) == (passed, "whole", {})


@pytest.mark.parametrize(
    ("name", "kind", "cell", "value"),
    [
        ("str_length", "BIGINT", 1, 2),
        ("greater_than", "VARCHAR", "a", 1),
        ("less_than", "BIGINT", 1, "a"),
        ("greater_than", "TIMESTAMP", dt.datetime(2020, 1, 1), "2020-01-01T00:00:00+02:00"),
        ("in_range", "TIMESTAMPTZ", dt.datetime(2020, 1, 1, tzinfo=dt.UTC), {"min_value": "a", "max_value": "b"}),
    ],
)
def test_a_check_that_means_nothing_for_the_column_fails_and_says_so(
    check: Check, name: str, kind: str, cell: Any, value: Any
) -> None:
    found = check({"a": (kind, [cell])}, {"columns": {"a": {name: value}}})
    result = found.check(f"a.{name}")
    assert not result.passed
    assert result.scope == "whole"
    assert result.error


@pytest.mark.parametrize(
    ("name", "value", "failing"),
    [("isin", ["a"], [1]), ("isin", ["a", None], []), ("notin", ["a"], [0]), ("notin", ["a", None], [0, 1]),
     ("str_matches", "a", [1]), ("ne", "a", [0]), ("str_length", 1, [1])],
)  # fmt: skip
def test_nulls_are_asked_where_the_check_says_so(check: Check, name: str, value: Any, failing: list[int]) -> None:
    arguments = value if isinstance(value, dict) else {"value": value}
    entry = {**arguments, "options": {"check_name": name, "ignore_na": False}}
    found = check({"a": ("VARCHAR", ["a", None])}, {"columns": {"a": {"nullable": True, "checks": [entry]}}})
    assert sorted(found.rows) == failing
    assert found.verdict.checks[0].checked == 2


def test_a_check_of_the_table_asks_every_cell(check: Check) -> None:
    found = check(
        {"a": ("BIGINT", [1, 2, 0]), "b": ("DOUBLE", [1.0, 0.0, None])},
        {"checks": [{"value": 0, "options": {"check_name": "gt"}}]},
    )
    assert found.failing("table.greater_than") == [1, 2]


@pytest.mark.parametrize(
    ("keep", "failing"), [("all", [0, 1, 3, 4, 5]), ("exclude_first", [3, 4, 5]), ("exclude_last", [0, 1, 4])]
)
def test_repeats_are_counted_as_asked(check: Check, keep: str, failing: list[int]) -> None:
    cells = ["x", None, "y", None, "x", "x"]
    asked = {"nullable": True, "unique": True, "report_duplicates": keep}
    assert check({"a": ("VARCHAR", cells)}, {"columns": {"a": asked}}).failing("a.unique") == failing


def test_not_a_number_and_null_are_one_and_the_same(check: Check) -> None:
    found = check({"a": ("DOUBLE", [NAN, None, 0.0, -0.0])}, {"columns": {"a": {"unique": True}}})
    assert found.failing("a.nullable") == [0, 1]
    assert found.failing("a.unique") == [0, 1, 2, 3]


def test_a_rising_number_is_unique_and_a_repeated_one_is_not(check: Check) -> None:
    schema = {"columns": {"a": {"unique": True, "nullable": True}}}
    assert check({"a": ("BIGINT", [1, 2, 5])}, schema).failing("a.unique") == []
    assert check({"a": ("BIGINT", [5, 2, 1])}, schema).failing("a.unique") == []
    assert check({"a": ("BIGINT", [1, 2, 2])}, schema).failing("a.unique") == [1, 2]
    assert check({"a": ("BIGINT", [None, 1, None])}, schema).failing("a.unique") == [0, 2]


def test_columns_are_unique_together(check: Check) -> None:
    table: Columns = {"a": ("BIGINT", [1, 1, 1, None, None]), "b": ("VARCHAR", ["x", "y", "x", "z", "z"])}
    schema = {"columns": {"a": {"nullable": True}}, "unique": ["a", "b", "not there"]}
    found = check(table, schema)
    assert found.failing("table.unique") == [0, 2, 3, 4]
    assert found.rows[0][1] == ["a", "b"]
    assert check(table, {"unique": [["a", "b"], ["b"]]}).failing("table.unique#2") == [0, 2, 3, 4]


def test_the_second_check_of_a_name_has_a_number(check: Check) -> None:
    entries = [{"value": 1, "options": {"check_name": "gt"}}, {"value": 2, "options": {"check_name": "gt", "name": "more"}},
               {"value": 3, "options": {"check_name": "gt"}}]  # fmt: skip
    found = check(
        {"a": ("BIGINT", [2])}, {"columns": {"a": {"checks": entries}}}, thresholds={"a.gt#2": {"max_count": 1}}
    )
    assert [each.id for each in found.verdict.checks] == ["a.nullable", "a.greater_than", "a.more", "a.greater_than#2"]
    assert [each.passed for each in found.verdict.checks] == [True, True, False, True]
