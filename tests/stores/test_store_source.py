"""Reading from a real S3 server: in place or fetched, and clear about what went wrong."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import s3fs

from sanitizer_core.errors import MissingExtraError, SourceError
from sanitizer_core.sources import Opened, ReadOptions, load, open_source

Read = Callable[..., tuple[Opened, list[Any]]]


@pytest.fixture
def store(s3: str, monkeypatch: pytest.MonkeyPatch) -> s3fs.S3FileSystem:
    # The store's own patience is not what is tested here.
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    return s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def read(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Read:
    def read(source: str, **options: Any) -> tuple[Opened, list[Any]]:
        opened = open_source(source, connection, ReadOptions(**options), scratch=tmp_path / "scratch")
        try:
            return load(opened, lambda view: connection.table(view).fetchall())
        finally:
            opened.close()
            assert not list((tmp_path / "scratch").iterdir())
            assert connection.list_filesystems() == []

    return read


def put_parquet(store: s3fs.S3FileSystem, url: str, numbers: list[int]) -> None:
    with store.open(url, "wb") as file:
        pq.write_table(pa.table({"n": numbers}), file, row_group_size=1000)


def failure(read: Read, source: str, **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(source, **options)
    return caught.value


def test_parquet_is_read_in_place(s3: str, store: s3fs.S3FileSystem, read: Read) -> None:
    put_parquet(store, f"{s3}/in/a.parquet", list(range(20_000)))
    opened, rows = read(f"{s3}/in/a.parquet")
    assert [row[0] for row in rows] == list(range(20_000))
    assert (opened.address, opened.size) == (f"{s3}/in/a.parquet", store.size(f"{s3}/in/a.parquet"))


def test_folder_and_pattern_of_parquet(s3: str, store: s3fs.S3FileSystem, read: Read) -> None:
    for day in (2, 1):
        put_parquet(store, f"{s3}/table/day=0{day}/a.parquet", [day])
    store.pipe(f"{s3}/table/_SUCCESS", b"")
    wanted = [(1, "01"), (2, "02")]
    assert read(f"{s3}/table")[1] == read(f"{s3}/table/")[1] == read(f"{s3}/table/*/*.parquet")[1] == wanted


def test_other_formats_are_fetched(s3: str, store: s3fs.S3FileSystem, read: Read) -> None:
    store.pipe(f"{s3}/a.jsonl.gz", gzip.compress(b'{"a": 1}\n{"a": 2}\n'))
    store.pipe(f"{s3}/a.csv", b"a,b\n1,x\n")
    store.pipe(f"{s3}/a.odd", b'{"a": 1}\n')
    assert read(f"{s3}/a.jsonl.gz")[1] == [(1,), (2,)]
    assert read(f"{s3}/a.csv")[1] == [("1", "x")]
    assert read(f"{s3}/a.odd", format="jsonl")[1] == [(1,)]


def test_errors_speak_of_the_object_not_of_a_copy(s3: str, store: s3fs.S3FileSystem, read: Read) -> None:
    store.pipe(f"{s3}/a.xlsx", b"no workbook")
    store.pipe(f"{s3}/a.csv", b"")
    store.pipe(f"{s3}/a.json", b"[1")
    for name in ("a.xlsx", "a.json"):
        message = str(failure(read, f"{s3}/{name}"))
        assert name in message
        assert "scratch" not in message
    assert "scratch" not in str(failure(read, f"{s3}/a.csv"))


def test_two_sources_of_one_store(
    s3: str, store: s3fs.S3FileSystem, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    put_parquet(store, f"{s3}/a.parquet", [1])
    first, second = (open_source(f"{s3}/a.parquet", connection, scratch=tmp_path / "s") for _ in range(2))
    first.close()
    assert connection.table(second.view).fetchall() == [(1,)]
    second.close()
    assert connection.list_filesystems() == []


def test_what_is_not_there(s3: str, store: s3fs.S3FileSystem, read: Read) -> None:
    put_parquet(store, f"{s3}/customers.parquet", [1])
    missing = failure(read, f"{s3}/custommers.parquet")
    assert "Did you mean 'customers.parquet'?" in str(missing)
    assert not missing.retryable
    assert "the bucket or container of s3://no-such-bucket/a.csv does not exist" in str(
        failure(read, "s3://no-such-bucket/a.csv")
    )
    store.pipe(f"{s3}/texts/a.csv", b"a\n1\n")
    assert "holds no Parquet file" in str(failure(read, f"{s3}/texts/"))
    store.pipe(f"{s3}/wrong.parquet", b"not parquet at all")
    assert "wrong.parquet cannot be read" in str(failure(read, f"{s3}/wrong.parquet"))


def test_wrong_credentials(s3: str, store: s3fs.S3FileSystem, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    put_parquet(store, f"{s3}/a.parquet", [1])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    refused = failure(read, f"{s3}/a.parquet")
    assert f"access to {s3}/a.parquet was refused" in str(refused)
    assert "hunter2" not in str(refused)
    assert not refused.retryable


def test_no_credentials(s3: str, store: s3fs.S3FileSystem, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    refused = failure(read, f"{s3}/a.csv")
    assert "credentials" in str(refused)
    assert not refused.retryable


def test_nobody_answers(s3: str, store: s3fs.S3FileSystem, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for name in ("a.csv", "a.parquet"):
        silent = failure(read, f"{s3}/{name}")
        assert "cannot be reached" in str(silent)
        assert silent.retryable


def test_lost_while_it_is_read(
    s3: str,
    store: s3fs.S3FileSystem,
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
) -> None:
    put_parquet(store, f"{s3}/a.parquet", [1])
    opened = open_source(f"{s3}/a.parquet", connection, scratch=tmp_path / "s")
    store.rm(f"{s3}/a.parquet")
    with pytest.raises(SourceError, match=r"a\.parquet cannot be read"):
        load(opened, lambda view: connection.table(view).fetchall())
    opened.close()


def test_a_store_whose_package_is_missing(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    # None in sys.modules makes Python say that there is no such package.
    monkeypatch.setitem(__import__("sys").modules, "gcsfs", None)
    with pytest.raises(MissingExtraError, match=r"sanitizer-core\[gcs\]"):
        read("gs://bucket/a.csv")
