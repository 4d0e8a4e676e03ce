"""What holds for every test."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# No deadline: a loaded machine is not a defect. The gate draws the same examples each time, so that it fails for what
# a change did; on a developer's machine each run looks somewhere else.
settings.register_profile("house", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("gate", settings.get_profile("house"), derandomize=True, print_blob=True)
# What `make check` asks for: a few examples of everything.
settings.register_profile("quick", settings.get_profile("house"), max_examples=8)
settings.load_profile("gate" if os.environ.get("CI") else "house")


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output is the same whatever terminal the tests are started from."""
    for variable in ("FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
