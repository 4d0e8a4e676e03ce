"""Ctrl-C, and the signal by which containers are ended, in the middle of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.slow

RECIPE = (
    "name: r\nsteps:\n  - {op: clean_text, params: {columns: all text, case: title}}\n  - {op: remove_duplicates}\n"
)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_whoever_ends_a_run_finds_nothing_half_written(told: signal.Signals, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        rows = "SELECT range AS id, 'some  words ' || range AS a, 'and MORE  ' || range % 1000 AS b FROM range(1500000)"
        connection.execute(f"COPY ({rows}) TO '{tmp_path / 'in.csv'}'")
    (tmp_path / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "scratch").mkdir()
    (tmp_path / "out.parquet").write_text("what was there before", encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from sanitizer_core.cli import main; main()",
        "run",
        "recipe.yaml",
        "in.csv",
        "-o",
        "out.parquet",
    ]
    environment = os.environ | {"SANITIZER_SCRATCH": str(tmp_path / "scratch")}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 60
        while not any((tmp_path / "scratch").iterdir()) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.7)
        process.send_signal(told)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (128 + told, "interrupted: nothing was left half-written\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.parquet", "recipe.yaml", "scratch"]
    assert (tmp_path / "out.parquet").read_text(encoding="utf-8") == "what was there before"
    assert list((tmp_path / "scratch").iterdir()) == []
