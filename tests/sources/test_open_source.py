"""The one door for every source: which format it is, and what is said when it cannot be opened."""

from __future__ import annotations

import gzip
import io
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sanitizer_core.errors import SourceError
from sanitizer_core.sources import Opened, ReadOptions, load, open_source
from sanitizer_core.sources.address import masked

JSONL = '{"id": 1, "name": "a"}\n{"id": 2, "name": "b"}\n'
CSV = "id,name\n1,a\n2,b\n"
TYPED, TEXT = [(1, "a"), (2, "b")], [("1", "a"), ("2", "b")]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def read(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., tuple[Opened, list[Any]]]:
    """Open, read all rows, close; nothing may be left on the connection or in the scratch folder."""

    def read(source: Any, **options: Any) -> tuple[Opened, list[Any]]:
        scratch = tmp_path / "scratch"
        opened = open_source(source, connection, ReadOptions(**options), scratch=scratch)
        opened, rows = load(opened, lambda view: connection.table(view).fetchall())
        opened.close()
        assert not list(scratch.iterdir())
        assert connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall() == []
        assert connection.execute("SELECT count(*) FROM duckdb_databases() WHERE NOT internal").fetchall() == [(1,)]
        return opened, rows

    return read


Read = Callable[..., tuple[Opened, list[Any]]]


def failure(read: Read, source: Any, **options: Any) -> str:
    with pytest.raises(SourceError) as caught:
        read(source, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "form", "rows"),
    [
        ("a.jsonl", JSONL, "jsonl", TYPED),
        ("a.ndjson", JSONL, "jsonl", TYPED),
        ("a.json", JSONL, "jsonl", TYPED),
        ("a.json", '[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]', "json", TYPED),
        ("nameless", '[\n {"id": 1, "name": "a"}, {"id": 2, "name": "b"}]', "json", TYPED),
        ("nameless", '{\n"id": 1, "name": "a"}\n{"id": 2, "name": "b"}', "json", TYPED),
        ("nameless", JSONL, "jsonl", TYPED),
        ("nameless", CSV, "csv", TEXT),
        ("a.csv", CSV, "csv", TEXT),
        ("a.unknown", CSV, "csv", TEXT),
    ],
)
def test_format_is_found_by_name_then_content(
    read: Read, tmp_path: Path, name: str, content: str, form: str, rows: list[Any]
) -> None:
    path = tmp_path / name
    path.write_text(content)
    opened, found = read(path)
    assert (opened.facts["format"], found) == (form, rows)
    assert opened.address == str(path)
    assert opened.is_text == (form == "csv")


