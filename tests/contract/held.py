"""A table held against a schema, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import duckdb
from sqlglot import exp

from sanitizer_core.contract import CheckResult, Verdict

Columns = dict[str, tuple[str, list[Any]]]
"""Columns by name, each with its SQL type and its cells."""


@dataclass(frozen=True)
class Checked:
    """A verdict and its failing rows: ``row -> (reasons, columns, severity)``."""

    verdict: Verdict
    rows: dict[int, tuple[list[str], list[str], str]]

    def check(self, name: str) -> CheckResult:
        return next(check for check in self.verdict.checks if check.id == name)

    def failing(self, name: str) -> list[int]:
        """The rows that fail a check."""
        return sorted(
            row for row, (reasons, _, _) in self.rows.items() if any(r.startswith(f"{name}: ") for r in reasons)
        )


class Check(Protocol):
    """Holds a table against a schema; keywords are further parts of the contract."""

    def __call__(self, columns: Columns, schema: dict[str, Any], **parts: Any) -> Checked: ...


def load(connection: duckdb.DuckDBPyConnection, columns: Columns, name: str = "data") -> None:
    """Makes a table of columns, each with its SQL type and its cells."""

    def quoted(word: str) -> str:
        return exp.to_identifier(word, quoted=True).sql(dialect="duckdb")

    told = ", ".join(f"{quoted(column)} {kind}" for column, (kind, _) in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} ({told})").fetchall()
    marks = ", ".join("?" for _ in columns)
    rows = list(zip(*(cells for _, cells in columns.values()), strict=True))
    if rows:
        connection.executemany(f"INSERT INTO {quoted(name)} VALUES ({marks})", rows)


def read(connection: duckdb.DuckDBPyConnection, verdict: Verdict) -> Checked:
    found = connection.execute(f'SELECT * FROM "{verdict.failing_view}" ORDER BY row').fetchall()
    return Checked(verdict, {row: (reasons, columns, severity) for row, reasons, columns, severity in found})
