"""Jobs that drain, events of lineage that come in, and a page of a long log."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.api.client import Call, Tally, compact, drive
from benchmarks.api.registry import Registry
from sanitizer_core.record import RunRecord

FINAL = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Drain:
    """How long jobs took to be asked for and to be carried out."""

    jobs: int
    asked: float
    drained: float
    succeeded: int
    runs: int


def drain(known: Registry, jobs: int, at_once: int) -> Drain:
    """So many jobs are asked for, and then carried out by one worker."""
    call = Call("write", "POST", "/api/v1/jobs", compact({"dataset": "customers", "recipe": "customers"}))
    asked = drive(known.port, known.token, [call], clients=20, total=jobs)
    assert asked.errors == 0, f"{asked.errors} jobs could not be asked for"
    before, began = _count(known, "/runs", {"dataset": "customers"}), time.perf_counter()
    with known.worker(at_once):
        while _count(known, "/jobs", {"state": ["queued", "running"]}, most=1):
            time.sleep(1)
    took = time.perf_counter() - began
    runs = _count(known, "/runs", {"dataset": "customers"}) - before
    return Drain(jobs, asked.elapsed, took, _count(known, "/jobs", {"state": "succeeded"}), runs)


def _count(known: Registry, path: str, wanted: dict[str, Any], most: int = 0) -> int:
    found, cursor = 0, None
    with known.http as client:
        while True:
            limit = {"limit": most or 200} | ({"cursor": cursor} if cursor else {})
            page = client.get(path, params=wanted | limit).raise_for_status().json()
            found, cursor = found + len(page["items"]), page["next"]
            if cursor is None or most:
                return found


def ingest(known: Registry, clients: int, seconds: float, batch: int) -> tuple[Tally, Tally]:
    """Events of lineage, one by one and in batches; each of a run of its own, between two of a hundred datasets."""
    one = [Call("write", "POST", "/api/v1/lineage", compact(_event(number))) for number in range(100)]
    many = Call("write", "POST", "/api/v1/lineage/batch", compact([_event(number) for number in range(batch)]))
    singly = drive(known.port, known.token, one, clients=clients, seconds=seconds)
    return singly, drive(known.port, known.token, [many], clients=4, seconds=seconds)


def _event(number: int) -> dict[str, Any]:
    base = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs"
    dataset = {"namespace": "postgres://lake", "facets": {}}
    return {
        "eventType": "COMPLETE", "eventTime": "2026-01-01T00:00:00Z", "producer": "https://example.com/bench",
        "schemaURL": f"{base}/RunEvent", "run": {"runId": "{uuid}"},
        "job": {"namespace": "bench", "name": f"job_{number % 100}"},
        "inputs": [dataset | {"name": f"raw.table_{number % 100}"}],
        "outputs": [dataset | {"name": f"clean.table_{number % 100}"}],
    }  # fmt: skip


@dataclass(frozen=True)
class LongLog:
    """A page of a long change log: the seconds of the first time and of those after it."""

    entries: int
    megabytes: float
    first: dict[str, float]
    again: dict[str, float]


def long_log(known: Registry, entries: int, record: dict[str, Any]) -> LongLog:
    """Pages of a log of so many entries, asked for by column, by row, by value and by step."""
    run_id = str(uuid.uuid4())
    folder = known.folder / "data" / "long"
    folder.mkdir()
    size = _write_log(folder / "changes.parquet", entries, run_id)
    told = record | {
        "run_id": run_id,
        "artifacts": {"run": f"{folder}/run.json", "changes": f"{folder}/changes.parquet"},
    }
    made = RunRecord.model_validate(told)
    (folder / "run.json").write_text(made.model_dump_json(by_alias=True), "utf-8")
    asked: dict[str, dict[str, Any]] = {
        "column": {"column": "column_7"}, "row": {"row": entries // 20}, "value": {"old": f" old {entries // 30}"},
        "op": {"op": "clean_text"}, "column, page 2": {"column": "column_3"},
    }  # fmt: skip
    with known.http as client:
        client.post("/runs", json=told).raise_for_status()
        first = {name: _asked(client, run_id, wanted, name) for name, wanted in asked.items()}
        again = {name: _asked(client, run_id, wanted, name) for name, wanted in asked.items()}
    return LongLog(entries, size, first, again)


def _asked(client: Any, run_id: str, wanted: dict[str, Any], name: str) -> float:
    if name.endswith("page 2"):
        wanted = wanted | {"cursor": client.get(f"/runs/{run_id}/changes", params=wanted).json()["next"]}
    began = time.perf_counter()
    while True:  # A page looks only so far, and says where the next goes on.
        page = client.get(f"/runs/{run_id}/changes", params=wanted).raise_for_status().json()
        if page["items"]:
            return time.perf_counter() - began
        assert page["next"], f"no entries by {name}"
        wanted = wanted | {"cursor": page["next"]}


def _write_log(path: Path, entries: int, run_id: str) -> float:
    """As a run writes it: column by column, and by row within. Ten columns; gives its megabytes."""
    rows = max(1, entries // 10)
    query = f"""
        SELECT '{run_id}' AS run, 1 AS step, NULL::VARCHAR AS step_id, 'clean_text' AS op, i % {rows} AS row,
               'column_' || i // {rows} AS "column", ' old ' || i % {rows} AS old, 'old ' || i % {rows} AS new,
               'white space taken off the ends' AS reason, 1.0::DOUBLE AS confidence
        FROM range({rows * 10}) AS numbers(i)
    """
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return path.stat().st_size / 1e6
