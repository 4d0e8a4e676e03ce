"""What a run knows while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sanitizer_core.contract import Contract
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.fit import FittedRecipe
from sanitizer_core.recipe import Recipe
from sanitizer_core.run.clean import Cleaned
from sanitizer_core.schema import DataType
from sanitizer_core.sources.opened import Opened

OnPhase = Callable[[str], None]
"""Told the name of each phase as it begins."""


def quiet(phase: str) -> None:
    """Tells nobody."""


@dataclass
class Session:
    """The state of a run between its phases; each phase fills in its own part."""

    engine: DuckDBEngine
    recipe: Recipe
    run_id: str
    contract: Contract | None = None
    fitted: FittedRecipe | None = None
    on_phase: OnPhase = quiet
    opened: Opened | None = None
    cleaned: Cleaned | None = None
    types: dict[str, DataType] = field(default_factory=dict)
    verdict: Any = None
    score: dict[str, Any] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Times a phase and tells who listens."""
        self.on_phase(name)
        began = time.perf_counter()
        yield
        self.timings[name] = round(self.timings.get(name, 0.0) + time.perf_counter() - began, 4)
