"""Measure what tasks and DAG files cost, and write ``benchmarks/AIRFLOW.md``.

python -m benchmarks.tasks.run                  everything: some minutes
python -m benchmarks.tasks.run --only parsing   a part of it
python -m benchmarks.tasks.run --print          nothing is written
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.results import sharing, surroundings, write_section
from benchmarks.tasks import parsing, scheduled, warm
from benchmarks.timing import cost_of
from showcase.processes import program

RESULTS = Path(__file__).parents[1] / "AIRFLOW.md"
HEAD = "# Tasks and DAG files\n\nMeasured by `make bench-airflow`; see `benchmarks/tasks/`. Times are medians.\n"
RECIPE = {
    "name": "overhead",
    "steps": [
        {"op": "clean_text", "params": {"columns": ["name"], "case": "title"}},
        {"op": "remove_duplicates", "params": {"columns": ["id"]}},
    ],
}
LONGEST_TASK, LONGEST_PARSING = 1.0, 0.3
"""Seconds that a task may take more than ``sanitizer run``, and a DAG file of ours more than one of Airflow's own."""
TIMES = 5


def main() -> None:
    asked = _arguments()
    for name, part in PARTS.items():
        if asked.only and name not in asked.only:
            continue
        # PostgreSQL, started by root, runs as another user, who has to come in.
        with tempfile.TemporaryDirectory(prefix="sanitizer-bench-", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o755)
            body = part(Path(folder), asked.rows)
        print(f"{body}\n")
        if not asked.print:
            about = f"Airflow {version('apache-airflow')}, {surroundings()}.{sharing()}"
            write_section(name, f"{body}\n\n{about}", RESULTS, HEAD)


def _tasks(folder: Path, rows: int) -> str:
    source, recipe = folder / "in.csv", folder / "recipe.json"
    duckdb.execute(f"COPY (SELECT range AS id, ' some  NAME ' || range AS name FROM range({rows})) TO '{source}'")
    recipe.write_text(json.dumps(RECIPE), encoding="utf-8")
    os.environ["AIRFLOW_HOME"] = str(folder / "airflow")  # Else it makes one in this user's home.
    tasks = scheduled.seconds(source, recipe, folder, TIMES)
    command = [program("sanitizer"), "run", str(recipe), str(source), "-o"]
    alone = median(cost_of([*command, f"alone-{number}.csv"], folder).seconds for number in range(TIMES + 1))
    library = warm.library(source, RECIPE, folder, TIMES)
    return told_of_tasks(rows, alone, tasks, (library, warm.operator(source, RECIPE, folder, TIMES)))


def told_of_tasks(rows: int, alone: float, tasks: Mapping[str, float], in_process: tuple[float, float]) -> str:
    """The section about tasks."""
    named = {
        "command": "`sanitizer run` in a `BashOperator`",
        "operator": "`SanitizeOperator`",
        "reported": "`SanitizeOperator`, reported to a registry",
    }
    table = [
        f"| {title} | {tasks[name]:.2f} s | {tasks[name] - tasks['nothing']:+.2f} s | {tasks[name] - alone:+.2f} s | {tasks[name] / alone:.2f} |"
        for name, title in named.items()
    ]
    library, operator = in_process
    about = (
        f"`sanitizer run` by itself takes {alone:.2f} s from the start of its process to its end. Each task was run {TIMES}"
        " times by a real scheduler with LocalExecutor, in a process of its own, and took, by Airflow's own clock:"
    )
    warmed = (
        f"In one process that is warm, a run by the library takes {library:.3f} s, and by the operator, with its lineage,"
        f" {operator:.3f} s ({operator / library:.2f})."
    )
    goal = f"a task takes less than {LONGEST_TASK:g} s more than `sanitizer run` on the same input"
    head = [
        "| | task | beyond a task that does nothing | beyond `sanitizer run` | `sanitizer run` = 1 |",
        "|---|---:|---:|---:|---:|",
        f"| a task that does nothing (`true`) | {tasks['nothing']:.2f} s | | | |",
    ]
    opening = [f"## A task that cleans {rows:,} rows", "", about, ""]
    verdict = ["", warmed, "", "Held against the goal:", "", _goal(goal, tasks["operator"] - alone, LONGEST_TASK)]
    return "\n".join([*opening, *head, *table, *verdict])


def _parsing(folder: Path, rows: int) -> str:
    return told_of_parsing(*parsing.seconds(folder, TIMES))


def told_of_parsing(airflows: float, first: float, again: float) -> str:
    """The section about DAG files."""
    return "\n".join(
        [
            "## A DAG file",
            "",
            f"Seven tasks, parsed by Airflow in a process that has parsed another file before; {TIMES} processes.",
            "",
            "| | time | beyond Airflow's own operators |",
            "|---|---:|---:|",
            f"| Airflow's own operators | {airflows:.3f} s | |",
            f"| each of ours, the first file of a process with them | {first:.3f} s | {first - airflows:+.3f} s |",
            f"| each of ours, every further file | {again:.3f} s | {again - airflows:+.3f} s |",
            "",
            "Held against the goal:",
            "",
            _goal(f"a file takes less than {LONGEST_PARSING:g} s beyond Airflow itself", first - airflows, LONGEST_PARSING),
        ]
    )  # fmt: skip


def _goal(words: str, got: float, most: float) -> str:
    return f"- {words}: {got:.2f} s, {'reached' if got < most else 'not reached'}"


PARTS: dict[str, Callable[[Path, int], str]] = {"tasks": _tasks, "parsing": _parsing}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(PARTS), action="append")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--print", action="store_true", help="write no file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
