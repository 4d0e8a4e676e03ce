"""Whether two contestants did the same work: the cells of their outputs, and the entries of their logs, compared."""

from __future__ import annotations

from pathlib import Path

import duckdb

_CASTS = {
    "id": "BIGINT", "name": "VARCHAR", "email": "VARCHAR", "gender": "VARCHAR", "city": "VARCHAR", "age": "BIGINT",
    "salary": "DECIMAL(18, 2)", "date_joined": "DATE", "score": "DECIMAL(18, 1)", "notes": "VARCHAR",
}  # fmt: skip
"""Types are each tool's own (a pandas date is a timestamp); values are compared as these."""


def rows_apart(one: Path, other: Path) -> int:
    """How many rows of either table are not in the other; every cell counts, the order of the rows does not."""
    first, second = (f"SELECT {_cells()} FROM '{path}'" for path in (one, other))
    return _count(f"({first}) EXCEPT ALL ({second})") + _count(f"({second}) EXCEPT ALL ({first})")


def is_in_order(path: Path) -> bool:
    """Whether the rows stand as in the input, whose ids go up but for rows that repeat one of the last thousand."""
    jumps = f"SELECT id::BIGINT - lag(id::BIGINT) OVER (ORDER BY file_row_number) AS jump FROM '{path}'"
    return _count(f"SELECT 1 FROM ({jumps}) WHERE abs(jump) > 2000") == 0


def entries(path: Path) -> int:
    """How many entries a log has."""
    return _count(f"FROM '{path}'")


def entries_apart(one: Path, other: Path) -> int:
    """How many entries of either log are not in the other: step, row, column, old and new value."""
    first, second = (f'SELECT step, "row", "column", old, new FROM \'{path}\'' for path in (one, other))
    return _count(f"({first}) EXCEPT ALL ({second})") + _count(f"({second}) EXCEPT ALL ({first})")


def _cells() -> str:
    return ", ".join(f"{name}::{kind} AS {name}" for name, kind in _CASTS.items())


def _count(query: str) -> int:
    with duckdb.connect() as connection:
        return int(connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0])
