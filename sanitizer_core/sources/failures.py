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
# A store's own error comes through DuckDB as the text of its traceback.
_OF_A_STORE = "Traceback (most recent call last)"
_BY_WAITING = ("connect", "timed out", "timeout", "slow down", "unavailable")
_DAMAGED = (
    "decompress",
    "parquet",
    "magic bytes",
    "corrupt",
    "thrift",
    "tprotocol",
    "malformed",
    "failed to read",
    "checksum",
)


def unreadable(shown: str, error: Exception) -> SourceError:
    """The error for an input that cannot be read to its end."""
    reason = _reason(masked(str(error)))
    failure = SourceError(f"{shown} cannot be read: {reason}", hint=_hint(reason))
    failure.retryable = _locked(reason) or any(word in reason.lower() for word in _BY_WAITING)
    return failure


@contextmanager
def reading(shown: str) -> Iterator[None]:
    """Turn what DuckDB says while an input is opened into a SourceError."""
    try:
        yield
    except duckdb.Error as error:
        raise unreadable(shown, error) from error


def settling(shown: str, *, stored: bool = False) -> Callable[[duckdb.Error | None], None]:
    """For :class:`Opened`: damage that shows only while the rows are read is a SourceError too.

    Args:
        stored: whether Python reads it for DuckDB, from a store.
    """

    def settle(error: duckdb.Error | None) -> None:
        if error is None:
            return
        text = str(error)
        # DuckDB 2.0 lets some of its Thrift reader's errors out without a class of their own.
        known = isinstance(error, _OF_THE_INPUT) or type(error) is duckdb.Error
        damaged = known and any(word in text.lower() for word in _DAMAGED)
        if damaged or (stored and text.startswith(_OF_A_STORE)):
            raise unreadable(shown, error) from error
        raise error

    return settle


def _reason(text: str) -> str:
    """What happened, without the traceback, the statement, or the name of DuckDB's error."""
    if text.startswith(_OF_A_STORE):
        return text.strip().splitlines()[-1]
    return text.partition("\n\nLINE")[0].partition(": ")[2].strip() or text


def _locked(reason: str) -> bool:
    return "lock on file" in reason or "already attached" in reason


def _hint(reason: str) -> str:
    if _locked(reason):
        return "Something else has it open; try again when it is closed."
    if any(word in reason.lower() for word in _BY_WAITING):
        return "Trying again later may help."
    return "It may be damaged, cut short, or of another format."
