"""Writing to a real S3 server: an object or a folder of artifacts is there whole, or as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import s3fs
from sqlglot import exp

from sanitizer_core.errors import SinkError
from sanitizer_core.sinks import artifact_folder, write_table
from sanitizer_core.sources import load, open_source


@pytest.fixture
def store(s3: str, monkeypatch: pytest.MonkeyPatch) -> s3fs.S3FileSystem:
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    return s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE rows AS SELECT i AS id, 'n' || i AS name FROM range(1000) t(i)")
        yield connection


def names(store: s3fs.S3FileSystem, url: str) -> list[str]:
    root = url.removeprefix("s3://").rstrip("/") + "/"
    return sorted(key.removeprefix(root) for key in store.find(root))


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.jsonl.zst", "a.xlsx", "a.duckdb"])
def test_written_and_read_again(
    s3: str, store: s3fs.S3FileSystem, connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    url = f"{s3}/deep/{name}"
    written = write_table(connection, "rows", url)
    assert (written.address, written.rows, written.bytes) == (url, 1000, store.size(url))
    opened, rows = load(open_source(url, connection, scratch=tmp_path), lambda view: connection.table(view).fetchall())
    opened.close()
    assert [int(row[0]) for row in rows] == list(range(1000))
    assert names(store, s3) == [f"deep/{name}"]


def test_an_object_larger_than_one_part_is_whole(
    s3: str, store: s3fs.S3FileSystem, connection: duckdb.DuckDBPyConnection
) -> None:
    query = exp.select("range", exp.alias_(exp.cast(exp.func("HASH", exp.column("range")), "TEXT"), "h")).from_(
        exp.Table(this=exp.Anonymous(this="range", expressions=[exp.Literal.number(3_000_000)]))
    )
    written = write_table(connection, query, f"{s3}/a.csv")
    assert store.size(f"{s3}/a.csv") == written.bytes > 64 << 20
    assert store.tail(f"{s3}/a.csv", 9).endswith(b"\n")


def test_a_failure_leaves_the_earlier_object(
    s3: str, store: s3fs.S3FileSystem, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(connection, "rows", f"{s3}/a.csv")
    before = store.cat(f"{s3}/a.csv")
    broken = exp.select(exp.cast(exp.column("name"), "BIGINT")).from_("rows")
    with pytest.raises(duckdb.ConversionException):
        write_table(connection, broken, f"{s3}/a.csv")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    with pytest.raises(SinkError, match="was refused") as caught:
        write_table(connection, "rows", f"{s3}/a.csv")
    assert "hunter2" not in str(caught.value)
    assert not caught.value.retryable
    assert store.cat(f"{s3}/a.csv") == before


def test_nobody_answers(
    s3: str, store: s3fs.S3FileSystem, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(SinkError, match="cannot be reached") as caught:
        write_table(connection, "rows", f"{s3}/a.csv")
    assert caught.value.retryable


def test_a_folder_is_no_object(s3: str, store: s3fs.S3FileSystem, connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(SinkError, match="is a folder"):
        write_table(connection, "rows", f"{s3}/a.csv/", format="csv")


def run(url: str, *files: str) -> None:
    with artifact_folder(url) as staged:
        for name in files:
            (staged / name).parent.mkdir(exist_ok=True)
            (staged / name).write_text(name)


def test_artifacts_are_uploaded_run_json_last(
    s3: str, store: s3fs.S3FileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    put_file = s3fs.S3FileSystem.put_file

    def noted(self: s3fs.S3FileSystem, path: str, url: str, **options: object) -> object:
        sent.append(url.rsplit("/", 1)[-1])
        return put_file(self, path, url, **options)

    monkeypatch.setattr(s3fs.S3FileSystem, "put_file", noted)
    run(f"{s3}/run", "run.json", "a.parquet", "zz/z.txt")
    assert sent == ["a.parquet", "z.txt", "run.json"]
    assert names(store, f"{s3}/run") == ["a.parquet", "run.json", "zz/z.txt"]


def test_an_earlier_run_is_replaced_whole(s3: str, store: s3fs.S3FileSystem) -> None:
    run(f"{s3}/run", "run.json", "old.txt", "both.txt")
    run(f"{s3}/run/", "run.json", "both.txt", "new.txt")
    assert names(store, f"{s3}/run") == ["both.txt", "new.txt", "run.json"]


def test_something_else_is_never_replaced(s3: str, store: s3fs.S3FileSystem) -> None:
    store.pipe(f"{s3}/precious/thesis.txt", b"years of work")
    with pytest.raises(SinkError, match="holds something else than a run"):
        run(f"{s3}/precious", "run.json")
    assert names(store, s3) == ["precious/thesis.txt"]


def half_a_run(url: str) -> None:
    with artifact_folder(url) as staged:
        (staged / "a.parquet").touch()
        raise KeyboardInterrupt


def test_a_failed_run_leaves_what_was(s3: str, store: s3fs.S3FileSystem) -> None:
    run(f"{s3}/run", "run.json", "old.txt")
    for url in (f"{s3}/run", f"{s3}/new"):
        with pytest.raises(KeyboardInterrupt):
            half_a_run(url)
    assert names(store, s3) == ["run/old.txt", "run/run.json"]


def test_an_upload_that_fails_leaves_no_run(s3: str, store: s3fs.S3FileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    put_file = s3fs.S3FileSystem.put_file

    def failing(self: s3fs.S3FileSystem, path: str, url: str, **options: object) -> object:
        if url.endswith("b.txt"):
            raise ConnectionResetError("the line went dead")
        return put_file(self, path, url, **options)

    monkeypatch.setattr(s3fs.S3FileSystem, "put_file", failing)
    with pytest.raises(SinkError, match="the line went dead") as caught:
        run(f"{s3}/run", "run.json", "a.txt", "b.txt")
    assert caught.value.retryable
    assert names(store, s3) == []
