"""A registry that is told to stop leaves nothing running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

SERVE = "import typer; from sanitizer_api.cli import serve_command; typer.run(serve_command)"


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_the_embedded_server_stops_with_the_registry(told: signal.Signals) -> None:
    with tempfile.TemporaryDirectory(prefix="registry-") as home:
        Path(home).chmod(0o755)  # PostgreSQL runs as a user of its own where this is root.
        served = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SERVE, "--port", "0"],
            env=os.environ | {"SANITIZER_HOME": home, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert served.stdout is not None
        with served.stdout as said:
            lines = iter(said.readline, "")
            heard = next((line for line in lines if "startup complete" in line), None)
            assert heard is not None
            running = Path(home) / "postgres" / "postmaster.pid"  # PostgreSQL takes it away when it ends in good order.
            assert running.exists()
            served.send_signal(told)
            said.read()
        assert served.wait(timeout=60) == 0
        assert not running.exists()
