"""JSON and JSON lines: types from all values, nothing altered, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitizer_core.errors import SourceError
from sanitizer_core.sources import Opened, ReadOptions, load, open_source


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


Rejected = list[tuple[int, str, str]]


def read(
    connection: duckdb.DuckDBPyConnection, folder: Path, content: str | bytes, name: str = "a.jsonl", **options: Any
) -> tuple[Opened, list[Any], Rejected]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    opened = open_source(path, connection, ReadOptions(**options), scratch=folder / "scratch")
    opened, rows = load(opened, lambda view: connection.table(view).fetchall())
    rejected = connection.table(opened.rejected_view).fetchall() if opened.rejected_view else []
    opened.close()
    return opened, rows, rejected


def types(opened: Opened) -> dict[str, str]:
    return {column.name: str(column.type) for column in opened.schema}


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_types_come_from_all_rows_not_from_a_sample(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [{"id": number, "late": None} for number in range(30_000)]
    content = lines(*rows, {"id": "x1", "late": 2.5})
    opened, found, _ = read(connection, tmp_path, content)
    assert types(opened) == {"id": "text", "late": "float"}
    assert found[0] == ("0", None)
    assert found[-1] == ("x1", 2.5)
    assert [row[0] for row in found[:-1]] == [str(number) for number in range(30_000)]


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        (["007", "1"], "text", ["007", "1"]),
        (["2024-01-01", "2024-01-02"], "text", ["2024-01-01", "2024-01-02"]),
        ([1, -(2**63)], "integer", [1, -(2**63)]),
        ([1, 2**63], "text", ["1", str(2**63)]),
        ([1.5, 2**53], "float", [1.5, float(2**53)]),
        ([1.5, 2**53 + 1], "text", ["1.5", str(2**53 + 1)]),
        ([123456789012345678901234567890], "text", ["123456789012345678901234567890"]),
        ([10**60, 1], "text", [str(10**60), "1"]),
        ([1, 2.5], "float", [1.0, 2.5]),
        ([0.30000000000000004, -0.0], "float", [0.30000000000000004, -0.0]),
        ([True, False, None], "boolean", [True, False, None]),
        ([True, 1], "text", ["true", "1"]),
        (["a", 1.5, None], "text", ["a", "1.5", None]),
        ([None, None], "text", [None, None]),
        ([{"b": 1}, [1, "x"], None], "other", ['{"b":1}', '[1,"x"]', None]),
        ([{"b": 1}, "x"], "text", ['{"b":1}', "x"]),
        (["", " é\u2028\"'\\"], "text", ["", " é\u2028\"'\\"]),
    ],
)
def test_values_come_through(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, values: list[Any], kind: str, found: list[Any]
) -> None:
    opened, rows, rejected = read(connection, tmp_path, lines(*({"a": value} for value in values)))
    assert types(opened) == {"a": kind}
    assert [repr(row[0]) for row in rows] == [repr(value) for value in found]
    assert rejected == []


@pytest.mark.parametrize("token", ["0.12345678901234567890", "1234567890123456.789", "1e400", "-1E+400", "1e-400"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_a_number_that_no_double_holds_stays_as_written(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, token: str, name: str
) -> None:
    content = f'{{"a": {token}, "b": 1.5}}\n{{"a": 2, "b": 1}}\n'
    if name == "a.json":
        content = "[" + content.replace("}\n{", "},\n{") + "]"
    opened, rows, _ = read(connection, tmp_path, content, name)
    assert rows == [(token, 1.5), ("2", 1.0)]
    assert any("'a'" in note for note in opened.notes)


def test_what_is_no_row_is_rejected_with_its_line_and_the_others_are_read(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    content = (
        b'{"a": 1}\r\n\r\nbroken\n   \n{"a": 2\n[3]\n{"a": "\xff"}\n{"a": 4, "a": 5}\n{"a": 6} {"a": 7}\nnull\n'
        b'{"a": "\\ud800"}\n{"a": 8}'
    )
    _, rows, rejected = read(connection, tmp_path, content)
    assert rows == [(1,), (8,)]
    assert rejected == [
        (3, "broken", "not JSON: expecting value at character 1"),
        (5, '{"a": 2', "not JSON: expecting ',' delimiter at character 8"),
        (6, "[3]", "list and not an object"),
        (7, '{"a": "\\xff"}', "not JSON: byte 8 is no UTF-8"),
        (8, '{"a": 4, "a": 5}', "an object with the same key twice, of which one value would be lost"),
        (9, '{"a": 6} {"a": 7}', "not JSON: extra data at character 10"),
        (10, "null", "null and not an object"),
        (11, '{"a": "\\ud800"}', "not JSON: a character that is no Unicode text"),
    ]


def test_rejected_lines_are_known_when_numbers_had_to_be_quoted(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    content = '{"a": 0.12345678901234567890}\nbroken\n{"a": 1}\n'
    _, rows, rejected = read(connection, tmp_path, content)
    assert rows == [("0.12345678901234567890",), ("1",)]
    assert [row[:2] for row in rejected] == [(2, "broken")]


def test_strict_fails_at_the_first(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"not JSON: expecting value at character 1 in .*a\.jsonl:2"):
        read(connection, tmp_path, '{"a": 1}\nbroken\n', strict=True)


def test_only_broken_lines(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no row that can be read.*line 1, not JSON"):
        read(connection, tmp_path, "x\ny\n")


def test_array_with_an_element_that_is_no_row(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    _, rows, rejected = read(connection, tmp_path, '[{"a": 1},\n 5,\n {"a": 2}]', "a.json")
    assert rows == [(1,), (2,)]
    assert rejected == [(2, "5", "number and not an object")]


@pytest.mark.parametrize("content", ['[{"a": 1}, {"a":', '[{"a": 1}, {"a": 2}', '[{"a": 1}] x', '{"a":\n1}\n{"a":'])
def test_broken_where_rows_cannot_be_told_apart(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, content: str
) -> None:
    with pytest.raises(SourceError, match="is broken JSON"):
        read(connection, tmp_path, content, "a.json")


def test_keys_by_first_rows_then_by_name_and_missing_is_null(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    content = lines({"b": 1, "a": 2}, {"c": 3}, *({"b": 0} for _ in range(1000)), {"z": 1}, {"y": 1})
    opened, rows, _ = read(connection, tmp_path, content)
    assert opened.schema.names == ("b", "a", "c", "y", "z")
    assert rows[:2] == [(1, 2, None, None, None), (None, None, 3, None, None)]


def test_awkward_keys(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    keys = ["select", "rowid", 'qu"ote', "new\nline", "a/b~c", "$.x", "é", "", "A", "a", "a'b"]
    opened, rows, _ = read(connection, tmp_path, lines({key: place for place, key in enumerate(keys)}))
    assert rows == [tuple(range(len(keys)))]
    assert opened.schema.names == (*keys[:7], "column_8", "A", "a_2", "a'b")
    assert len(opened.notes) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_byte_order_marks(connection: duckdb.DuckDBPyConnection, tmp_path: Path, encoding: str, name: str) -> None:
    _, rows, _ = read(connection, tmp_path, '{"a": "é€"}\n'.encode(encoding), name)
    assert rows == [("é€",)]


def test_encoding_that_was_said(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    _, rows, _ = read(connection, tmp_path, '{"a": "é"}\n'.encode("latin-1"), encoding="latin-1")
    assert rows == [("é",)]
    with pytest.raises(SourceError, match="'klingon'"):
        read(connection, tmp_path, "{}", encoding="klingon")


def test_a_value_of_fifty_megabytes(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = "x" * 50_000_000
    _, rows, rejected = read(connection, tmp_path, lines({"a": 1}, {"a": text}) + f"broken {text}\n")
    assert [len(row[0]) for row in rows] == [1, 50_000_000]
    assert len(rejected[0][1]) == 50_000_007


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["a", "b", "c d"]), SCALARS, min_size=1), min_size=1, max_size=8)


def faithful(kind: str, before: Any, after: Any) -> bool:
    """Whether a cell is what was written: the same value, or its canonical text in a column of text."""
    if before is None or kind != "text":
        return repr(after) == repr(float(before) if kind == "float" and before is not None else before)
    if isinstance(before, str):
        return bool(after == before)
    if isinstance(before, float):
        return repr(float(after)) == repr(before)
    return bool(after == json.dumps(before))


@given(rows=ROWS)
def test_any_table_comes_through(
    connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    opened, found, rejected = read(connection, tmp_path_factory.mktemp("json"), lines(*rows))
    assert rejected == []
    assert len(found) == len(rows)
    for row, cells in zip(rows, found, strict=True):
        for column, cell in zip(opened.schema, cells, strict=True):
            assert faithful(column.type.kind, row.get(column.name), cell), (column, row, cell)
