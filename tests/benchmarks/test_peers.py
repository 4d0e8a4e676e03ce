"""The engine and the scripts by hand do the same work: the same cells, and the same entries in their logs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import duckdb
import pytest

from benchmarks.agreement import entries, entries_apart, is_in_order, rows_apart
from benchmarks.contestants import BY_KEY, ROOT
from benchmarks.dirty.sql import DirtyTable
from benchmarks.generate import write

ROWS = 5000


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which each of them has left its output."""
    folder = tmp_path_factory.mktemp("peers")
    with duckdb.connect() as connection:
        write(connection, DirtyTable(ROWS).dirty(), folder / "customers.csv")
    for key in BY_KEY:
        (folder / key).mkdir()
        subprocess.run(
            BY_KEY[key].command(folder / "customers.csv", folder / key), cwd=ROOT, check=True, capture_output=True
        )
    return folder


@pytest.mark.parametrize("key", ["polars", "polars-log", "duckdb-log", "pandas", "ours", "ours-none"])
def test_the_cells_are_the_same(ran: Path, key: str) -> None:
    assert rows_apart(ran / "duckdb" / "clean.parquet", ran / key / "clean.parquet") == 0
    assert is_in_order(ran / key / "clean.parquet")


@pytest.mark.parametrize("key", ["polars-log", "ours"])
def test_the_logs_are_the_same(ran: Path, key: str) -> None:
    reference = ran / "duckdb-log" / "changes.parquet"
    assert entries(reference) > ROWS / 2
    assert entries_apart(reference, ran / key / str(BY_KEY[key].log)) == 0


def test_the_bare_copy_cleans_nothing_and_is_seen_to_differ(ran: Path) -> None:
    with duckdb.connect() as connection:
        counts = f"SELECT count(*), count(*) FILTER (name <> trim(name)) FROM '{ran / 'copy' / 'clean.parquet'}'"
        copied = connection.execute(counts).fetchall()
    assert copied[0][0] == ROWS
    assert copied[0][1] > 0
    unlike = ran / "unlike.parquet"
    duckdb.execute(
        f"COPY (SELECT * REPLACE (age + 1 AS age) FROM '{ran / 'duckdb' / 'clean.parquet'}' LIMIT 10) TO '{unlike}'"
    )
    assert rows_apart(ran / "duckdb" / "clean.parquet", unlike) > 10


def test_lost_order_is_seen(ran: Path) -> None:
    shuffled = ran / "shuffled.parquet"
    duckdb.execute(f"COPY (SELECT * FROM '{ran / 'duckdb' / 'clean.parquet'}' ORDER BY hash(id)) TO '{shuffled}'")
    assert not is_in_order(shuffled)


@pytest.mark.slow
def test_rows_that_many_threads_read_keep_their_order_and_their_numbers(tmp_path: Path) -> None:
    """What turns a read into a join loses the order, and only a table of several read batches shows it."""
    source = tmp_path / "customers.csv"
    with duckdb.connect() as connection:
        write(connection, DirtyTable(500_000).dirty(), source)
    for key in ("duckdb-log", "ours"):
        (tmp_path / key).mkdir()
        subprocess.run(BY_KEY[key].command(source, tmp_path / key), cwd=ROOT, check=True, capture_output=True)
    assert is_in_order(tmp_path / "ours" / "clean.parquet")
    logs = [tmp_path / key / str(BY_KEY[key].log) for key in ("duckdb-log", "ours")]
    assert entries_apart(*logs) == 0
