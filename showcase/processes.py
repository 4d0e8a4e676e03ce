"""Processes that are started for the showcase, remembered in a file, and stopped by their ids."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

PATIENCE = 180.0
"""Seconds until something that was started has to answer."""
SAME = 5.0
"""Seconds by which two looks may differ on when a process began: the machine's clock may have been set."""


class ShowcaseError(Exception):
    """Something that was started did not do what it should; the message says where to look."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def program(name: str) -> str:
    """A program that is installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


def wait_for(what: str, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Waits for a condition.

    Raises:
        ShowcaseError: it did not come true in time.
    """
    until = time.monotonic() + patience
    while not condition():
        if time.monotonic() > until:
            raise ShowcaseError(f"{what} took longer than {patience:.0f} seconds")
        time.sleep(0.5)


def answers(address: str) -> bool:
    """Whether an HTTP address answers well."""
    try:
        return httpx.get(address, timeout=5).is_success
    except httpx.TransportError:
        return False


@dataclass(frozen=True)
class Processes:
    """What runs for the showcase in a folder.

    Args:
        folder: logs go there, and ``running.json`` with the process ids.
        environment: of every process.
    """

    folder: Path
    environment: Mapping[str, str]

    def start(self, name: str, *command: str) -> None:
        """Starts a process in a session of its own, so that it and its children are stopped together."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Not subprocess: it holds on to a process, and this one may outlive whoever started it.
        with (self.folder / f"{name}.log").open("ab") as log:
            streams = [
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                *((os.POSIX_SPAWN_DUP2, log.fileno(), stream) for stream in (1, 2)),
            ]
            pid = os.posix_spawn(command[0], command, dict(self.environment), file_actions=streams, setsid=True)
        self._remember(self._alive() | {name: (pid, _began(pid))})

    def run(self, name: str, *command: str, cwd: Path | None = None) -> None:
        """Runs a command to its end.

        Raises:
            ShowcaseError: it failed; with the end of what it said.
        """
        done = subprocess.run(command, env=dict(self.environment), cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ShowcaseError(f"{name} failed:\n{(done.stdout + done.stderr)[-3000:]}")

    def running(self) -> dict[str, int]:
        """The processes that were started and still run, by name."""
        return {name: pid for name, (pid, _) in self._alive().items()}

    def need(self, *names: str) -> None:
        """Makes sure that processes run.

        Raises:
            ShowcaseError: one ended by itself; with the log that says why.
        """
        for name in names:
            if name not in self.running():
                raise ShowcaseError(f"{name} ended by itself; why is in {self.folder / name}.log")

    def stop(self, *names: str, patience: float = 30.0) -> None:
        """Stops processes (all, when none is named), the last that was started first; who does not listen is killed."""
        running = self._alive()
        for name in reversed([each for each in running if not names or each in names]):
            pid, began = running[name]
            _signal(pid, signal.SIGTERM)
            _wait_for_end(pid, began, patience)
            _signal(pid, signal.SIGKILL)
            _wait_for_end(pid, began, patience)
        self._remember({name: each for name, each in running.items() if names and name not in names})

    def _alive(self) -> dict[str, tuple[int, float]]:
        """The process ids, each with when it began: a later process may have the same id."""
        path = self.folder / "running.json"
        told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return {name: (pid, began) for name, (pid, began) in told.items() if _is_alive(pid, began)}

    def _remember(self, running: Mapping[str, tuple[int, float]]) -> None:
        (self.folder / "running.json").write_text(json.dumps(running), encoding="utf-8")


def _began(pid: int) -> float:
    """When a process began, in seconds of the epoch; 0 when it has ended."""
    with suppress(ChildProcessError):  # Another process started it.
        os.waitpid(pid, os.WNOHANG)
    try:
        process = psutil.Process(pid)
        return 0.0 if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _is_alive(pid: int, began: float) -> bool:
    return began > 0 and abs(_began(pid) - began) < SAME


def _wait_for_end(pid: int, began: float, patience: float) -> None:
    until = time.monotonic() + patience
    while _is_alive(pid, began) and time.monotonic() < until:
        time.sleep(0.1)


def _signal(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
