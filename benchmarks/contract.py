r"""Times a contract of 20 checks against Pandera on pandas, on the same input, and holds both verdicts equal.

Run: ``python -m benchmarks.contract [ROWS]`` (2,000,000 unless said) writes a section of ``RESULTS.md``; both take
turns, and medians are told. One row in a hundred breaks the contract. Three ways of having the input: a CSV file, a
Parquet file, and a table that is in memory already (a frame for Pandera, a DuckDB table for this project), where the
reading is not counted. Both have to name every failing row.

The pattern for e-mail is the one that ``sanitizer contract infer`` proposes. It has a ``\s``, for which pandas leaves
Arrow's matcher and goes to Python's; ``--simple-pattern`` takes one that Arrow can do, where pandas is at its best.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pandas as pd
from pandera.errors import SchemaErrors
from pandera.io.pandas_io import deserialize_schema

from benchmarks.results import sharing, surroundings, write_section
from sanitizer_core.contract import Contract, check_contract

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
SIMPLE_EMAIL = r"^[a-z0-9.]+@[a-z0-9]+\.[a-z]{2,}$"
CONTRACT = r"""
contract: orders
schema:
  coerce: true
  columns:
    order_id: {dtype: str, unique: true, str_startswith: 'ord-', str_length: {min_value: 5}}
    line: {dtype: int64, in_range: {min_value: 1, max_value: 9}}
    email: {dtype: str, str_matches: '^[^@\s]+@[^@\s]+\.[^@\s.]+$', str_length: {min_value: 6, max_value: 40}}
    country: {dtype: str, isin: [DE, FR, NL, BE, PL, IT, ES, AT]}
    age: {dtype: int64, in_range: {min_value: 18, max_value: 90}}
    amount: {dtype: float64, nullable: true, greater_than_or_equal_to: 0, less_than: 100000}
    status: {dtype: str, isin: [new, paid, sent]}
    placed: {dtype: 'datetime64[ns]', greater_than_or_equal_to: '2020-01-01 00:00:00'}
  unique: [email, placed, line]
"""
"""Nullable seven times, unique twice, and eleven checks of values: twenty; and the types of eight columns."""

MAKE = """
CREATE OR REPLACE TABLE orders AS SELECT
    'ord-' || CASE WHEN bad = 6 THEN i - 1 ELSE i END AS order_id,
    CASE WHEN bad = 7 THEN 10 ELSE 1 + i % 9 END AS line,
    CASE WHEN bad = 1 THEN 'no address ' || i ELSE 'name.' || i || '@mail' || i % 97 || '.com' END AS email,
    CASE WHEN bad = 2 THEN 'XX' WHEN bad = 8 THEN NULL
         ELSE ['DE', 'FR', 'NL', 'BE', 'PL', 'IT', 'ES', 'AT'][1 + i % 8] END AS country,
    CASE WHEN bad = 3 THEN -1 ELSE 18 + i % 70 END AS age,
    CASE WHEN i % 50 = 1 THEN NULL WHEN bad = 4 THEN -5.0 ELSE (i % 10000) / 8.0 END::DOUBLE AS amount,
    CASE WHEN bad = 5 THEN '?' ELSE ['new', 'paid', 'sent'][1 + i % 3] END AS status,
    TIMESTAMP '2020-01-01' + INTERVAL 1 MINUTE * (i % 1000000 - CASE WHEN bad = 9 THEN 2000000 ELSE 0 END) AS placed
