"""Reading both sides, with bounded memory and time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyio import to_thread

from sanitizer_api.datasets import repository as datasets
from sanitizer_api.datasets.places import place_of
from sanitizer_api.db.scope import Scope
from sanitizer_api.problems import NotFoundError
from sanitizer_api.runs import repository as runs
from sanitizer_api.runs.files import FilesOf, in_time
from sanitizer_api.state import State
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.pipeline.comparing import compare_in
from sanitizer_core.sources.options import Format, ReadOptions


@dataclass(frozen=True)
class Side:
    """A table that is compared.

    Args:
        address: for the core.
        format: what it is, where that is known.
    """

    address: str
    format: Format | None = None

    @property
    def reading(self) -> ReadOptions:
        """How it is read."""
        return ReadOptions(format=self.format)


async def side_of(state: State, organisation: uuid.UUID, kind: str, key: uuid.UUID) -> Side:
    """The clean table of a run, or a dataset.

    Raises:
        NotFoundError: there is none.
        OutOfReachError: the run's files cannot be read from here.
    """
    async with state.database.session(Scope(organisation)) as session:
        run = await runs.run(session, key) if kind == "run" else None
        dataset = await datasets.dataset(session, key) if kind == "dataset" else None
    if run is not None:
        files = await FilesOf.run(state, run)
        return Side(files.files.place("clean.parquet"), "parquet")
    if dataset is None:
        raise NotFoundError(f"there is no such {kind}")
    place = await to_thread.run_sync(place_of, dataset, state.store, state.settings)
    return Side(place.address, place.format)


async def compared(state: State, a: Side, b: Side, pairs: Mapping[str, str]) -> dict[str, Any]:
    """The comparison as plain JSON data."""
    return await to_thread.run_sync(_compared, state, a, b, pairs, limiter=state.askers)


def _compared(state: State, a: Side, b: Side, pairs: Mapping[str, str]) -> dict[str, Any]:
    settings = state.settings
    with (
        DuckDBEngine.open(memory_limit=settings.ask_memory, threads=1) as engine,
        in_time(engine, settings.ask_seconds),
    ):
        return compare_in(engine, (a.address, a.reading), (b.address, b.reading), pairs).to_json()
