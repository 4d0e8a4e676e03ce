"""Make a dirty table of any size, with the truth beside it.

    python -m benchmarks.generate --rows 2_000_000 --out DIR --formats csv,parquet --truth --drift

The same seed gives the same table (with the same version of DuckDB, whose hash it draws from), whatever the number of
threads. Rows are made and written as a stream: 50 million (5 GB) take no more memory than two.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.dirty.columns import COLUMNS
from benchmarks.dirty.sql import DirtyTable

_COPY = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet, COMPRESSION snappy"}
_NEW_NAMES = {"name": "full_name", "date_joined": "joined"}
"""What the drifted file calls columns that it renames; it also has a country, and no notes."""


def main() -> None:
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    table = DirtyTable(asked.rows, asked.seed, asked.dirt)
    files = {asked.out / f"customers.{form}": table.dirty() for form in asked.formats.split(",")}
    if asked.truth:
        files |= {asked.out / "truth.parquet": table.truth(), asked.out / "errors.parquet": table.errors()}
    if asked.drift:
        files[asked.out / "customers_drift.csv"] = drifted(
            DirtyTable(asked.rows // 10, asked.seed, asked.dirt, asked.rows)
        )
    with duckdb.connect(
        config={"memory_limit": asked.memory_limit, "temp_directory": str(asked.out / ".spill")}
    ) as connection:
        for path, query in files.items():
            write(connection, query, path)


def drifted(table: DirtyTable) -> str:
    """The next batch, from a source that has changed: renamed, moved, added and dropped columns."""
    kept = [
        f"{column.name} AS {_NEW_NAMES.get(column.name, column.name)}" for column in COLUMNS if column.name != "notes"
    ]
    return f"SELECT {', '.join(reversed(kept))}, 'NL' AS country FROM ({table.dirty()})"


def write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Writes the rows of a query, in their order, in the format that the file's ending names."""
    connection.execute(f"COPY ({query}) TO '{path}' ({_COPY[path.suffix[1:]]})")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path, required=True, help="a folder")
    parser.add_argument("--formats", default="csv", help="of csv, jsonl and parquet, with commas between")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--dirt", type=float, default=1.0, help="a factor on all damage; 1 breaks about one cell in twelve"
    )
    parser.add_argument("--truth", action="store_true", help="also the clean table and the list of injected errors")
    parser.add_argument("--drift", action="store_true", help="also a second batch whose columns have changed")
    parser.add_argument("--memory-limit", default="2GB")
    asked = parser.parse_args()
    if unknown := set(asked.formats.split(",")) - set(_COPY):
        parser.error(f"unknown format {min(unknown)!r}; allowed: {', '.join(_COPY)}")
    return asked


if __name__ == "__main__":
    main()
