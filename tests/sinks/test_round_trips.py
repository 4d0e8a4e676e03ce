"""Any table, written and opened again, is the same table: as far as the format can tell, and no less."""

from __future__ import annotations

import datetime as dt
import json
import math
import tracemalloc
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitizer_core.schema import Schema
from sanitizer_core.sinks import WriteOptions, write_table
from sanitizer_core.sources import ReadOptions, load, open_source

CHARACTERS = st.characters(exclude_categories=["Cs"])
ODD = ["", " ", "null", "NaN", "1e400", '"', "a\nb", "a\r\nb", "a\tb", "İß", "007"]
TEXT = st.text(CHARACTERS, max_size=12) | st.sampled_from(ODD)
# Whitespace and control characters around a name are not told apart by every format.
NAMES = st.lists(
    st.sampled_from(
        ["a", "select", "rowid", "count(*)", "o'clock", 'qu"ote', "new\nline", "a,b", "é ü", "x.y", "1", "null"]
    ),
    min_size=1,
    max_size=4,
    unique=True,
)
INSTANTS = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30))
COLUMNS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), TEXT),
    "integer": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "float": (pa.float64(), st.floats() | st.sampled_from([-0.0, math.nan, math.inf, -math.inf, 5e-324, 1e16])),
    "boolean": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates()),
    "timestamp": (pa.timestamp("us"), INSTANTS),
    "timestamptz": (pa.timestamp("us", "UTC"), INSTANTS.map(lambda moment: moment.replace(tzinfo=dt.UTC))),
    "time": (pa.time64("us"), st.times()),
    "decimal": (pa.decimal128(38, 9), st.decimals(-(10**28), 10**28, places=9)),
    "binary": (pa.binary(), st.binary(max_size=4)),
    "short number": (pa.int64(), st.integers(-(10**15) + 1, 10**15 - 1)),
    # Files with many control characters are taken for binary rubbish, and rightly so.
    "printable": (
        pa.string(),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(ODD),
    ),
    "list": (pa.list_(pa.int64()), st.lists(st.none() | st.integers(-5, 5), max_size=3)),
}


@st.composite
def tables(draw: st.DrawFn, kinds: tuple[str, ...], nulls: bool = True) -> pa.Table:
    names = draw(NAMES)
    rows = draw(st.integers(1, 5))
    arrays = []
    for _ in names:
        kind, values = COLUMNS[draw(st.sampled_from(kinds))]
        cells = st.none() | values if nulls else values
        arrays.append(pa.array(draw(st.lists(cells, min_size=rows, max_size=rows)), kind))
    return pa.table(arrays, names=names)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


Trip = Callable[..., tuple[Schema, pa.Table]]


@pytest.fixture(scope="module")
def trip(connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Trip:
    folder = tmp_path_factory.mktemp("trips")

    def trip(table: pa.Table, name: str, **options: Any) -> tuple[Schema, pa.Table]:
        connection.register("before", table)
        path = folder / name
        written = write_table(connection, "before", path, options=WriteOptions(guard_formulas=False))
        assert written.rows == table.num_rows
        opened = open_source(path, connection, ReadOptions(**options), scratch=folder / "scratch")
        opened, after = load(opened, lambda view: connection.table(view).to_arrow_table())
        assert opened.rejected_view is None or connection.table(opened.rejected_view).fetchall() == []
        opened.close()
        connection.unregister("before")
        path.unlink()
        return opened.schema, after

    return trip


@pytest.mark.parametrize("name", ["a.parquet", "a.duckdb"])
@given(data=st.data())
def test_parquet_and_duckdb_give_back_every_cell(trip: Trip, name: str, data: st.DataObject) -> None:
    table = data.draw(tables(tuple(COLUMNS)))
    _, after = trip(table, name)
    assert after.column_names == table.column_names
    for before, found in zip(table.columns, after.columns, strict=True):
        assert [plain(cell) for cell in found.to_pylist()] == [plain(cell) for cell in before.to_pylist()]


def plain(cell: Any) -> str:
    """A cell by its exact text, so that -0.0 is not 0.0 and NaN is NaN; instants by what they are in UTC."""
    if isinstance(cell, dt.datetime) and cell.tzinfo is not None:
        return cell.astimezone(dt.UTC).isoformat()
    return repr(cell)


def as_json(cell: Any) -> Any:
    """What JSON can say of a cell, as our reader gives it back in a column of one kind."""
    if isinstance(cell, float) and not math.isfinite(cell):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(cell)]
    return cell


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@given(data=st.data())
def test_json_gives_back_text_numbers_and_truth(trip: Trip, name: str, data: st.DataObject) -> None:
    table = data.draw(tables(("text", "integer", "float", "boolean")))
    _, after = trip(table, name)
    assert after.column_names == table.column_names
    for before, found in zip(table.columns, after.columns, strict=True):
        wanted = [as_json(cell) for cell in before.to_pylist()]
        mixed = {type(cell) for cell in wanted} >= {str, float}
        texts = [cell if cell is None or isinstance(cell, str) else repr(cell) for cell in wanted]
        got = found.to_pylist()
        if mixed:
            assert [cell if cell is None or not number(cell) else repr(float(cell)) for cell in got] == texts
        else:
            assert [plain(cell) for cell in got] == [plain(cell) for cell in wanted]