FROM (SELECT i, CASE WHEN i % 100 = 0 THEN 1 + (i // 100) % 9 ELSE 0 END AS bad FROM range(1, $rows + 1) r(i))
"""

GOAL = 5
"""How many times as fast as Pandera a table in memory is to be checked."""

Rows = list[int]


def main() -> None:
    arguments = argparse.ArgumentParser(description="Time a contract against Pandera on pandas.")
    arguments.add_argument("rows", nargs="?", type=int, default=2_000_000)
    arguments.add_argument("--turns", type=int, default=3, help="how often each is timed")
    arguments.add_argument("--simple-pattern", action="store_true", help="an e-mail pattern without white space in it")
    given = arguments.parse_args()
    rows, contract = given.rows, CONTRACT.replace(EMAIL, SIMPLE_EMAIL) if given.simple_pattern else CONTRACT
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute(MAKE, {"rows": rows}).fetchall()
        raced = {name: race(*both, given.turns) for name, both in ways(connection, Path(folder), contract).items()}
    body = told(raced, rows, given.turns)
    print(body)
    if not given.simple_pattern:
        write_section("contract", body)


@dataclass(frozen=True)
class Raced:
    """Medians of both, in seconds: by the clock and of all processors together; and how many rows they named."""

    their_time: float
    our_time: float
    their_work: float
    our_work: float
    failing: int


def race(theirs: Callable[[], Rows], ours: Callable[[], Rows], turns: int) -> Raced:
    taken = [(timed(theirs), timed(ours)) for _ in range(turns)]
    assert all(their[2] == our[2] for their, our in taken), "the verdicts differ"
    their_time, our_time, their_work, our_work = (
        median(turn[side][measure] for turn in taken) for measure in (0, 1) for side in (0, 1)
    )
    return Raced(their_time, our_time, their_work, our_work, len(taken[0][1][2]))


def told(raced: Mapping[str, Raced], rows: int, turns: int) -> str:
    """The section of ``RESULTS.md``."""
    lines = [
        f"## A contract of 20 checks, {rows:,} rows", "",
        f"One row in a hundred breaks it. {turns} runs in turn, medians; {surroundings()}.{sharing()}", "",
        "| input | Pandera on pandas | Data Sanitizer | times as fast | processor | processor | failing rows |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {each.their_time:.2f} s | {each.our_time:.2f} s | {each.their_time / each.our_time:.1f}"
            f" | {each.their_work:.2f} s | {each.our_work:.2f} s | {each.failing:,} |"
            for name, each in raced.items()
        ),
    ]  # fmt: skip
    reached = raced["in memory"].their_time >= GOAL * raced["in memory"].our_time
    verdict = "reached" if reached else "not reached"
    return "\n".join(
        [*lines, "", f"Held against the goal, at least {GOAL} times as fast as Pandera on a frame: {verdict}."]
    )


def ways(
    connection: duckdb.DuckDBPyConnection, folder: Path, contract: str
) -> dict[str, tuple[Callable[[], Rows], Callable[[], Rows]]]:
    """What is timed: by input, Pandera and this project."""
    csv, parquet = folder / "orders.csv", folder / "orders.parquet"
    connection.table("orders").write_csv(str(csv))
    connection.table("orders").write_parquet(str(parquet))
    frame = pd.read_parquet(parquet)
    return {
        "CSV": (
            lambda: by_pandera(pd.read_csv(csv), contract),
            lambda: by_us(str(csv), "read_csv($1, all_varchar = true)", contract),
        ),
        "Parquet": (
            lambda: by_pandera(pd.read_parquet(parquet), contract),
            lambda: by_us(str(parquet), "read_parquet($1)", contract),
        ),
        "in memory": (lambda: by_pandera(frame, contract), lambda: failing(connection, contract)),
    }


def by_pandera(frame: pd.DataFrame, contract: str) -> Rows:
    """The rows that fail, by Pandera's word."""
    schema = deserialize_schema(Contract.loads(contract).table)  # type: ignore[no-untyped-call]
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return sorted({int(row) for error in errors.schema_errors for row in error.failure_cases["index"].dropna()})
    return []


def by_us(path: str, read: str, contract: str) -> Rows:
    """The rows that fail, by ours, from a file."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE orders AS FROM {read}", [path]).fetchall()
        return failing(connection, contract)


def failing(connection: duckdb.DuckDBPyConnection, contract: str) -> Rows:
    verdict = check_contract(connection, "orders", Contract.loads(contract))
    return [row for (row,) in connection.sql(f'SELECT row FROM "{verdict.failing_view}" ORDER BY row').fetchall()]


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock and of all processors together, and what came of it."""
    gc.collect()
    start, processor = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - start, time.process_time() - processor, result


if __name__ == "__main__":
    main()
