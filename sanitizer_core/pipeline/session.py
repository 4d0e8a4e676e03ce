"""What a run knows once its table is clean: what the phases after it read."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.pipeline.clean import Cleaned
from sanitizer_core.pipeline.watch import Watch
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import DataType
from sanitizer_core.sources.opened import Opened

if TYPE_CHECKING:
    from sanitizer_core.contract import Contract, Verdict


@dataclass
class Clock:
    """Which run it is, when it began, and the seconds of each of its phases."""

    watch: Watch = field(default_factory=Watch)
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    parent: str | None = None
    started: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"))
    timings: dict[str, float] = field(default_factory=dict)
    _began: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return round(time.perf_counter() - self._began, 3)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Times a phase and tells who listens."""
        self.watch.begin(name)
        with self.timed(name):
            yield

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Times what goes on beside a phase."""
        began = time.perf_counter()
        yield
        self.timings[name] = round(self.timings.get(name, 0.0) + time.perf_counter() - began, 4)


@dataclass
class Session:
    """A run after its cleaning.

    Args:
        types: what the input's text columns were read as.
        verdict: what the contract makes of the clean table, once it was checked.
        score: scores before and after, once they were counted.
        cells: how many cells the log speaks of, by input column, where that was counted while it was made.
    """

    engine: Engine
    recipe: Recipe
    run_id: str
    clock: Clock
    opened: Opened
    cleaned: Cleaned
    types: Mapping[str, DataType]
    contract: Contract | None = None
    verdict: Verdict | None = None
    score: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)

    def count(self, relation: str) -> int:
        """The rows of a relation."""
        query = exp.select(exp.Count(this=exp.Star())).from_(exp.to_identifier(relation, quoted=True))
        return int(self.engine.fetch(query)[0][0])

    @property
    def duckdb(self) -> DuckDBEngine:
        """The engine of a run that reads and writes files."""
        assert isinstance(self.engine, DuckDBEngine)
        return self.engine

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of the input and of the steps."""
        verdict = self.verdict.notes if self.verdict is not None else ()
        return (*self.opened.notes, *self.cleaned.notes, *verdict)
