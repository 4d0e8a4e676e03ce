"""What DuckDB or a store says while an input is read, as a SourceError."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import masked

# What a damaged or vanished file raises; other errors speak of the statement that reads it, not of the input.
_OF_THE_INPUT = (
    duckdb.IOException,
    duckdb.HTTPException,
    duckdb.SerializationException,
    duckdb.InvalidInputException,
    duckdb.NotImplementedException,
)
_DAMAGED = ("decompress", "parquet", "magic bytes", "corrupt", "thrift", "malformed", "failed to read", "checksum")


def unreadable(shown: str, error: Exception) -> SourceError:
    """The error for an input that cannot be read to its end."""
    reason = masked(str(error)).partition(": ")[2] or masked(str(error))
    failure = SourceError(f"{shown} cannot be read: {reason.strip()}", hint=_hint(reason))
    failure.retryable = isinstance(error, (duckdb.HTTPException, ConnectionError, TimeoutError)) or _locked(reason)
    return failure


@contextmanager
def reading(shown: str) -> Iterator[None]:
    """Turn what DuckDB says while an input is opened into a SourceError."""
    try:
        yield
    except duckdb.Error as error:
        raise unreadable(shown, error) from error


def settling(shown: str) -> Callable[[duckdb.Error | None], None]:
    """For :class:`Opened`: damage that shows only while the rows are read is a SourceError too."""

    def settle(error: duckdb.Error | None) -> None:
        if error is None:
            return
        if isinstance(error, _OF_THE_INPUT) and any(word in str(error).lower() for word in _DAMAGED):
            raise unreadable(shown, error) from error
        raise error

    return settle


def _locked(reason: str) -> bool:
    return "lock on file" in reason or "already attached" in reason


def _hint(reason: str) -> str:
    if _locked(reason):
        return "Something else has it open; try again when it is closed."
    return "It may be damaged, cut short, or of another format."
