"""What a task adds to a run: ``SanitizeOperator`` against the library, on the same input, each in a process that is warm.

``python -m benchmarks.airflow_overhead [ROWS]`` prints seconds; the target is less than one second a task.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

RECIPE = {
    "name": "overhead",
    "steps": [
        {"op": "clean_text", "params": {"columns": ["name"], "case": "title"}},
        {"op": "remove_duplicates", "params": {"columns": ["id"]}},
    ],
}
TIMES = 7
TARGET = 1.0


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "in.csv"
        duckdb.execute(f"COPY (SELECT range AS id, ' some  NAME ' || range AS name FROM range({rows})) TO '{source}'")
        plain, task = (
            _timed(lambda number: _run(source, folder / f"plain{number}.parquet")),
            _timed(_executed(source, folder)),
        )
    print(f"{rows:,} rows: library {plain:.3f} s, SanitizeOperator {task:.3f} s, overhead {task - plain:.3f} s a task")
    if task - plain >= TARGET:
        sys.exit(f"the overhead is not under {TARGET} s")


def _run(source: Path, target: Path) -> None:
    from sanitizer_core import Recipe, run

    run(source, Recipe.model_validate(RECIPE), target)


def _executed(source: Path, folder: Path) -> Callable[[int], None]:
    """The operator's own work; what Airflow needs to start any task is its own, and the same for every operator."""
    from airflow.sdk import DAG

    from sanitizer_airflow import SanitizeOperator

    with DAG("overhead", schedule=None):
        tasks = [
            SanitizeOperator(
                task_id=f"t{number}", source=str(source), target=str(folder / f"task{number}.parquet"), recipe=RECIPE
            )
            for number in range(TIMES + 1)
        ]

    def execute(number: int) -> None:
        task = tasks[number]
        type(task).execute.__wrapped__(task, {"outlet_events": {}})  # type: ignore[attr-defined]
        task.get_openlineage_facets_on_complete(None)

    return execute


def _timed(work: Callable[[int], None]) -> float:
    """The median of several times, in seconds; the first warms up and does not count."""
    seconds = []
    for number in range(TIMES + 1):
        began = time.perf_counter()
        work(number)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
