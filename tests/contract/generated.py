"""Generated tables and contracts of built-in checks, and Pandera's own schema for them."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa
from hypothesis import strategies as st
from pandera.io.pandas_io import deserialize_schema

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


def compared(kind: str) -> list[st.SearchStrategy[tuple[str, dict[str, Any]]]]:
    values = _values(kind)
    single = [
        st.tuples(st.just(name), st.fixed_dictionaries({key: values}))
        for name, key in (
            ("equal_to", "value"), ("ne", "value"), ("gt", "min_value"), ("ge", "min_value"), ("lt", "max_value"), ("le", "max_value"),
        )
    ]  # fmt: skip
    ranges = st.tuples(st.just("in_range"), values, values).map(lambda check: ("in_range", _in_order(check)))
    lists = st.lists(values, max_size=4)
    return [
        *single,
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


def checks(kind: str) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    values = st.lists(_values(kind), min_size=1, max_size=3, unique=True)
    whole = values.map(lambda members: ("unique_values_eq", {"values": members}))
    # pandas compares the distinct moments as its own type, which a text in a file never equals.
    wholes = [] if kind.startswith("datetime") else [whole]
    return st.one_of(*compared(kind), *(_texts() if kind == "str" else []), *wholes)


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
    drawn = draw(st.lists(checks(kind), max_size=3))
    # Null masks of pandas' own integers make a check of nulls an error there, whatever it asks.
    ignore_na = st.booleans() if kind in {"float64", "str"} else st.just(True)
    asked["checks"] = [
        {**arguments, "options": {"check_name": name, "ignore_na": draw(ignore_na)}} for name, arguments in drawn
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
    schema: dict[str, Any] = {
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


def pandera_schema(data: Any) -> Any:
    """Pandera's own schema; it takes apart what it reads, and so is given a copy."""
    return deserialize_schema(copy.deepcopy(data))  # type: ignore[no-untyped-call]
