"""A server of the PostgreSQL that the system's packages have: an older one than the embedded, which is the newest."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_PROGRAMS = Path("/usr/lib/postgresql")
_LONGEST = 60
"""Seconds that a server may take to start."""


@contextmanager
def system_postgres() -> Iterator[str]:
    """The address of the oldest that is installed: UTF-8, on a Unix socket, user ``postgres`` without a password."""
    found = sorted(_PROGRAMS.glob("*/bin/postgres"), key=lambda each: int(each.parts[-3]))
    assert found, "PostgreSQL is not installed: see .ci/postgres"
    # PostgreSQL refuses to be run by root; its packages come with a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="sanitizer-postgres-") as folder:
        if user is not None:
            shutil.chown(folder, user)
        told = ("-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        subprocess.run((found[0].with_name("initdb"), *told), check=True, capture_output=True, cwd=folder, user=user)
        settings = ("-c", "listen_addresses=", "-c", "fsync=off")
        with subprocess.Popen(
            (found[0], "-D", f"{folder}/data", "-k", folder, *settings),
            stderr=subprocess.DEVNULL, cwd=folder, user=user,
        ) as server:  # fmt: skip
            try:
                yield _ready(server, f"postgresql://postgres@/postgres?host={folder}")
            finally:
                server.send_signal(signal.SIGINT)  # Whoever is still connected is let go.


def _ready(server: subprocess.Popen[bytes], address: str) -> str:
    """The address, once the server answers there."""
    until = time.monotonic() + _LONGEST
    while True:
        try:
            psycopg.connect(address).close()
            return address
        except psycopg.OperationalError:
            assert server.poll() is None and time.monotonic() < until, "PostgreSQL does not start"
            time.sleep(0.05)
