"""Reading a source, perhaps more than once: a quick reader may find on its way that only a careful one will do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import duckdb
from sqlglot import exp

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import EngineError, PlanError
from sanitizer_core.plan import ROW
from sanitizer_core.sources.opened import Opened, load
from sanitizer_core.sql import column

Result = TypeVar("Result")


PLAIN_TEXT = 3
"""Bytes in memory for each byte of a text file, with raw and clean cells side by side."""

PACKED = 15
"""The same for files that are packed, as Parquet is; roughly, for they differ."""


def stored_size(opened: Opened) -> int:
    """Bytes that an input takes once it is stored, as far as its size is known."""
    packed = not opened.is_text or opened.facts.get("compression", "none") != "none"
    return (opened.size or 0) * (PACKED if packed else PLAIN_TEXT)


class Reading:
    """An opened source as it is read in the end.

    Args:
        opened: the source as it was opened; later the one that was read.
    """

    def __init__(self, opened: Opened) -> None:
        self.opened = opened

    def read(self, read: Callable[[str], Result]) -> Result:
        """Reads the whole source; what an earlier call of ``read`` made is void when it is called again."""

        def plainly(view: str) -> Result:
            try:
                return read(view)
            except EngineError as error:
                if isinstance(error.__cause__, (duckdb.Error, RuntimeError)):
                    raise error.__cause__ from None  # The reader knows what an error of the engine means.
                raise

        self.opened, result = load(self.opened, plainly)
        return result

    def sample(self, look: Callable[[Opened], Result]) -> Result:
        """Looks at the first rows; where they cannot be read so, the source is opened in a more careful way."""
        try:
            return look(self.opened)
        except EngineError as error:
            cause = error.__cause__
            again = self.opened.settle(cause) if isinstance(cause, duckdb.Error) else None
            if again is None:
                raise
            self.opened = again
            return look(again)


def read_numbered(engine: DuckDBEngine, reading: Reading, name: str) -> Opened:
    """Reads a source into a relation that has ``@row``.

    Raises:
        PlanError: the source has a column of that name.
    """

    def read(view: str) -> None:
        names = engine.schema_of(view).names
        if any(each.lower() == ROW for each in names):
            raise PlanError(
                f"the input has a column called {ROW!r}, a name that is needed here", hint="Rename it first."
            )
        columns = [exp.alias_(column(each), each, quoted=True) for each in names]
        engine.number(name, exp.select(*columns).from_(exp.to_identifier(view, quoted=True)))

    reading.read(read)
    return reading.opened
