"""A registry that may read where the runs of these tests wrote to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.served import Served, serving
from sanitizer_api.settings import Settings


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of its folders the registry may read ``shared``; ``own`` is its home."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def served(api_database: str, folder: Path) -> Iterator[Served]:
    settings = Settings(
        home=folder / "own", registration="open", login_rate="100000/minute", request_rate="100000/minute",
        dataset_folders=str(folder / "shared"),
    )  # fmt: skip
    with serving(settings, api_database) as address:
        yield Served(address, api_database, settings)
