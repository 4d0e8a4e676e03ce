"""Parquet files, folders and patterns: in place, in order, by name, and no partition value altered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sanitizer_core.errors import SourceError
from sanitizer_core.sources import Opened, load, open_source

Read = Callable[[Any], tuple[Opened, list[Any]]]


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Read]:
    connection = duckdb.connect()

    def read(source: Any) -> tuple[Opened, list[Any]]:
        opened = open_source(source, connection, scratch=tmp_path / "scratch")
        try:
            return load(opened, lambda view: connection.table(view).fetchall())
        finally:
            opened.close()

    yield read
    connection.close()


def put(path: Path, **columns: list[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, row_group_size=1000)
    return path


def test_rows_keep_their_order_over_row_groups_and_threads(read: Read, tmp_path: Path) -> None:
    numbers = [(number * 7919) % 50_000 for number in range(50_000)]
    opened, rows = read(put(tmp_path / "a.parquet", n=numbers))
    assert [row[0] for row in rows] == numbers
    assert opened.size == (tmp_path / "a.parquet").stat().st_size
    assert not opened.is_text


def test_single_file_below_a_folder_that_looks_like_a_partition(read: Read, tmp_path: Path) -> None:
    opened, rows = read(put(tmp_path / "run=3" / "a.parquet", n=[1]))
    assert (opened.schema.names, rows) == (("n",), [(1,)])


def test_folder_in_order_of_names_with_partitions_as_text(read: Read, tmp_path: Path) -> None:
    folder = tmp_path / "x=9" / "table"
    put(folder / "year=2024" / "month=02" / "b.parquet", n=[3])
    put(folder / "year=2024" / "month=01" / "a.parquet", n=[1, 2])
    put(folder / "year=__HIVE_DEFAULT_PARTITION__" / "month=1" / "a.parquet", n=[4])
    put(folder / "_temporary" / "0.parquet", n=[99])
    (folder / "_SUCCESS").touch()
    opened, rows = read(folder)
    names = opened.schema.names
    assert sorted(names) == ["month", "n", "year"]
    found = [(row[names.index("n")], row[names.index("year")], row[names.index("month")]) for row in rows]
    assert found == [(1, "2024", "01"), (2, "2024", "01"), (3, "2024", "02"), (4, None, "1")]
    assert opened.facts["partitions"] == ["year", "month"]


def test_pattern(read: Read, tmp_path: Path) -> None:
    for day in (2, 1, 3):
        put(tmp_path / "in" / f"d={day}" / "a.parquet", n=[day])
    assert [row[0] for row in read(tmp_path / "in" / "*" / "*.parquet")[1]] == [1, 2, 3]
    assert sorted(read(str(tmp_path / "in" / "d=[13]" / "a.parquet"))[1]) == [(1, "1"), (3, "3")]


def test_columns_of_later_files_are_not_lost(read: Read, tmp_path: Path) -> None:
    put(tmp_path / "in" / "1.parquet", a=[1])
    put(tmp_path / "in" / "2.parquet", b=["x"], a=[2])
    opened, rows = read(tmp_path / "in")
    assert (opened.schema.names, rows) == (("a", "b"), [(1, None), (2, "x")])


def test_repeated_and_empty_names(read: Read, tmp_path: Path) -> None:
    nested = pa.array([{"x": 1, "y": [2]}])
    table = pa.table([[1], nested, [2], [3], [4]], names=["a", "s", "A", "", "a"])
    pq.write_table(table, tmp_path / "a.parquet")
    opened, rows = read(tmp_path / "a.parquet")
    assert opened.schema.names == ("a", "s", "A_2", "column_4", "a_3")
    assert rows == [(1, {"x": 1, "y": [2]}, 2, 3, 4)]
    assert len(opened.notes) == 3


def test_categories_are_text(read: Read, tmp_path: Path) -> None:
    pq.write_table(pa.table({"c": pa.array(["u", None, "v"]).dictionary_encode()}), tmp_path / "a.parquet")
    opened, rows = read(tmp_path / "a.parquet")
    assert (str(opened.schema["c"].type), rows) == ("text", [("u",), (None,), ("v",)])


def test_empty_table_has_columns(read: Read, tmp_path: Path) -> None:
    opened, rows = read(put(tmp_path / "a.parquet", a=pa.array([], pa.int64())))
    assert (opened.schema.names, rows) == (("a",), [])


def failure(read: Read, source: Any) -> str:
    with pytest.raises(SourceError) as caught:
        read(source)
    return str(caught.value)


def test_partition_that_would_hide_a_column(read: Read, tmp_path: Path) -> None:
    put(tmp_path / "in" / "N=1" / "a.parquet", n=[5])
    assert "both as a partition and as a column" in failure(read, tmp_path / "in")


def test_files_in_different_partitions(read: Read, tmp_path: Path) -> None:
    put(tmp_path / "in" / "d=1" / "a.parquet", n=[5])
    put(tmp_path / "in" / "a.parquet", n=[5])
    assert "do not lie in the same partitions" in failure(read, tmp_path / "in")


def test_folder_without_data_and_delta_table(read: Read, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    assert "holds no Parquet file" in failure(read, folder)
    (folder / "a.csv").touch()
    assert "Name one of its files" in failure(read, folder)
    put(folder / "a.parquet", n=[1])
    (folder / "_delta_log").mkdir()
    (folder / "_delta_log" / "0.json").touch()
    assert "is a Delta table" in failure(read, folder)


@pytest.mark.parametrize("damage", ["cut", "header only", "middle"])
def test_damaged_file(read: Read, tmp_path: Path, damage: str) -> None:
    path = put(tmp_path / "a.parquet", s=[str(number) for number in range(20_000)])
    whole = path.read_bytes()
    middle = whole[:2000] + bytes(4000) + whole[6000:]
    path.write_bytes({"cut": whole[:-100], "header only": b"PAR1", "middle": middle}[damage])
    assert "a.parquet cannot be read" in failure(read, path)
