"""What every reader hands over: an input that can be read once, in its own order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sanitizer_core.schema import Schema


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
