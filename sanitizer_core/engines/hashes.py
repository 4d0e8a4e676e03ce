"""Values that come again, found by their hashes: in memory while there are few enough, else by the engine's grouping."""

from __future__ import annotations

from typing import Any

import duckdb

MOST_IN_MEMORY = 10_000_000
"""So many hashes of 64 bits are sorted in memory (80 MB, twice for a moment), in a tenth of the time of a grouping."""


def repeated_hashes(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, int]:
    """The hashes that a query gives more than once, each once; and how many rows there are beyond the first of each.

    They come as an array of NumPy, which DuckDB takes as it is; Arrow would take a tenth of a second to import.

    Args:
        query: whose only column is a hash.
    """
    (hashes,) = connection.execute(query).fetchnumpy().values()
    hashes.sort()
    again = _again(hashes)
    return again[_first(again)], len(again)


def _again(ordered: Any) -> Any:
    """Those that equal the one before."""
    return ordered[1:][ordered[1:] == ordered[:-1]]


def _first(ordered: Any) -> Any:
    """Where a value stands that is not the one before."""
    differs = ordered == ordered
    differs[1:] = ordered[1:] != ordered[:-1]
    return differs
