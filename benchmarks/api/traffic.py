"""Many clients at once, reading and reporting."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.api.client import Call, Tally, compact, drive
from benchmarks.api.registry import Registry, record_of_a_run, small_dataset

BOUND = 100.0
"""Milliseconds under which the 95th percentile of reads is to stay."""
PARTS = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1)
"""Of the rate at which the server is busy all the time, tried from above."""


@dataclass(frozen=True)
class Traffic:
    """What was measured.

    Args:
        full: every client sends the next call when it has the answer.
        steady: the highest rate without errors at which reads stay under the bound, for the whole time.
        rate: that rate, in calls a second; 0 when there was none.
    """

    full: Tally
    steady: Tally | None
    rate: float


def measure(known: Registry, clients: int, seconds: float) -> Traffic:
    """Four reads for each write, by so many clients."""
    calls = _calls(known)
    drive(known.port, known.token, calls, clients=clients, seconds=min(5.0, seconds))  # Warms up.
    full = drive(known.port, known.token, calls, clients=clients, seconds=seconds)
    for part in PARTS:
        rate = part * full.count / full.elapsed
        tried = drive(known.port, known.token, calls, clients=clients, seconds=min(15.0, seconds), rate=rate)
        if _holds(tried):
            steady = drive(known.port, known.token, calls, clients=clients, seconds=seconds, rate=rate)
            if _holds(steady):
                return Traffic(full, steady, rate)
    return Traffic(full, None, 0.0)


def _holds(tally: Tally) -> bool:
    return tally.errors == 0 and tally.percentile("read", 0.95) < BOUND


def _calls(known: Registry) -> list[Call]:
    small_dataset(known)
    record = compact(record_of_a_run(known) | {"run_id": "{uuid}"})
    first = compact(record_of_a_run(known))
    with known.http as client:
        run = (
            client.post("/runs", content=first, headers={"Content-Type": "application/json"}).raise_for_status().json()
        )
    return [
        Call("read", "GET", "/api/v1/runs?limit=20", share=3),
        Call("read", "GET", f"/api/v1/runs/{run['id']}", share=3),
        Call("read", "GET", "/api/v1/recipes/customers/versions/latest", share=3),
        Call("read", "GET", "/api/v1/scores?dataset=customers&limit=20", share=2),
        Call("read", "GET", "/api/v1/jobs?state=queued", share=1),
        Call("write", "POST", "/api/v1/runs", record, share=3),
    ]
