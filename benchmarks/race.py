"""The contestants run on one input, each as a whole process, in turn: A B C A B C."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.agreement import entries, entries_apart, is_in_order, rows_apart
from benchmarks.contestants import BY_KEY, LOGGED_REFERENCE, REFERENCE, ROOT, Contestant
from benchmarks.timing import ContestantError, Cost, cost_of


@dataclass(frozen=True)
class Result:
    """What a contestant took, run by run, and how its output compares.

    Args:
        apart: rows of its clean table that differ from the reference's; none where that was not compared.
        entries: of its log.
        entries_apart: entries that differ from the reference's log.
        in_order: whether its rows stand in the order of the input.
        failure: why it has no costs.
    """

    contestant: Contestant
    costs: tuple[Cost, ...] = ()
    apart: int | None = None
    entries: int | None = None
    entries_apart: int | None = None
    in_order: bool | None = None
    failure: str | None = None

    @property
    def seconds(self) -> float:
        return median(cost.seconds for cost in self.costs)

    @property
    def cpu(self) -> float:
        return median(cost.cpu for cost in self.costs)

    @property
    def peak(self) -> float:
        return max(cost.peak for cost in self.costs)


def race(
    source: Path,
    contestants: Sequence[Contestant],
    runs: int,
    folder: Path,
    environment: dict[str, str] | None = None,
    compare: bool = True,
) -> list[Result]:
    """Runs all in turn, ``runs`` times after a round that is not timed; says each cost as it goes."""
    environment = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")} | (environment or {})
    _warm(source, contestants, folder, environment)
    costs: dict[str, list[Cost]] = {each.key: [] for each in contestants}
    failures: dict[str, str] = {}
    for number in range(1, runs + 1):
        for each in contestants:
            if each.key in failures:
                continue
            (folder / each.key).mkdir(parents=True, exist_ok=True)
            try:
                cost = cost_of(each.command(source, folder / each.key), ROOT, environment)
            except ContestantError as error:
                failures[each.key] = str(error)
                print(f"  {number}/{runs} {each.key:<12} failed: {error}")
                continue
            costs[each.key].append(cost)
            print(f"  {number}/{runs} {each.key:<12} {cost.seconds:8.2f} s {cost.cpu:8.2f} s cpu {cost.peak:8.0f} MB")
    results = [Result(each, tuple(costs[each.key]), failure=failures.get(each.key)) for each in contestants]
    return [_compared(result, folder) for result in results] if compare else results


def _warm(source: Path, contestants: Sequence[Contestant], folder: Path, environment: dict[str, str]) -> None:
    """Brings the input into the file cache, and lets everyone's Python compile its modules on a few rows."""
    few = folder / "few.csv"
    with source.open("rb") as file:
        few.write_bytes(b"".join(file.readline() for _ in range(1000)))
        while file.read(1 << 24):
            pass
    for each in contestants:
        place = folder / "few" / each.key
        place.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(ContestantError):  # The first round tells of it.
            cost_of(each.command(few, place), ROOT, environment)


def _compared(result: Result, folder: Path) -> Result:
    contestant = result.contestant
    if result.failure is not None or not contestant.does_the_work:
        return result
    clean, reference = folder / contestant.key / "clean.parquet", folder / REFERENCE / "clean.parquet"
    log = folder / contestant.key / contestant.log if contestant.log else None
    logged = folder / LOGGED_REFERENCE / str(BY_KEY[LOGGED_REFERENCE].log)
    return replace(
        result,
        apart=rows_apart(reference, clean) if reference.exists() else None,
        entries=entries(log) if log else None,
        entries_apart=entries_apart(logged, log) if log and logged.exists() else None,
        in_order=is_in_order(clean),
    )
