"""Our verdict is Pandera's own on pandas, check by check and row by row, over generated tables and contracts."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from hypothesis import given, note
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from contract.generated import CELLS, cases, compared, pandera_schema
from sanitizer_core.contract import Contract, Verdict, check_contract

Failures = dict[str, frozenset[int] | None]
"""Failing rows by check; nothing where the check speaks of all rows at once."""


def pandera_failures(frame: pd.DataFrame, schema: dict[str, Any]) -> Failures:
    """What Pandera itself finds."""
    built = pandera_schema(schema)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*match groups.*")
            built.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return dict(_failure(error, frame) for error in errors.schema_errors)
    return {}


def _failure(error: Any, frame: pd.DataFrame) -> tuple[str, frozenset[int] | None]:
    column = error.schema.name
    match error.reason_code.name:
        case "SERIES_CONTAINS_NULLS":
            return f"{column}.nullable", frozenset(error.failure_cases["index"])
        case "SERIES_CONTAINS_DUPLICATES":
            return f"{column}.unique", frozenset(error.failure_cases["index"])
        case "DUPLICATES":
            return "table.unique", frozenset(error.failure_cases["index"])
        case "COLUMN_NOT_IN_DATAFRAME":
            return f"{error.failure_cases}.required", None
        case "COLUMN_NOT_IN_SCHEMA":
            return "table.strict", None
        case "COLUMN_NOT_ORDERED":
            return "table.ordered", None
        case "DATAFRAME_CHECK":
            output = error.check_output
            names = [check.name for check in error.schema.checks]
            number = names[: error.check_index + 1].count(error.check.name)
            check = f"{column}.{error.check.name}" + (f"#{number}" if number > 1 else "")
            return check, frozenset(output.index[~output.astype(bool)]) if hasattr(output, "index") else None
    raise AssertionError(f"{error.reason_code}: {error}")


def our_failures(table: pa.Table, schema: dict[str, Any]) -> tuple[Failures, Verdict]:
    """What we find."""
    with duckdb.connect() as connection:
        connection.register("handed_over", table)
        connection.execute("CREATE TABLE data AS SELECT * FROM handed_over")
        verdict = check_contract(connection, "data", Contract.from_data({"contract": "generated", "schema": schema}))
        rows = connection.execute(f"SELECT row, reasons FROM {verdict.failing_view}").fetchall()
    found: Failures = {each.check: None for each in verdict.findings}
    for check in (check for check in verdict.checks if not check.passed):
        failing = frozenset(
            row for row, reasons in rows if any(reason.startswith(f"{check.id}: ") for reason in reasons)
        )
        assert check.scope == "whole" or len(failing) == check.failed
        found[check.id] = failing if check.scope == "rows" else None
    return found, verdict


def _without_nulls(check: str, rows: frozenset[int] | None, frame: pd.DataFrame) -> frozenset[int] | None:
    """Pandera leaves nulls out of the repeats it lists, though they fail its check; we list them."""
    if rows is None or not check.endswith(".unique"):
        return rows
    names = list(frame.columns) if check == "table.unique" else [check.removesuffix(".unique")]
    return frozenset(row for row in rows if frame.loc[row, names].notna().all())


@given(cases())
def test_every_check_fails_where_pandera_says(case: tuple[pd.DataFrame, pa.Table, dict[str, Any]]) -> None:
    frame, table, schema = case
    theirs = pandera_failures(frame, schema)
    ours, verdict = our_failures(table, schema)
    note(f"{frame}\n{schema}\n{verdict}")
    assert ours.keys() == theirs.keys()
    for check, rows in theirs.items():
        assert _without_nulls(check, ours[check], frame) == _without_nulls(check, rows, frame), check
    assert (verdict.status == "passed") == (not theirs)


TABLE_CHECKS: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(*compared("float64"))


@given(st.integers(0, 6), TABLE_CHECKS, st.booleans(), st.data())
def test_a_check_of_the_table_asks_every_cell(
    rows: int, check: tuple[str, dict[str, Any]], ignore_na: bool, data: st.DataObject
) -> None:
    cells = {name: data.draw(st.lists(CELLS["float64"], min_size=rows, max_size=rows)) for name in ("a", "b")}
    schema = {"checks": [{**check[1], "options": {"check_name": check[0], "ignore_na": ignore_na}}]}
    frame = pd.DataFrame({name: pd.Series(values, dtype="float64") for name, values in cells.items()})
    built = pandera_schema(schema)
    output = built.checks[0](frame).check_output
    ours, _ = our_failures(pa.table({name: pa.array(values, pa.float64()) for name, values in cells.items()}), schema)
    expected = frozenset(output.index[~output.all(axis="columns")])
    assert next(iter(ours.values()), frozenset()) == expected


COERCED: dict[str, tuple[st.SearchStrategy[str], Callable[[Any], bool]]] = {
    "int64": (st.sampled_from(["1", "-2", " 3 ", "+4", "1_0", "x", "", "1.5", "0x1F", "1e3", "9" * 30]), pd.notna),
    "Int64": (st.sampled_from(["1", "-2", "x", "1.5"]), pd.notna),
    "float64": (
        st.sampled_from(["1", "-2.5", " 3 ", ".5", "5.", "1e3", "1_0.5", "inf", "nan", "x", "", "0x1F", "1e"]),
        pd.notna,
    ),
    "int8": (st.sampled_from(["1", "127", "128", "-129", "x"]), pd.notna),
    "str": (st.sampled_from(["1", "a", ""]), pd.notna),
}


@given(st.sampled_from(sorted(COERCED)), st.data())
def test_a_cell_that_pandas_cannot_convert_fails_its_type(dtype: str, data: st.DataObject) -> None:
    cells = data.draw(st.lists(st.none() | COERCED[dtype][0], max_size=6))
    frame = pd.DataFrame({"a": pd.Series(cells, dtype="str")})
    schema = {"columns": {"a": {"dtype": dtype, "coerce": True, "nullable": True}}}
    theirs: frozenset[int] = frozenset()
    try:
        pandera_schema(schema).validate(frame, lazy=True)
    except SchemaErrors as errors:
        theirs = frozenset(row for error in errors.schema_errors for row in error.failure_cases["index"])
    ours, _ = our_failures(pa.table({"a": pa.array(cells, pa.string())}), schema)
    # Whether a null may be there is for us the question of "nullable" alone, and not of the type.
    assert ours.get("a.dtype", frozenset()) == frozenset(row for row in theirs if cells[row] is not None)
