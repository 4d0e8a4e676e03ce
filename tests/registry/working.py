"""Real workers on a real registry."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg

from registry.served import PASSWORD, serving
from sanitizer_api.db.migrating import migrate
from sanitizer_api.settings import Settings

T = TypeVar("T")
FINAL = ("succeeded", "failed", "cancelled")
PATIENCE = 120.0
"""Seconds that something may take which happens at once on an idle machine."""


@dataclass
class Yard:
    """A registry whose datasets lie in a folder, and what starts workers for it."""

    address: str
    database: str
    settings: Settings
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def client(self) -> httpx.Client:
        """A client of a new organisation."""
        client = httpx.Client(base_url=f"{self.address}/api/v1", timeout=60)
        wanted = {"email": f"{uuid.uuid4().hex}@example.com", "password": PASSWORD, "name": "Ada", "organisation": "O"}
        token = client.post("/auth/register", json=wanted).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    def runs_of(self, client: httpx.Client) -> Path:
        """Where the artifacts of a client's organisation are."""
        return self.settings.home / "files" / str(client.get("/me").json()["organisation"]["id"]) / "runs"

    def start(self, *options: str, **settings: str) -> subprocess.Popen[bytes]:
        """A worker process."""
        program = "import typer; from sanitizer_api.cli import worker_command; typer.run(worker_command)"
        words = self.settings.model_dump(exclude_defaults=True, exclude={"database_url"}) | settings
        told = {f"SANITIZER_{name.upper()}": str(value) for name, value in words.items()}
        command = [sys.executable, "-W", "ignore", "-c", program, *options]
        with (self.folder.parent / f"worker-{uuid.uuid4().hex}.log").open("wb") as log:
            made = subprocess.Popen(command, env=os.environ | told | {"DATABASE_URL": self.database}, stderr=log)
        self.workers.append(made)
        return made

    def stop(self) -> None:
        """Ends every worker that was started."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            try:
                worker.wait(30)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        self.workers.clear()

    def logs(self) -> str:
        """What the workers said."""
        return "\n".join(path.read_text("utf-8") for path in sorted(self.folder.parent.glob("worker-*.log")))


@contextmanager
def yard(database: str, folder: Path, **settings: Any) -> Iterator[Yard]:
    """A block with a registry of its own on a database, and no worker yet."""
    migrate(database)
    data = folder / "data"
    data.mkdir()
    chosen = Settings(
        home=folder / "home", registration="open", login_rate="100000/minute", request_rate="100000/minute",
        dataset_folders=str(data), worker_lost_seconds=3, job_retry_seconds=0.2, **settings,
    )  # fmt: skip
    with serving(chosen, database) as address:
        made = Yard(address, database, chosen, data)
        try:
            yield made
        finally:
            made.stop()


def new_database(postgres: str) -> str:
    """A database of the test's own on a server."""
    name = f"registry_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    return f"postgresql://postgres:@/{name}?{postgres.partition('?')[2]}"


def until(look: Callable[[], T | None], what: str) -> T:
    """What is looked for, once it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"in vain: {what}")


def ended(client: httpx.Client, job: str) -> dict[str, Any]:
    """The job at its end."""

    def look() -> dict[str, Any] | None:
        answer = client.get(f"/jobs/{job}")
        if answer.status_code >= 500:  # The database may be away for a while.
            return None
        seen: dict[str, Any] = answer.raise_for_status().json()
        return seen if seen["state"] in FINAL else None

    return until(look, f"the end of job {job}")


def ready(
    client: httpx.Client, place: Yard, name: str = "customers", content: str = "name,age\n  Ada ,36\nAlan,41\n"
) -> None:
    """A dataset in the folder, and a recipe; the client's organisation may use both."""
    path = place.folder / f"{name}-{uuid.uuid4().hex}.csv"
    path.write_text(content, "utf-8")
    client.post("/recipes", json={"text": "name: customers\nsteps:\n  - op: clean_text\n"}).raise_for_status()
    client.post("/datasets", json={"name": name, "address": str(path)}).raise_for_status()


def asked(client: httpx.Client, **words: Any) -> dict[str, Any]:
    """A job that was asked for."""
    answer = client.post("/jobs", json={"dataset": "customers", "recipe": "customers"} | words)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    assert (job["state"], answer.headers["Location"]) == ("queued", f"/api/v1/jobs/{job['id']}")
    return job
