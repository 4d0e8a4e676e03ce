"""The operator's own work against the library's, both in this process and warm: what is left is what the operator adds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sanitizer_core import Recipe, run


def library(source: Path, recipe: dict[str, Any], folder: Path, times: int) -> float:
    """Seconds of a run by the library (median)."""
    loaded = Recipe.model_validate(recipe)
    return _timed(lambda number: run(source, loaded, folder / f"library-{number}.csv"), times)


def operator(source: Path, recipe: dict[str, Any], folder: Path, times: int) -> float:
    """Seconds of ``execute`` and of the lineage that Airflow asks for after it (median)."""
    from airflow.sdk import DAG

    from sanitizer_airflow import SanitizeOperator

    with DAG("overhead", schedule=None):
        tasks = [
            SanitizeOperator(
                task_id=f"t{number}", source=str(source), target=str(folder / f"operator-{number}.csv"), recipe=recipe
            )
            for number in range(times + 1)
        ]

    def execute(number: int) -> None:
        # Unwrapped: Airflow refuses an execute that no task runner called.
        SanitizeOperator.execute.__wrapped__(tasks[number], {"outlet_events": {}})  # type: ignore[attr-defined]
        tasks[number].get_openlineage_facets_on_complete(None)

    return _timed(execute, times)


def _timed(work: Callable[[int], object], times: int) -> float:
    """The median of several times; the first warms up and does not count."""
    seconds = []
    for number in range(times + 1):
        began = time.perf_counter()
        work(number)
        seconds.append(time.perf_counter() - began)
    return median(seconds[1:])
