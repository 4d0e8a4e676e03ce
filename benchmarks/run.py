"""Time the engine against pandas, Polars, DuckDB by hand and a bare copy, and write ``benchmarks/RESULTS.md``.

python -m benchmarks.run                                  2 million rows, everyone, five times in turn
python -m benchmarks.run --rows 2_000_000,10_000_000      more sizes
python -m benchmarks.run --only copy,ours --runs 3        some only (nothing is written)
python -m benchmarks.run --scaling                        1 to 50 million rows, the engine and the bare copy
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.contestants import BY_KEY, CONTESTANTS, ROOT
from benchmarks.race import Result, race
from benchmarks.results import ratios, scaling, write_section

GROWTH = (1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000)


def main() -> None:
    asked = _arguments()
    if asked.scaling:
        _grow(asked)
        return
    for rows in asked.rows:
        source = dirty_table(rows, asked.data)
        keys = asked.only or tuple(BY_KEY)
        results = _race(source, keys, asked.runs, asked)
        body = ratios(results, rows, source.stat().st_size / 1e6, asked.runs)
        print(f"\n{body}\n")
        if not asked.only:
            write_section(f"{rows} rows", body)


def dirty_table(rows: int, folder: Path) -> Path:
    """The table of that many rows, made unless it lies there already."""
    place = folder / str(rows)
    source = place / "customers.csv"
    if not source.exists():
        print(f"making {rows:,} rows")
        making = place.with_name(f"{rows}.part")
        subprocess.run(
            [sys.executable, "-m", "benchmarks.generate", "--rows", str(rows), "--out", str(making)],
            cwd=ROOT,
            check=True,
        )
        making.rename(place)
    return source


def _race(source: Path, keys: tuple[str, ...], runs: int, asked: argparse.Namespace) -> list[Result]:
    contestants = [each for each in CONTESTANTS if each.key in keys]
    environment = {"SANITIZER_MEMORY_LIMIT": asked.memory_limit} if asked.memory_limit else None
    with tempfile.TemporaryDirectory(dir=asked.data) as folder:
        return race(source, contestants, runs, Path(folder), environment, compare=not asked.scaling)


def _grow(asked: argparse.Namespace) -> None:
    measured = []
    for rows in asked.rows if asked.rows_given else GROWTH:
        source = dirty_table(rows, asked.data)
        measured.append((rows, _race(source, asked.only or ("copy", "ours"), 1, asked)))
        if not asked.keep:
            shutil.rmtree(source.parent)
    body = scaling(measured, asked.memory_limit)
    print(f"\n{body}\n")
    write_section("growth", body)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rows", help="one number or several with commas between (2_000_000)")
    parser.add_argument("--runs", type=int, default=5, help="how many times each runs (5)")
    parser.add_argument("--only", default="", help=f"of {', '.join(BY_KEY)}, with commas between")
    parser.add_argument("--scaling", action="store_true", help="how time and memory grow, one run each")
    parser.add_argument("--memory-limit", help="given to the engine, such as 3GB")
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data", help="where tables are kept")
    parser.add_argument("--keep", action="store_true", help="keep the tables of --scaling")
    asked = parser.parse_args()
    asked.rows_given = asked.rows is not None
    asked.rows = [int(number) for number in (asked.rows or "2_000_000").split(",")]
    asked.only = tuple(asked.only.split(",")) if asked.only else ()
    if unknown := set(asked.only) - set(BY_KEY):
        parser.error(f"unknown contestant {min(unknown)!r}; allowed: {', '.join(BY_KEY)}")
    asked.data.mkdir(parents=True, exist_ok=True)
    return asked


if __name__ == "__main__":
    main()
