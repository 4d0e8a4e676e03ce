"""Who runs: each is a command that reads a CSV file and leaves ``clean.parquet`` in a folder of its own."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECIPE = Path(__file__).parent / "recipe.json"


@dataclass(frozen=True)
class Contestant:
    """One who runs.

    Args:
        key: how the command line calls it.
        title: how the results call it.
        arguments: the command, with its places yet to be filled in.
        log: the file of its change log, in its folder; none when it keeps none.
        does_the_work: false for the bare copy, which cleans nothing.
    """

    key: str
    title: str
    arguments: tuple[str, ...]
    log: str | None = None
    does_the_work: bool = True

    def command(self, source: Path, folder: Path) -> list[str]:
        """The process to start."""
        known = {"python": sys.executable, "sanitizer": Path(sys.executable).with_name("sanitizer"), "recipe": RECIPE}
        return [each.format(source=source, folder=folder, **known) for each in self.arguments]


def _peer(name: str) -> tuple[str, ...]:
    return ("{python}", "-m", f"benchmarks.peers.{name}", "{source}", "{folder}")


def _ours(audit: str) -> tuple[str, ...]:
    run = ("run", "{recipe}", "{source}", "-o", "{folder}/clean.parquet", "--artifacts", "{folder}/run", "--json")
    return ("{sanitizer}", *run, "--audit", audit)


CONTESTANTS = (
    Contestant("copy", "bare copy by DuckDB (reads, writes, cleans nothing)", _peer("bare_copy"), does_the_work=False),
    Contestant("ours", "**Data Sanitizer, full log**", _ours("cells"), log="run/changes.parquet"),
    Contestant("ours-none", "**Data Sanitizer, no log**", _ours("none")),
    Contestant("polars", "Polars by hand, no log", _peer("polars_script")),
    Contestant("polars-log", "Polars by hand, full log", _peer("polars_logged"), log="changes.parquet"),
    Contestant("duckdb", "DuckDB SQL by hand, no log", _peer("duckdb_script")),
    Contestant("duckdb-log", "DuckDB SQL by hand, full log", _peer("duckdb_logged"), log="changes.parquet"),
    Contestant("pandas", "pandas by hand, no log", _peer("pandas_script")),
)
BY_KEY = {contestant.key: contestant for contestant in CONTESTANTS}
REFERENCE, LOGGED_REFERENCE = "duckdb", "duckdb-log"
"""Whose cells and whose entries the others are compared with."""
