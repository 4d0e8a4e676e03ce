"""A table as bytes while it is being made: nothing is kept on a disk or in memory."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SinkError
from sanitizer_core.sinks.copy import copy_to
from sanitizer_core.sinks.options import WriteOptions

StreamFormat = Literal["csv", "tsv", "jsonl"]
"""Formats that are written from the first byte to the last."""
_CHUNK = 1 << 16


def stream_table(
    connection: duckdb.DuckDBPyConnection, query: exp.Query, form: StreamFormat, options: WriteOptions
) -> Iterator[bytes]:
    """The rows of a query in a text format, in its order. Who stops early ends the query.

    Raises:
        SinkError: the query failed, perhaps after some of its rows were given.
    """
    with tempfile.TemporaryDirectory(prefix="sanitizer-") as folder:
        pipe = Path(folder) / "rows"
        os.mkfifo(pipe)
        # Opened before there is anybody who writes, which would wait; and held open for writing until the query is
        # done, for a pipe that nobody writes to looks like the end.
        read = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        held = os.open(pipe, os.O_WRONLY)
        os.set_blocking(read, True)
        failed: list[duckdb.Error] = []

        def write() -> None:
            try:
                copy_to(query, pipe, form, "none", options, connection)
            except duckdb.Error as error:
                failed.append(error)
            finally:
                os.close(held)

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        try:
            while chunk := os.read(read, _CHUNK):
                yield chunk
        finally:
            os.close(read)
            writer.join()
    if failed:
        raise SinkError(f"the rows could not all be written: {str(failed[0]).splitlines()[0]}")
