"""A registry of the benchmark's own: one process that serves, and workers when they are asked for."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

RECIPE = "name: customers\nsteps:\n  - op: clean_text\n"


@dataclass(frozen=True)
class Registry:
    """A registry that answers, and a user of it."""

    port: int
    token: str
    folder: Path
    environment: dict[str, str]

    @property
    def http(self) -> httpx.Client:
        """A client for what is not timed."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", headers=headers, timeout=120)

    @contextmanager
    def worker(self, jobs: int) -> Iterator[None]:
        """A block in which a worker carries out so many jobs at once."""
        with _running("worker_command", self.environment, self.folder, "--jobs", str(jobs)):
            yield


@contextmanager
def registry() -> Iterator[Registry]:
    """A block with a registry on an embedded PostgreSQL in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="sanitizer-bench-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), _free_port()
        (folder / "data").mkdir()
        told = {
            "HOME": str(folder / "home"), "DATASET_FOLDERS": str(folder / "data"), "REGISTRATION": "open",
            "REQUEST_RATE": "100000000/minute", "LOGIN_RATE": "100000/minute", "POOL_SIZE": "20", "ACCESS_MINUTES": "1440",
        }  # fmt: skip
        environment = os.environ | {f"SANITIZER_{key}": value for key, value in told.items()}
        environment.pop("DATABASE_URL", None)
        with _running("serve_command", environment, folder, "--port", str(port), "--jobs", "0") as process:
            yield Registry(port, _token(port, process), folder, environment)


@contextmanager
def _running(
    command: str, environment: dict[str, str], folder: Path, *options: str
) -> Iterator[subprocess.Popen[bytes]]:
    program = f"import typer; from sanitizer_api.cli import {command}; typer.run({command})"
    with (folder / f"{command}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program, *options], env=environment, stderr=log
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _token(port: int, process: subprocess.Popen[bytes]) -> str:
    address, wanted = f"http://127.0.0.1:{port}", {"email": "ada@example.com", "password": "correct horse battery"}
    for _ in range(1200):
        assert process.poll() is None, "the registry did not start"
        try:
            httpx.get(f"{address}/health/ready").raise_for_status()
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    answer = httpx.post(
        f"{address}/api/v1/auth/register", json=wanted | {"name": "Ada", "organisation": "O"}, timeout=60
    )
    return str(answer.raise_for_status().json()["access_token"])


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def small_dataset(known: Registry) -> None:
    """A dataset of two rows, and a recipe."""
    path = known.folder / "data" / "customers.csv"
    path.write_text("name,age\n  Ada ,36\nAlan,41\n", "utf-8")
    with known.http as client:
        client.post("/recipes", json={"text": RECIPE}).raise_for_status()
        client.post("/datasets", json={"name": "customers", "address": str(path)}).raise_for_status()


def record_of_a_run(known: Registry, name: str = "customers.csv") -> dict[str, Any]:
    """What a run of the command line on a file of the data folder would report."""
    from sanitizer_core.pipeline.running import run
    from sanitizer_core.recipe import Recipe

    folder = known.folder / "reported"
    made = run(str(known.folder / "data" / name), Recipe.loads(RECIPE), artifacts=folder)
    return made.record.model_dump(mode="json", by_alias=True)
