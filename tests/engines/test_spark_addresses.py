"""Addresses of Spark Connect, as errors show them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("address", ["sc://127.0.0.1:1/;token=hush8hush==", "sc:///;use_ssl=true;token=hush8hush"])
def test_no_error_shows_the_token_of_an_address_that_spark_cannot_read(tmp_path: Path, address: str) -> None:
    """A process of its own: a Spark that runs already would be refused another before the address is read."""
    (tmp_path / "r.yaml").write_text("{name: r, version: 1, steps: []}\n", encoding="utf-8")
    told = ("run", "r.yaml", "table:a", "-o", "table:b", "--engine", "spark", "--remote", address)
    command = [sys.executable, "-c", "from sanitizer_core.cli import main; main()", *told]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr and "***" in done.stderr
    assert "hush8hush" not in done.stdout + done.stderr
