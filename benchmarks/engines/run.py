"""Time a recipe inside PostgreSQL and on Spark against SQL by hand, and write ``benchmarks/ENGINES.md``.

python -m benchmarks.engines.run                       2 million rows, both engines, three times in turn
python -m benchmarks.engines.run --rows 200_000        fewer
python -m benchmarks.engines.run --engine postgres     one engine only
python -m benchmarks.engines.run --growth              Spark: time against rows and cores instead
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.contestants import RECIPE, ROOT
from benchmarks.engines.costs import Measured, in_server, with_descendants
from benchmarks.engines.places import apart, for_spark, from_postgres, into_postgres, postgres
from benchmarks.engines.results import Ran, Sized, compared, growth, write
from benchmarks.run import dirty_table

SANITIZER = str(Path(sys.executable).with_name("sanitizer"))
BY_HAND = (sys.executable, "-m", "benchmarks.engines.by_hand")


@dataclass(frozen=True)
class Runner:
    """One who does the work.

    Args:
        prepare: what is done before each run, and not timed.
        clean: leaves its output as Parquet at a place.
    """

    title: str
    command: Sequence[str]
    prepare: Callable[[], None]
    clean: Callable[[Path], Path]


def on_postgres(source: Path, runs: int, reference: Path) -> list[Ran]:
    """The work by hand and by recipe, in one server."""
    with postgres() as address, psycopg.connect(address, autocommit=True) as connection:
        into_postgres(connection, source)

        def runner(title: str, table: str, *command: str) -> Runner:
            def prepare() -> None:
                for name in ("", "__changes", "__removed", "__rejected", "__dropped", "__clean", "__sealed", "__run"):
                    connection.execute(f"DROP TABLE IF EXISTS clean.{table}{name}".encode())
                connection.execute("CHECKPOINT")

            def clean(path: Path) -> Path:
                from_postgres(connection, f"clean.{table}", path)
                return path

            return Runner(title, command, prepare, clean)

        def ours(title: str, audit: str) -> Runner:
            target = f"{address}&table=clean.{audit}"
            told = (str(RECIPE), f"{address}&table=raw.customers", "-o", target, "--audit", audit, "--json")
            return runner(title, audit, SANITIZER, "run", *told)

        runners = [
            runner("SQL by hand, no log", "by_hand", *BY_HAND, "postgres", address),
            ours("**Data Sanitizer, no log**", "none"),
            ours("**Data Sanitizer, full log**", "cells"),
        ]
        with in_server(connection) as measured:
            return _race(runners, measured, runs, reference)


def on_spark(source: Path, runs: int, reference: Path, cores: int, *, by_hand: bool = True) -> list[Ran]:
    """The work by hand and by recipe, each with a Spark of its own."""
    with tempfile.TemporaryDirectory(prefix="sanitizer-bench-") as folder:
        raw, place = Path(folder) / "raw.parquet", Path(folder)
        for_spark(source, raw)
        master = f"local[{cores}]"

        def ours(title: str, audit: str) -> Runner:
            output = place / audit / "clean.parquet"
            told = (str(RECIPE), str(raw), "-o", str(output), "--audit", audit, "--master", master, "--json")
            return Runner(title, (SANITIZER, "run", *told), lambda: None, lambda _: output)

        hand = place / "by_hand"
        runners = [
            Runner("SQL by hand, no log", (*BY_HAND, "spark", master, str(raw), str(hand)), lambda: None, lambda _: hand),
            ours("**Data Sanitizer, no log**", "none"),
        ] if by_hand else []  # fmt: skip
        runners.append(ours("**Data Sanitizer, full log**", "cells"))
        with with_descendants() as measured:
            return _race(runners, measured, runs, reference)


def _race(runners: Sequence[Runner], measured: Measured, runs: int, reference: Path) -> list[Ran]:
    """Runs all in turn, A B C A B C; then compares what they left."""
    ran = [Ran(each.title) for each in runners]
    for number in range(1, runs + 1):
        for runner, result in zip(runners, ran, strict=True):
            runner.prepare()
            cost = measured(runner.command)
            result.costs.append(cost)
            print(f"  {number}/{runs} {runner.title:<32} {cost.seconds:8.2f} s {cost.cpu:8.2f} s cpu", flush=True)
    for runner, result in zip(runners, ran, strict=True):
        result.apart = apart(reference, runner.clean(reference.with_name("compared.parquet")))
    return ran


def _reference(source: Path, folder: Path) -> Path:
    """The clean table by DuckDB by hand, which all others are compared with."""
    command = [sys.executable, "-m", "benchmarks.peers.duckdb_script", str(source), str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder / "clean.parquet"


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="sanitizer-bench-") as scratch:
        if asked.growth:
            _grow(asked, Path(scratch))
            return
        source = dirty_table(asked.rows, asked.data)
        reference = _reference(source, Path(scratch))
        for engine in asked.engine:
            print(f"{engine}, {asked.rows:,} rows")
            ran = on_postgres(source, asked.runs, reference) if engine == "postgres" else on_spark(
                source, asked.runs, reference, cores=2
            )  # fmt: skip
            write(engine, compared(engine, asked.rows, asked.runs, ran), asked.rows)


def _grow(asked: argparse.Namespace, scratch: Path) -> None:
    found = []
    for rows in (asked.rows // 8, asked.rows // 4, asked.rows // 2, asked.rows):
        source = dirty_table(rows, asked.data)
        reference = _reference(source, scratch)
        for cores in (1, 2):
            print(f"spark, {rows:,} rows, {cores} cores")
            (ran,) = on_spark(source, 1, reference, cores, by_hand=False)
            found.append(Sized(rows, cores, ran))
    write("spark growth", growth(found), asked.rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rows", default="2_000_000", help="2_000_000")
    parser.add_argument("--runs", type=int, default=3, help="how many times each runs (3)")
    parser.add_argument("--engine", choices=("postgres", "spark"), action="append", help="both when left out")
    parser.add_argument(
        "--growth", action="store_true", help="Spark on an eighth of the rows up to all, on 1 and 2 cores"
    )
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / "data", help="where tables are kept")
    asked = parser.parse_args()
    asked.rows, asked.engine = int(asked.rows), asked.engine or ["postgres", "spark"]
    asked.data.mkdir(parents=True, exist_ok=True)
    return asked


if __name__ == "__main__":
    main()
