"""Bad input: a clear error or a right result, and no line lost."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.csv import open_text
from sanitizer_core.sources.opened import load
from sanitizer_core.sources.options import ReadOptions
from text_tables import read, read_path

HEAD = "a,b,c\n"


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        (b"1,2", "1,2", "it has 2 fields instead of 3"),
        (b"1,2,3,4", "1,2,3,4", "it has 4 fields instead of 3"),
        (b'1,"2,3', '1,"2,3', "the quote that opens field 2 is never closed"),
        (b'1,"2"x,3', '1,"2"x,3', "text follows the quote that closes field 2"),
        (b"1,\xff\xfe,3", "1,\\xff\\xfe,3", "it holds bytes that are not UTF-8"),
        (b"1,x\0y,3", "1,x\0y,3", "it holds a NUL character"),
        (b"\xff,\xff", "\\xff,\\xff", "it has 2 fields instead of 3; it holds bytes that are not UTF-8"),
    ],
)
@pytest.mark.parametrize("rows", [2, 30_000], ids=["within the sample", "behind the sample"])
def test_a_broken_line_is_rejected_with_its_number_text_and_reason(
    line: bytes, text: str, reason: str, rows: int
) -> None:
    before, after = b"12,word,2.5\n" * rows, b"13,other,3.5\n" * 2
    got = read(HEAD.encode() + before + line + b"\n" + after)
    assert got.rejected == [(rows + 2, text, reason)]
    assert len(got.rows) == rows + 2
    assert got.rows[-1] == ("13", "other", "3.5")


@pytest.mark.parametrize("rows", [2, 30_000], ids=["within the sample", "behind the sample"])
def test_a_delimiter_too_many_moves_no_cell_into_its_neighbours_column(rows: int) -> None:
    text = read("a,b,c,d\n" + "1,x,2.5,\n" * rows + ",1,x,2.5,\n1,x,2.5,,\n")
    assert [(line, words) for line, words, _ in text.rejected] == [(rows + 2, ",1,x,2.5,"), (rows + 3, "1,x,2.5,,")]
    assert text.rows == [("1", "x", "2.5", None)] * rows


@pytest.mark.parametrize("before", [0, 30_000], ids=["within the sample", "behind the sample"])
def test_blank_lines_are_rows_of_one_column_and_of_no_other(before: int) -> None:
    one = read("n\n" + "1\n" * before + "2\n\n3\n", header=True)
    assert one.rows == [("1",)] * before + [("2",), (None,), ("3",)]
    two = read("n,m\n" + "1,a\n" * before + "2,b\n\n3,c\n", header=True)
    assert (two.rows[before:], two.rejected) == ([("2", "b"), ("3", "c")], [])


def test_a_line_feed_is_text_where_carriage_returns_end_the_lines() -> None:
    text = read("a,b\r" + "1,x\r" * 30_000 + "2,\n\r3,y\nz\r")
    assert text.rows[30_000:] == [("2", "\n"), ("3", "y\nz")]


def test_lines_are_counted_as_they_stand_in_the_file() -> None:
    text = read('a,b\r\n"two\r\nlines",1\r\n\r\n\r\nbroken\r\n3,"x\r\ny\r\nz"\r\nbroken again\r\n')
    assert text.rejected == [
        (6, "broken", "it has 1 field instead of 2"),
        (10, "broken again", "it has 1 field instead of 2"),
    ]


def test_a_line_with_several_faults_is_one_rejected_row() -> None:
    text = read(b"a,b,c\n1\n\xff,2,3,4,5,\xff\n1,2,3\n")
    assert [line for line, _, _ in text.rejected] == [2, 3]


@pytest.mark.parametrize("line", ["1,2\n", '1,"2,3\n', "1,x\0y,3\n"])
def test_strict_reading_fails_at_the_first_broken_line(line: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(f"{HEAD}1,2,3\n{line}4,5,6\n{line}", strict=True)
    assert caught.value.where.line == 3
    assert str(caught.value.where.file).endswith("table.csv")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty (0 bytes)"),
        (b"\n\r\n\n", "only blank lines"),
        (b"\xef\xbb\xbf", "only blank lines"),
        (bytes(range(256)) * 40, "binary data"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
        (b"PK\x03\x04\x14\0", "ZIP archive"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(data: bytes, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert words in str(caught.value)


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(HEAD)
    with pytest.raises(SourceError, match=r"Did you mean 'customers\.csv'"):
        read_path(tmp_path / "custmers.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        read_path(tmp_path)


def test_a_file_that_may_not_be_read_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.csv"
    path.write_text(HEAD)
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser may read everything, so the system's answer is put in its place
        refuse = PermissionError(13, "Permission denied", str(path))
        monkeypatch.setattr(Path, "open", lambda *_args, **_kwargs: (_ for _ in ()).throw(refuse))
    with duckdb.connect() as connection, pytest.raises(SourceError, match="may not be read"):
        open_text(path, connection, ReadOptions(), tmp_path / "scratch")


@pytest.mark.parametrize("options", [{"encoding": "klingon"}, {"skip": 99}, {"compression": "gzip"}])
def test_options_that_do_not_fit_are_errors(options: dict[str, Any]) -> None:
    with pytest.raises(SourceError):
        read(f"{HEAD}1,2,3\n", **options)


@pytest.mark.parametrize("quoted", [False, True], ids=["bare", "quoted"])
@pytest.mark.parametrize("size", [3_000_000, 52_428_800])
def test_a_long_cell_is_read(size: int, quoted: bool) -> None:
    cell = "x" * size
    text = read(f"id,body\n1,{chr(34) * quoted}{cell}{chr(34) * quoted}\n2,y\n")
    assert text.rejected == []
    assert [row[0] for row in text.rows] == ["1", "2"]
    assert text.rows[0][1] == cell


def test_a_long_cell_of_many_lines_is_read() -> None:
    cell = 'a line, with "quotes"\n' * 1_600_000
    doubled = cell.replace('"', '""')
    text = read(f'id,body\n1,"{doubled}"\n2,y\n')
    assert (len(text.rows), text.rejected) == (2, [])
    assert text.rows[0][1] == cell


def test_a_quote_that_is_never_closed_costs_one_line_of_a_large_file() -> None:
    text = read(
        f"{HEAD}{'1,word,2.5' + chr(10)}" * 1 + "1,word,2.5\n" * 50_000 + '2,"stray,3\n' + "3,word,4.5\n" * 50_000
    )
    assert [(line, words) for line, words, _ in text.rejected] == [(50_003, '2,"stray,3')]
    assert len(text.rows) == 100_001


@pytest.mark.slow
def test_five_thousand_columns_are_read() -> None:
    names = [f"c{place}" for place in range(5000)]
    text = read(",".join(names) + "\n" + ",".join(str(place) for place in range(5000)) + "\n")
    assert text.names == tuple(names)
    assert text.rows == [tuple(str(place) for place in range(5000))]


def test_names_that_mean_something_to_sql_are_names() -> None:
    text = read('rowid,select,"a ""b""","two\nlines",it\'s,$1\n1,2,3,4,5,6\n')
    assert text.names == ("rowid", "select", 'a "b"', "two\nlines", "it's", "$1")
    assert text.rows == [("1", "2", "3", "4", "5", "6")]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    for name in ("data[1].csv", "data*.csv", "data?.csv", "it's.csv"):
        (tmp_path / name).write_text(f"{HEAD}1,2,{name}\n")
    for name in ("data[1].csv", "data*.csv", "data?.csv", "it's.csv"):
        assert read_path(tmp_path / name).rows == [("1", "2", name)]


def test_a_full_scratch_folder_is_an_error_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n1,\0\n" + b"2,word\n" * 300_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        with duckdb.connect() as connection, pytest.raises(SourceError, match="scratch folder"):
            open_text(path, connection, ReadOptions(), tmp_path / "scratch")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "scratch").iterdir()) == []


def test_cells_are_the_text_of_their_fields_and_empty_ones_are_null() -> None:
    text = read('a,b,c,d\n x ,NULL,"",\nN/A,"  ",0x1F,-\n')
    assert text.rows == [(" x ", "NULL", None, None), ("N/A", "  ", "0x1F", "-")]


def test_a_view_is_read_as_often_as_the_reader_asks(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_text("a,b\n" + "1,word\n" * 40_000 + '2,"stray\n' + "3,word\n")
    seen: list[str] = []
    with duckdb.connect() as connection:
        opened = open_text(path, connection, ReadOptions(), tmp_path / "scratch")

        def count(view: str) -> int:
            seen.append(view)
            return len(connection.table(view).fetchall())

        opened, rows = load(opened, count)
        assert (rows, len(seen), seen[-1]) == (40_001, 2, opened.view)
        opened.close()
