"""Our verdict is Pandera's own on pandas, check by check and row by row, over generated tables and contracts."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from hypothesis import given, note
from hypothesis import strategies as st
from pandera.errors import SchemaErrors
from pandera.io.pandas_io import deserialize_schema

from sanitizer_core.contract import Contract, Verdict, check_contract

Failures = dict[str, frozenset[int] | None]
"""Failing rows by check; nothing where the check speaks of all rows at once."""

ARROW = {
    "int64": pa.int64(),
    "Int64": pa.int64(),
    "float64": pa.float64(),
    "str": pa.string(),
    "bool": pa.bool_(),
    "datetime64[ns]": pa.timestamp("us"),
}
TEXTS = st.text(alphabet="abAB1_ é\n\tﬀ٣", max_size=4)
INTEGERS = st.integers(-3, 3)
FLOATS = st.sampled_from([-1.5, -0.0, 0.0, 1.0, 2.0, 2.5, 1e20, float("inf"), float("nan")])
MOMENTS = st.sampled_from([datetime(2020, 1, day, hour) for day in (1, 2, 3) for hour in (0, 12)])
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "int64": INTEGERS,
    "Int64": st.none() | INTEGERS,
    "float64": st.none() | FLOATS,
    "str": st.none() | TEXTS,
    "bool": st.booleans(),
    "datetime64[ns]": st.none() | MOMENTS,
}
PATTERNS = st.sampled_from(
    [
        "", "^", "a", "^a", "a|b", "^a|b$", "a$", r"a\Z", r"\d+", r"\w+$", r"\s", r"\S\s?$", r"\W", r"\D\S", r"[^a]b?", r"[\W1]",
        r"[^\W1]", r"[^\d]", ".", "..", "(a)(b)?", "(?:ab)+", r"\bA", "a(?=b)", "(?!a)", r"(.)\1", "[a-b]{1,2}$", "é", "(?s).b",
        "(?m)^b", "(?m)a$", "a{2,}?", "(a$|b)1?", "[A-Z_]", r"\x41", r"\.", "_{0}a",
    ]
)  # fmt: skip


def _numbers(kind: str) -> st.SearchStrategy[Any]:
    if kind == "float64":
        return FLOATS.filter(lambda value: value == value) | INTEGERS
    return INTEGERS | st.sampled_from([0.5, 2.0])


def _values(kind: str) -> st.SearchStrategy[Any]:
    if kind == "str":
        return TEXTS
    if kind == "bool":
        return st.booleans()
    if kind.startswith("datetime"):
        return MOMENTS.map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S"))
    return _numbers(kind)


def _in_order(check: tuple[str, Any, Any]) -> dict[str, Any]:
    low, high = sorted(check[1:])
    return {"min_value": low, "max_value": high}


def _compared(kind: str) -> list[st.SearchStrategy[tuple[str, dict[str, Any]]]]:
    values = _values(kind)
    checks = [
        st.tuples(st.just(name), values.map(lambda value, key=key: {key: value}))
        for name, key in (
            ("equal_to", "value"), ("ne", "value"), ("gt", "min_value"), ("ge", "min_value"), ("lt", "max_value"), ("le", "max_value"),
        )
    ]  # fmt: skip
    ranges = st.tuples(st.just("in_range"), values, values).map(lambda check: ("in_range", _in_order(check)))
    lists = st.lists(values, max_size=4)
    return [
        *checks,
        ranges,
        lists.map(lambda members: ("isin", {"allowed_values": members})),
        lists.map(lambda members: ("notin", {"forbidden_values": members})),
    ]


def _texts() -> list[st.SearchStrategy[tuple[str, dict[str, Any]]]]:
    sizes = st.integers(0, 3)
    return [
        PATTERNS.map(lambda pattern: ("str_matches", {"pattern": pattern})),
        PATTERNS.map(lambda pattern: ("str_contains", {"pattern": pattern})),
        TEXTS.map(lambda text: ("str_startswith", {"string": text})),
        TEXTS.map(lambda text: ("str_endswith", {"string": text})),
        sizes.map(lambda size: ("str_length", {"exact_value": size})),
        sizes.map(lambda size: ("str_length", {"min_value": size})),
        st.tuples(sizes, sizes).map(lambda pair: ("str_length", {"min_value": min(pair), "max_value": max(pair)})),
    ]


def _checks(kind: str) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    values = st.lists(_values(kind), min_size=1, max_size=3, unique=True)
    whole = values.map(lambda members: ("unique_values_eq", {"values": members}))
    # pandas compares the distinct moments as its own type, which a text in a file never equals.
    wholes = [] if kind.startswith("datetime") else [whole]
    return st.one_of(*_compared(kind), *(_texts() if kind == "str" else []), *wholes)


@st.composite
def columns(draw: st.DrawFn, rows: int) -> tuple[str, list[Any], dict[str, Any]]:
    """A type, cells of it, and what a schema asks of them."""
    kind = draw(st.sampled_from(sorted(CELLS)))
    cells = draw(st.lists(CELLS[kind], min_size=rows, max_size=rows))
    asked: dict[str, Any] = {
        "dtype": kind,
        "nullable": draw(st.booleans()),
        "unique": draw(st.booleans()),
        "report_duplicates": draw(st.sampled_from(["all", "exclude_first", "exclude_last"])),
        "required": draw(st.booleans()),
    }
    checks = draw(st.lists(_checks(kind), max_size=3))
    # Null masks of pandas' own integers make a check of nulls an error there, whatever it asks.
    ignore_na = st.booleans() if kind in {"float64", "str"} else st.just(True)
    asked["checks"] = [
        {**arguments, "options": {"check_name": name, "ignore_na": draw(ignore_na)}} for name, arguments in checks
    ]
    return kind, cells, asked


@st.composite
def cases(draw: st.DrawFn) -> tuple[pd.DataFrame, pa.Table, dict[str, Any]]:
    """A table for pandas and for DuckDB, and a schema as Pandera writes it."""
    rows = draw(st.integers(0, 8))
    names = draw(st.lists(st.sampled_from(["a", "b", "select", "rowid"]), min_size=1, max_size=3, unique=True))
    made = {name: draw(columns(rows)) for name in names}
    frame = pd.DataFrame({name: pd.Series(cells, dtype=kind) for name, (kind, cells, _) in made.items()})
    table = pa.table(
        {name: pa.array(cells, type=ARROW[kind], from_pandas=False) for name, (kind, cells, _) in made.items()}
    )
    asked = {name: asked for name, (_, _, asked) in made.items()}
    dropped = draw(st.sets(st.sampled_from(names), max_size=1)) if len(names) > 1 else set()
    schema = {
        "columns": {name: asked[name] for name in draw(st.permutations(names))},
        "ordered": draw(st.booleans()),
        "strict": draw(st.sampled_from([True, False, "filter"])),
        "unique": draw(st.none() | st.lists(st.sampled_from(names), min_size=1, unique=True)),
        "report_duplicates": draw(st.sampled_from(["all", "exclude_first", "exclude_last"])),
    }
    if draw(st.booleans()):
        for name in dropped:
            del schema["columns"][name]
    else:
        frame = frame.drop(columns=list(dropped))
        table = table.drop_columns(list(dropped))
    return frame, table, {key: value for key, value in schema.items() if value is not None}


def pandera_failures(frame: pd.DataFrame, schema: dict[str, Any]) -> Failures:
    """What Pandera itself finds."""
    built = deserialize_schema(_copied(schema))
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*match groups.*")
            built.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return dict(_failure(error, frame) for error in errors.schema_errors)
    return {}


def _copied(value: Any) -> Any:
    """A deep copy, for Pandera takes apart what it reads."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


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


TABLE_CHECKS: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(*_compared("float64"))


@given(st.integers(0, 6), TABLE_CHECKS, st.booleans(), st.data())
def test_a_check_of_the_table_asks_every_cell(
    rows: int, check: tuple[str, dict[str, Any]], ignore_na: bool, data: st.DataObject
) -> None:
    cells = {name: data.draw(st.lists(CELLS["float64"], min_size=rows, max_size=rows)) for name in ("a", "b")}
    schema = {"checks": [{**check[1], "options": {"check_name": check[0], "ignore_na": ignore_na}}]}
    frame = pd.DataFrame({name: pd.Series(values, dtype="float64") for name, values in cells.items()})
    built = deserialize_schema(_copied(schema))
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
        deserialize_schema(_copied(schema)).validate(frame, lazy=True)
    except SchemaErrors as errors:
        theirs = frozenset(row for error in errors.schema_errors for row in error.failure_cases["index"])
    ours, _ = our_failures(pa.table({"a": pa.array(cells, pa.string())}), schema)
    # Whether a null may be there is for us the question of "nullable" alone, and not of the type.
    assert ours.get("a.dtype", frozenset()) == frozenset(row for row in theirs if cells[row] is not None)
