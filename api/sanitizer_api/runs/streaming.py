"""Bytes that are made while they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import quote

from anyio import to_thread
from fastapi.responses import StreamingResponse
from sqlglot import exp

from sanitizer_api.problems import ApiError
from sanitizer_api.runs.files import FilesOf
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.pipeline.restoring import EXACT, restored
from sanitizer_core.sinks import WriteOptions
from sanitizer_core.sinks.streaming import stream_table
from sanitizer_core.sinks.table import write_table

Format = Literal["csv", "jsonl", "parquet"]
MEDIA: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
CHUNK = 1 << 18


async def sent(chunks: Iterator[bytes], form: Format, name: str) -> StreamingResponse:
    """An answer of bytes that come one after the other. What fails before the first is an error like any other."""
    first = await to_thread.run_sync(next, chunks, b"")
    shown = quote(f"{name}.{form}", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{shown}", "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(_rest(first, chunks), headers=headers, media_type=MEDIA[form])


async def _rest(first: bytes, chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    try:
        while first:
            yield first
            first = await to_thread.run_sync(next, chunks, b"")
    finally:
        # Whoever went away before the end leaves a query that nobody wants any more.
        close = getattr(chunks, "close", None)
        if close is not None:
            await to_thread.run_sync(close)


def clean_table(known: FilesOf, form: Format) -> Iterator[bytes]:
    """The clean table of a run; Parquet as it lies there."""
    if form == "parquet":
        with known.files.open("clean.parquet") as file:
            yield from iter(lambda: file.read(CHUNK), b"")
        return
    with known.files.engine(memory_limit=known.state.settings.ask_memory) as engine:
        query = exp.select("*").from_(known.files.table("clean"))
        yield from stream_table(engine.connection, query, form, WriteOptions())


def input_of(known: FilesOf, form: Format, key: str | None) -> Iterator[bytes]:
    """The input of a run, as it was."""
    with undone(known, key) as (engine, rows):
        if form != "parquet":
            yield from stream_table(engine.connection, rows, form, EXACT)
            return
        path = engine.scratch / "restored.parquet"
        write_table(engine.connection, rows, path, options=EXACT)
        with path.open("rb") as file:
            yield from iter(lambda: file.read(CHUNK), b"")


@contextmanager
def undone(known: FilesOf, key: str | None) -> Iterator[tuple[DuckDBEngine, exp.Select]]:
    """The input of a run as a query.

    Raises:
        ApiError: columns were masked, and no key was given; that of the server's own environment is nobody's.
    """
    masked = [each.name for each in known.record.input_columns if each.sealed is not None]
    if masked and not key:
        raise KeyNeededError(
            f"the values of {', '.join(map(repr, masked))} are masked", hint="Send the key of the run as 'key'."
        )
    with restored(known.files, key=key or "", memory_limit=known.state.settings.ask_memory) as undoing:
        yield undoing


class KeyNeededError(ApiError):
    """Masked columns are restored for who has their key."""

    status, name, title = 422, "key-needed", "The key of the masked columns is needed"
