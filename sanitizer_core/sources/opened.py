"""What every reader hands over: an input that can be read once, in its own order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import duckdb

from sanitizer_core.schema import Schema

Result = TypeVar("Result")


def _content(error: duckdb.Error | None) -> Opened | None:
    """What a reader without a second way answers: it let go of nothing, and an error is an error."""
    if error is not None:
        raise error
    return None


@dataclass(frozen=True)
class Opened:
    """An input that is ready to be read once on a DuckDB connection.

    Args:
        address: the input as shown to a user, without credentials.
        view: the name of a view or registered relation on the connection; its rows come in input order.
        schema: the columns of the view; every one is text for a text format.
        is_text: whether the format knows text only, so that types are still to be found.
        facts: what was found, JSON-able: format, encoding, delimiter, quote, header rows, skipped lines, ...
        notes: sentences for the user about what was found odd.
        size: the bytes of the input, for progress; ``None`` when unknown.
        rejected_view: the name of a view (``line`` BIGINT, 1-based in the original file; ``text`` VARCHAR, the raw
            row; ``reason`` VARCHAR), valid once ``view`` has been read; ``None`` when no row can be rejected.
        close: removes temporary files and what was left on the connection.
        settle: called once the view has been read, with the error when reading failed. It raises SourceError when
            a strict reading met a bad row, answers ``None`` when the reading stands, and otherwise hands over the
            same input read in a more careful way, to be read instead. Use :func:`load`, which does all of this.
    """

    address: str
    view: str
    schema: Schema
    is_text: bool
    facts: Mapping[str, Any]
    notes: tuple[str, ...]
    size: int | None
    rejected_view: str | None
    close: Callable[[], None]
    settle: Callable[[duckdb.Error | None], Opened | None] = _content


def load(opened: Opened, read: Callable[[str], Result]) -> tuple[Opened, Result]:
    """Read an input once, and again where only a more careful reader can part its lines.

    Args:
        read: takes the name of the view, reads every column and row of it, and can be called again
            (``CREATE OR REPLACE TABLE``); what an earlier call made is then void.

    Returns:
        the input as it was read in the end (use its facts, notes, rejected view and close), and what ``read`` gave.

    Raises:
        SourceError: the input cannot be read, or it has a bad row and ``strict`` was asked for.
    """
    while True:
        error: duckdb.Error | None = None
        result: Result | None = None
        try:
            result = read(opened.view)
        except duckdb.Error as caught:
            error = caught
        except RuntimeError as caught:  # what escapes from DuckDB's C++ without a class of its own
            if not str(caught).startswith("std::"):
                raise
            error = duckdb.InternalError(str(caught))
        again = opened.settle(error)
        if again is None:
            return opened, result  # type: ignore[return-value]
        opened = again