def number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and not text[-1].isspace()
    except ValueError:
        return False


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@given(data=st.data())
def test_json_says_the_other_types_in_text(trip: Trip, name: str, data: st.DataObject) -> None:
    table = data.draw(tables(("date", "timestamp", "time", "list")))
    schema, after = trip(table, name)
    for column, before, found in zip(schema, table.columns, after.columns, strict=True):
        for cell, text in zip(before.to_pylist(), found.to_pylist(), strict=True):
            if isinstance(cell, list):
                assert column.type.kind == "other"
                assert json.loads(text) == cell
            elif cell is not None:
                assert type(cell).fromisoformat(text) == cell


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
@given(data=st.data())
def test_csv_gives_back_every_text(trip: Trip, name: str, data: st.DataObject) -> None:
    # CSV knows text only, and an empty field is a null. A table of a few odd cells may look like another dialect.
    table = data.draw(tables(("printable", "integer", "date", "boolean", "decimal"), nulls=False))
    # A line of empty fields is no row to our reader, which rejects it.
    table = table.append_column("row", pa.array(range(table.num_rows)))
    delimiter = "\t" if "tsv" in name else ","
    schema, after = trip(table, name, delimiter=delimiter, quote='"', escape='"', header=1, skip=0, encoding="utf-8")
    assert {column.type.kind for column in schema} == {"text"}
    for before, found in zip(table.columns, after.columns, strict=True):
        wanted = [in_csv(cell) for cell in before.to_pylist()]
        assert [in_csv(cell) for cell in found.to_pylist()] == wanted


def in_csv(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return None if cell in {None, ""} else str(cell)


@given(data=st.data())
def test_excel_gives_back_what_a_cell_holds(trip: Trip, data: st.DataObject) -> None:
    table = data.draw(tables(("text", "boolean", "date", "short number"), nulls=True))
    # A row of nulls at the end is no row in Excel.
    table = table.append_column("row", pa.array(range(table.num_rows)))
    _, after = trip(table, "a.xlsx")
    for before, found in zip(table.columns, after.columns, strict=True):
        assert [in_excel(cell) for cell in found.to_pylist()] == [in_excel(cell) for cell in before.to_pylist()]


def in_excel(cell: Any) -> str | None:
    return None if cell in {None, ""} else str(cell)


def test_rows_never_pass_through_python(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute("CREATE OR REPLACE VIEW many AS SELECT range AS i, 'n' || range AS t FROM range(200000)")
    # What is imported at the first call is not measured.
    write_table(connection, "many", tmp_path / "first.parquet")
    tracemalloc.start()
    for name in ("a.parquet", "a.csv", "a.jsonl"):
        write_table(connection, "many", tmp_path / name)
    for name in ("a.parquet", "a.jsonl"):
        opened = open_source(tmp_path / name, connection, scratch=tmp_path / "s")
        opened, _ = load(opened, lambda view: connection.execute(f"CREATE OR REPLACE TABLE copy AS FROM {view}"))
        opened.close()
        assert connection.execute("SELECT count(*) FROM copy").fetchall() == [(200_000,)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # As Python values they are more than 20 MB.
    assert peak < 5_000_000
