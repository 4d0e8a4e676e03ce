"""DuckDB reads the CSV and writes it as Parquet, and does nothing else: the floor."""

from __future__ import annotations

import sys

import duckdb


def main(source: str, folder: str) -> None:
    duckdb.execute(f"COPY (FROM '{source}') TO '{folder}/clean.parquet' (FORMAT parquet)")


if __name__ == "__main__":
    main(*sys.argv[1:])
