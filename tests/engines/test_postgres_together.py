"""Runs in Postgres beside other work: readers, other runs, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sanitizer_core import run
from sanitizer_core.recipe import Recipe


@pytest.fixture
def lake(postgres: str) -> Iterator[str]:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS lake CASCADE; CREATE SCHEMA lake")
        connection.execute(
            "CREATE TABLE lake.given AS SELECT g AS id, 'a' || g AS name FROM generate_series(1, 1000) g"
        )
        yield postgres
        connection.execute("DROP SCHEMA lake CASCADE")


def keep(condition: str) -> Recipe:
    step = {"op": "filter_rows", "params": {"keep": condition}}
    return Recipe.model_validate({"name": condition, "steps": [step]})


def ask(address: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_reader_keeps_the_rows_it_began_with(lake: str) -> None:
    run(f"{lake}&table=lake.given", keep("id <= 10"), f"{lake}&table=lake.clean")
    with psycopg.connect(lake) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        count = "SELECT count(*) FROM lake.clean"
        assert reader.execute(count).fetchone() == (10,)
        run(f"{lake}&table=lake.given", keep("id <= 20"), f"{lake}&table=lake.clean")
        assert reader.execute(count).fetchone() == (10,), "neither held up nor shown half of it"
        reader.rollback()
        assert reader.execute(count).fetchone() == (20,)


def test_two_runs_into_one_table_wait_for_each_other(lake: str) -> None:
    def clean(most: int) -> str:
        return run(f"{lake}&table=lake.given", keep(f"id <= {most}"), f"{lake}&table=lake.clean").record.run_id

    with ThreadPoolExecutor(4) as pool:
        runs = dict(zip(pool.map(clean, (100, 200, 300, 400)), (100, 200, 300, 400), strict=True))
    (last,) = ask(lake, "SELECT run_id FROM lake.clean__run")
    assert ask(lake, "SELECT count(*) FROM lake.clean") == [(runs[last[0]],)]
    assert ask(lake, "SELECT count(*) FROM lake.clean__removed") == [(1000 - runs[last[0]],)]


@pytest.mark.slow
def test_ctrl_c_cancels_the_statement_and_leaves_nothing(lake: str, tmp_path: Path) -> None:
    run(f"{lake}&table=lake.given", keep("id <= 10"), f"{lake}&table=lake.clean")
    keep("id <= 20").dump(tmp_path / "recipe.yaml")
    program = [sys.executable, "-c", "from sanitizer_core.cli import main; main()", "run", "recipe.yaml"]
    places = [f"{lake}&table=lake.given", "-o", f"{lake}&table=lake.clean"]
    waiting = "SELECT pid FROM pg_stat_activity WHERE application_name = 'sanitizer' AND wait_event_type = 'Lock'"
    with psycopg.connect(lake) as other:
        other.execute("LOCK TABLE lake.clean IN ROW EXCLUSIVE MODE")  # The run waits for it when it replaces the rows.
        with subprocess.Popen(
            [*program, *places], cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=os.environ
        ) as process:
            until = time.monotonic() + 60
            while not ask(lake, waiting) and time.monotonic() < until:
                time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "interrupted: nothing was left half-written\n")
    assert ask(lake, "SELECT count(*) FROM lake.clean") == [(10,)]
    until = time.monotonic() + 20
    while (left := ask(lake, waiting.partition(" AND wait")[0])) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == []
