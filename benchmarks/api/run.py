"""Measure the registry, and write ``benchmarks/API.md``.

python -m benchmarks.api.run                              everything at its full size: about an hour on two cores
python -m benchmarks.api.run --only traffic,lineage       some of it
python -m benchmarks.api.run --small                      everything at a size that takes minutes; nothing is written
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks.api import others, traffic
from benchmarks.api.client import Tally
from benchmarks.api.registry import Registry, record_of_a_run, registry, small_dataset
from benchmarks.results import STARTED_WITH, surroundings, write_section

RESULTS = Path(__file__).parent.parent / "API.md"
HEAD = (
    "# The registry under load\n\nMeasured by `make bench-api`; see `benchmarks/api/`. One process serves, on the embedded"
    " PostgreSQL; the clients are another process on the same machine and take their share of its cores.\n"
)


def main() -> None:
    asked = _arguments()
    for name, part in PARTS.items():
        if asked.only and name not in asked.only:
            continue
        print(f"measuring {name}")
        with registry() as known:
            body = part(known, asked)
        print(f"\n{body}\n")
        if not asked.small:
            write_section(name, f"{body}\n\n{surroundings()}. {_shared()}".rstrip(), RESULTS, HEAD)


def _shared() -> str:
    """What to make of figures that were taken while others used the machine."""
    if STARTED_WITH < 0.5:
        return ""
    return (
        f"**Taken on a shared machine**: others wanted {STARTED_WITH:.1f} cores of the same two in the minute before, so the"
        " figures tell that nothing fails and nothing is lost, not how fast the registry is."
    )


def _traffic(known: Registry, asked: argparse.Namespace) -> str:
    found = traffic.measure(known, asked.clients, asked.seconds)
    lines = [
        f"## {asked.clients} clients, {asked.seconds:.0f} seconds",
        "",
        "Four reads (lists, a run, a recipe's version, scores) for each write (a run that is reported).",
        "",
        "| | calls/s | errors | reads p50 | p95 | p99 | writes p50 | p95 | p99 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        _row("as fast as it answers", found.full),
    ]
    if found.steady is None:
        return "\n".join([*lines, "", f"At no rate that was tried did p95 of reads stay under {traffic.BOUND:.0f} ms."])
    lines.append(_row(f"at {found.rate:.0f} calls/s, on time", found.steady))
    told = (
        f"The second line is the highest rate that was tried at which p95 of reads stays under {traffic.BOUND:.0f} ms"
    )
    lines += ["", f"{told} without an error; its times count from when a call was due."]
    return "\n".join(lines)


def _row(title: str, tally: Tally) -> str:
    times = [f"{tally.percentile(kind, part):.1f} ms" for kind in ("read", "write") for part in (0.5, 0.95, 0.99)]
    return f"| {title} | {tally.count / tally.elapsed:,.0f} | {tally.errors} | {' | '.join(times)} |"


def _jobs(known: Registry, asked: argparse.Namespace) -> str:
    small_dataset(known)
    found = others.drain(known, asked.jobs, asked.at_once)
    assert found.succeeded == found.runs == found.jobs, f"jobs were lost: {found}"
    return (
        f"## {found.jobs:,} jobs\n\nAsked for in {found.asked:.0f} s ({found.jobs / found.asked:,.0f}/s); drained by one"
        f" worker with {asked.at_once} at once in {found.drained:.0f} s ({found.jobs / found.drained:,.1f}/s), each a run of its"
        f" own with its folder of artifacts. {found.succeeded:,} succeeded, {found.runs:,} runs: none lost, none doubled."
    )


def _lineage(known: Registry, asked: argparse.Namespace) -> str:
    singly, batched = others.ingest(known, 50, asked.seconds, asked.batch)
    return "\n".join(
        [
            "## Events of lineage", "", "| | events/s | errors | p50 | p95 | p99 |", "|---|---:|---:|---:|---:|---:|",
            _events("one by one, 50 clients", singly, 1), _events(f"in batches of {asked.batch}, 4 clients", batched, asked.batch),
        ]
    )  # fmt: skip


def _events(title: str, tally: Tally, each: int) -> str:
    times = " | ".join(f"{tally.percentile('write', part):.1f} ms" for part in (0.5, 0.95, 0.99))
    return f"| {title} | {tally.count * each / tally.elapsed:,.0f} | {tally.errors} | {times} |"


def _changes(known: Registry, asked: argparse.Namespace) -> str:
    names = [f"column_{number}" for number in range(10)]
    (known.folder / "data" / "wide.csv").write_text(f"{','.join(names)}\n{','.join(' a' for _ in names)}\n", "utf-8")
    found = others.long_log(known, asked.entries, record_of_a_run(known, "wide.csv"))
    rows = [f"| {name} | {found.first[name]:.2f} s | {found.again[name]:.2f} s |" for name in found.first]
    head = f"## A page of a change log of {found.entries:,} entries ({found.megabytes:,.0f} MB)"
    return "\n".join([head, "", "| asked for by | first time | again |", "|---|---:|---:|", *rows])


PARTS: dict[str, Callable[[Registry, argparse.Namespace], str]] = {
    "traffic": _traffic, "jobs": _jobs, "lineage": _lineage, "changes": _changes,
}  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=lambda text: text.split(","), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--entries", type=int, default=100_000_000)
    asked = parser.parse_args()
    if asked.small:
        asked.seconds, asked.jobs, asked.entries = (
            min(asked.seconds, 5),
            min(asked.jobs, 50),
            min(asked.entries, 1_000_000),
        )
    return asked


if __name__ == "__main__":
    main()
