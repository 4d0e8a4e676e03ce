"""``ENGINES.md``: what the runs took, held against the goals, and whether they did the same work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.results import sharing, surroundings, write_section
from benchmarks.timing import Cost

ENGINES = Path(__file__).parents[1] / "ENGINES.md"
HEAD = (
    "# A recipe inside PostgreSQL and on Spark\n\nMeasured by `make bench-engines`; see `benchmarks/engines/run.py`."
    " What is timed are whole processes, from the start of Python (and of Spark) to the table that is written. By hand stands"
    " for the SQL in `benchmarks/engines/by_hand_*.sql`, which keeps no log, no removed rows, no scores and nothing to undo the"
    " run with.\n"
)
GOALS = {"no log": 1.2, "full log": 2.0}
"""How many times the time of the SQL by hand a run may take."""


@dataclass
class Ran:
    """What one took, run by run.

    Args:
        apart: rows that differ from the reference.
    """

    title: str
    costs: list[Cost] = field(default_factory=list)
    apart: int | None = None

    @property
    def seconds(self) -> float:
        return median(cost.seconds for cost in self.costs)

    @property
    def cpu(self) -> float:
        return median(cost.cpu for cost in self.costs)


@dataclass(frozen=True)
class Sized:
    """A run on so many rows and cores."""

    rows: int
    cores: int
    ran: Ran


def compared(engine: str, rows: int, runs: int, ran: Sequence[Ran]) -> str:
    """The table of who took how long, held against the first."""
    first = ran[0]
    title = {"postgres": "PostgreSQL", "spark": "Spark, two cores"}[engine]
    lines = [
        f"## {title}, {rows:,} rows",
        "",
        f"10 columns; {runs} runs in turn, medians; {surroundings()}.{sharing()}",
        "",
        "| | time | by hand = 1 | processor | by hand = 1 | rows that differ |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {each.title} | {each.seconds:.1f} s | {each.seconds / first.seconds:.2f} | {each.cpu:.1f} s"
        f" | {each.cpu / first.cpu:.2f} | {each.apart} |"
        for each in ran
    ]
    return "\n".join([*lines, "", "Held against the goals:", "", *_goals(first, ran[1:])])


def _goals(first: Ran, ran: Sequence[Ran]) -> list[str]:
    told = []
    for each in ran:
        words = next(words for words in GOALS if words in each.title)
        got, most = each.seconds / first.seconds, GOALS[words]
        verdict = "reached" if got <= most else "not reached"
        told.append(f"- {words}, at most {most} times the SQL by hand: {got:.2f}, {verdict}")
    return told


def growth(found: Sequence[Sized]) -> str:
    """Time against rows and cores."""
    lines = [
        "## Spark: time against rows and cores",
        "",
        f"With the full log, one run each; {surroundings()}.{sharing()}",
        "",
        "| rows | cores | time | processor | rows that differ |",
        "|---:|---:|---:|---:|---:|",
    ]
    for each in found:
        ran = each.ran
        lines.append(f"| {each.rows:,} | {each.cores} | {ran.seconds:.1f} s | {ran.cpu:.1f} s | {ran.apart} |")
    return "\n".join(lines)


def write(name: str, body: str, rows: int) -> None:
    """Puts a section in its place."""
    print(f"\n{body}\n")
    write_section(f"{name} {rows}", body, ENGINES, HEAD)
