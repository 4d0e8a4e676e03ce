"""What holding a contract asks of wherever the table is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from sqlglot import exp

from sanitizer_core.contract.compiled import CompiledContract
from sanitizer_core.contract.outcome import Outcome
from sanitizer_core.schema import Schema


class Asking(Protocol):
    """A table, how its rows are called, and the queries that find out about it."""

    @property
    def table(self) -> exp.Table: ...

    def row(self) -> exp.Expr:
        """The id of a row."""
        ...

    def schema(self) -> Schema:
        """The columns of the table, without its row id."""
        ...

    def temporary(self, *parts: object) -> str:
        """A name for something stored."""
        ...

    def one(self, statement: exp.Query) -> dict[str, Any]:
        """The only row that a query gives, by column."""
        ...

    def store(self, name: str, query: exp.Query) -> int:
        """Stores what a query gives; says how many rows."""
        ...

    def show(self, name: str, query: exp.Query) -> None:
        """Makes a query known under a name."""
        ...

    def drop(self, names: Iterable[str]) -> None: ...

    def store_failing(self, compiled: CompiledContract, position: int, name: str, rows: int) -> Outcome:
        """Stores the ids of the rows that fail a rule which is no condition on a row, under a name (column ``row``).

        Args:
            rows: of the table.
        """
        ...
