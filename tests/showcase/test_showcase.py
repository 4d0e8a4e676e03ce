"""What ``make demo`` starts is found again, and stopped."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from showcase.__main__ import app
from showcase.processes import Processes, ShowcaseError, wait_for

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


def started(folder: Path, name: str) -> Processes:
    processes = Processes(folder / "logs", os.environ)
    processes.start(name, sys.executable, "-c", DEAF)
    wait_for(name, lambda: "deaf" in (folder / "logs" / f"{name}.log").read_text())
    return processes


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    processes = started(tmp_path, "deaf")
    pid = processes.running()["deaf"]
    processes.stop(patience=0.2)
    assert processes.running() == {}
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ShowcaseError, match=r"deaf ended by itself; why is in .*deaf\.log"):
        processes.need("deaf")


def test_what_runs_is_found_by_another_process_and_stopped_by_its_name(tmp_path: Path) -> None:
    pids = started(tmp_path, "one").running() | started(tmp_path, "two").running()
    again = Processes(tmp_path / "logs", {})
    assert again.running() == pids
    again.stop("one", patience=0.2)
    assert set(again.running()) == {"two"}
    again.stop(patience=0.2)


def test_a_process_id_that_another_program_has_now_is_not_stopped(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "running.json").write_text(json.dumps({"registry": [os.getppid(), 1.0]}), encoding="utf-8")
    told = CliRunner().invoke(app, ["down", str(tmp_path)])
    assert told.output == "Nothing was running.\n"
    os.kill(os.getppid(), 0)


def test_two_at_once_in_one_folder_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = CliRunner().invoke(app, ["up", str(tmp_path)])
    assert told.exit_code == 1
    assert "another one is running in" in told.output
