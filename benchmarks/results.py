"""``RESULTS.md``: sections that are each replaced by the program that measured them."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.race import Result

RESULTS = Path(__file__).parent / "RESULTS.md"
_HEAD = "# Results\n\nMeasured by `make bench`; see `benchmarks/run.py`. Ratios are of the same run on the same input; times are medians.\n"


def write_section(name: str, body: str, path: Path = RESULTS, head: str = _HEAD) -> None:
    """Puts a section in its place, or behind all others when it is new."""
    text = path.read_text() if path.exists() else head
    section = f"<!-- {name} -->\n{body.strip()}\n<!-- end of {name} -->\n"
    place = re.compile(rf"<!-- {re.escape(name)} -->\n.*?<!-- end of {re.escape(name)} -->\n", re.DOTALL)
    path.write_text(place.sub(lambda _: section, text) if place.search(text) else f"{text}\n{section}")


def surroundings() -> str:
    """The machine and the versions, as one sentence without anything that names the machine."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars", "pandas", "pyarrow"))
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {packages}"


STARTED_WITH = os.getloadavg()[0]
"""How many processes wanted to run in the minute before."""


def sharing() -> str:
    """What to make of the times where others used the machine too; empty where nobody did."""
    if STARTED_WITH < 0.5:
        return ""
    return (
        f" Others used the machine at the same time (a load of {STARTED_WITH:.1f} before the first run), so the wall"
        " times are longer than they need be, and the processor times tell more."
    )


def ratios(results: Sequence[Result], rows: int, megabytes: float, runs: int) -> str:
    """The table of who took how long, held against the bare copy and the Polars script."""
    ran = {result.contestant.key: result for result in results if result.costs}
    lines = [
        f"## {rows:,} rows",
        "",
        f"10 columns, {megabytes:,.0f} MB of CSV; {runs} runs in turn; {surroundings()}.{sharing()}",
        "",
        "| | median | fastest | bare copy = 1 | Polars = 1 | processor | bare copy = 1 | Polars = 1 | peak memory |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for result in results:
        if not result.costs:
            lines.append(f"| {result.contestant.title} | failed | | | | | | | |")
            continue
        fastest = min(cost.seconds for cost in result.costs)
        against = [f"{result.seconds / ran[key].seconds:.2f}" if key in ran else "" for key in ("copy", "polars")]
        busy = [f"{result.cpu / ran[key].cpu:.2f}" if key in ran else "" for key in ("copy", "polars")]
        lines.append(
            f"| {result.contestant.title} | {result.seconds:.2f} s | {fastest:.2f} s | {against[0]} | {against[1]} "
            f"| {result.cpu:.2f} s | {busy[0]} | {busy[1]} | {result.peak:,.0f} MB |"
        )
    return "\n".join([*lines, "", *_goals(ran), "", *_agreement(results)])


def _goals(ran: dict[str, Result]) -> list[str]:
    goals = (
        ("ours", "copy", 1.6, "with the full log, at most 1.6 times the bare copy"),
        ("ours", "polars", 1.3, "with the full log, at most 1.3 times the Polars script without one"),
        ("ours", "pandas", 0.25, "at least 4 times as fast as pandas (at most 0.25 of its time)"),
    )
    told = []
    for key, other, most, words in goals:
        if key in ran and other in ran:
            got = ran[key].seconds / ran[other].seconds
            told.append(f"- {words}: {got:.2f}, {'reached' if got <= most else 'not reached'}")
    return ["Held against the goals:", "", *told] if told else []


def _agreement(results: Sequence[Result]) -> list[str]:
    told = ["That they did the same work, compared with DuckDB by hand:", ""]
    for result in results:
        parts = [f"{result.apart:,} rows differ"] if result.apart is not None else []
        parts += [f"{result.entries:,} entries in the log"] if result.entries is not None else []
        parts += [f"{result.entries_apart:,} of them differ"] if result.entries_apart is not None else []
        parts += ["the order of the rows is lost"] if result.in_order is False else []
        if parts:
            told.append(f"- {result.contestant.title}: {', '.join(parts)}")
    return told


def scaling(measured: Sequence[tuple[int, Sequence[Result]]], memory_limit: str | None) -> str:
    """How time and memory grow with the rows."""
    limit = f" Data Sanitizer ran with `--memory-limit {memory_limit}`." if memory_limit else ""
    lines = [
        "## Growth",
        "",
        f"One run for each size; {surroundings()}.{limit}{sharing()}",
        "",
        "| rows | | time | processor | processor per million rows | peak memory |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for rows, results in measured:
        for result in results:
            if not result.costs:
                lines.append(f"| {rows:,} | {result.contestant.title} | failed | | | |")
                continue
            each = result.cpu / rows * 1e6
            lines.append(
                f"| {rows:,} | {result.contestant.title} | {result.seconds:.1f} s | {result.cpu:.1f} s "
                f"| {each:.2f} s | {result.peak:,.0f} MB |"
            )
    return "\n".join(lines)
