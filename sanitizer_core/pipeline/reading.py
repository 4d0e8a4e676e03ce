"""Reading a source, perhaps more than once: a quick reader may find on its way that only a careful one will do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import duckdb

from sanitizer_core.errors import EngineError
from sanitizer_core.sources.opened import Opened, load

Result = TypeVar("Result")


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
