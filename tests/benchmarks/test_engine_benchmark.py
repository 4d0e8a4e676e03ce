"""What is timed inside PostgreSQL does the same work as the reference, and the results say so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.contestants import ROOT
from benchmarks.dirty.sql import DirtyTable
from benchmarks.engines.places import apart
from benchmarks.engines.results import Ran, Sized, compared, growth
from benchmarks.engines.run import on_postgres
from benchmarks.generate import write
from benchmarks.timing import Cost


@pytest.mark.slow
def test_by_hand_and_by_recipe_they_do_the_same_work(tmp_path: Path) -> None:
    source = tmp_path / "customers.csv"
    with duckdb.connect() as connection:
        write(connection, DirtyTable(3000).dirty(), source)
    script = [sys.executable, "-m", "benchmarks.peers.duckdb_script", str(source), str(tmp_path)]
    subprocess.run(script, cwd=ROOT, check=True)
    reference = tmp_path / "clean.parquet"
    ran = on_postgres(source, 1, reference)
    assert [each.apart for each in ran] == [0, 0, 0]
    assert all(each.cpu > 0 for each in ran)
    unlike = tmp_path / "unlike.parquet"
    duckdb.execute(f"COPY (SELECT * REPLACE (age + 1 AS age) FROM '{reference}') TO '{unlike}'")
    assert apart(reference, unlike) > 3000


def test_the_results_are_held_against_the_goals() -> None:
    hand, plain, logged = (Ran(title, [Cost(seconds, seconds, 1.0)], apart=0) for title, seconds in (
        ("SQL by hand, no log", 10.0), ("**Data Sanitizer, no log**", 11.9), ("**Data Sanitizer, full log**", 21.0),
    ))  # fmt: skip
    told = compared("postgres", 2000, 1, [hand, plain, logged])
    assert "no log, at most 1.2 times the SQL by hand: 1.19, reached" in told
    assert "full log, at most 2.0 times the SQL by hand: 2.10, not reached" in told
    assert "| 2,000 | 1 | 21.0 s | 21.0 s | 0 |" in growth([Sized(2000, 1, logged)])