def test_format_that_was_said_comes_first(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(JSONL)
    assert read(path, format="jsonl")[1] == TYPED


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.gz", "a.jsonl", "nameless"])
def test_gzip_is_found_by_its_bytes(read: Read, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    # Two members one after the other are one stream.
    path.write_bytes(gzip.compress(JSONL[:23].encode()) + gzip.compress(JSONL[23:].encode()))
    assert read(path)[1] == TYPED


@pytest.mark.parametrize(("name", "content", "rows"), [("a.jsonl.zst", JSONL, TYPED), ("a.csv.zst", CSV, TEXT)])
def test_zstd(read: Read, tmp_path: Path, name: str, content: str, rows: list[Any]) -> None:
    path = tmp_path / name
    path.write_bytes(pa.compress(content.encode(), codec="zstd", asbytes=True))
    assert read(path)[1] == rows


def test_cut_gzip_is_an_error_not_a_shorter_table(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(JSONL.encode() * 1000)[:-20])
    message = failure(read, path)
    assert "cannot be unpacked as gzip" in message
    assert "cut short" in message


def test_standard_input(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(JSONL.encode())))
    opened, rows = read("-")
    assert (opened.address, rows) == ("-", TYPED)


def test_file_url_and_name_with_wildcards(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "day=1" / "a [1]*.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"id": [1, 2], "name": ["a", "b"]}), path)
    assert read(path)[1] == TYPED
    assert read("file://" + str(path).replace(" ", "%20"))[1] == TYPED


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.parquet", b"id,name\n", "is named like parquet, but it holds text"),
        ("a.csv", b"PAR1....", "is named like csv, but it holds parquet"),
        ("a.xlsx", b"not a zip", "is named like excel, but it holds text"),
        ("a.xlsx", b"PK\x03\x04broken", "a broken zip archive"),
        ("a.parquet", b"", "but it is empty"),
        ("nameless", b"", "is empty"),
        ("a.pdf", b"%PDF-1.7 ...", "holds PDF, which is not read"),
        ("a.csv.bz2", b"BZh91AY", "holds bzip2"),
        ("a.db", b"SQLite format 3\x00....", "holds SQLite"),
        ("a.csv.gz", b"id,name\n1,2\n", "is not compressed with gzip"),
        ("a.parquet", b"PAR1", "cannot be read"),
        ("a.json", b"hello", "is no JSON table: it begins with 'hello'"),
        ("a.jsonl", b"", "holds no rows"),
        ("a.jsonl", b"\n \n", "holds no rows"),
        ("a.json", b"[]", "holds no rows"),
        ("a.json", b"{}", "has no columns"),
        ("a.arrow", b"no arrow file here", "is no Arrow file"),
        ("a.duckdb", b"no database", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said_clearly(read: Read, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    message = failure(read, path)
    assert said in message
    assert name in message
    assert not list((tmp_path / "scratch").iterdir())


def test_missing_file_names_the_nearest(read: Read, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CSV)
    assert "Did you mean 'customers.csv'?" in failure(read, tmp_path / "custommers.csv")
    assert "does not exist either" in failure(read, tmp_path / "nowhere" / "a.csv")


def test_pattern_without_a_file(read: Read, tmp_path: Path) -> None:
    assert "no file fits the pattern" in failure(read, tmp_path / "*.parquet")


def test_pattern_of_one_file_may_be_of_any_format_but_several_only_parquet(read: Read, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    assert read(tmp_path / "*.csv")[1] == TEXT
    (tmp_path / "b.csv").write_text(CSV)
    assert "only when all are Parquet" in failure(read, tmp_path / "*.csv")


def test_unreadable_file(read: Read, tmp_path: Path) -> None:
    # Root reads whatever it likes, but no one opens a socket as a file.
    import socket

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.csv"))
        assert "cannot be opened" in failure(read, tmp_path / "s.csv")


@pytest.mark.parametrize("source", [5, None, [1, 2], {"a": [1]}])
def test_what_is_no_table(read: Read, source: Any) -> None:
    assert "is no table" in failure(read, source)


def test_unknown_scheme(read: Read) -> None:
    assert "Did you mean 's3'?" in failure(read, "s33://bucket/a.csv")


def test_password_in_an_address_is_refused_and_never_shown(read: Read) -> None:
    message = failure(read, "s3://key:hunter2@bucket/a.csv?token=hunter3")
    assert "holds a password" in message
    assert "hunter" not in message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see az://c/a.csv?sv=1&sig=abc now", "see az://c/a.csv?*** now"),
        ("s3://k:s@b/x", "s3://***@b/x"),
        ("a/what?.csv", "a/what?.csv"),
    ],
)
def test_secrets_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_address_with_a_null_character(read: Read) -> None:
    assert "is no path" in failure(read, "a\0b.csv")


def test_failure_leaves_no_scratch_copy(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(b'[{"a": 1}, {"a":'))
    assert "broken JSON" in failure(read, path)
    assert not list((tmp_path / "scratch").iterdir())


def test_scratch_folder_is_made_and_may_be_gone_before_close(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(JSONL)
    opened = open_source(path, connection, scratch=tmp_path / "deep" / "scratch")
    shutil.rmtree(tmp_path / "deep")
    opened.close()


def test_a_named_pipe_is_read_once_and_whole(read: Read, tmp_path: Path) -> None:
    pipe = tmp_path / "rows.jsonl"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(pipe.write_text, JSONL, encoding="utf-8")
        opened, rows = read(pipe)
        written.result()
    assert (rows, opened.address) == (TYPED, str(pipe))
