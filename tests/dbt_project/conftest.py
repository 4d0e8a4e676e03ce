"""Warehouses that the tests' dbt projects build in."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_projects import DuckDBWarehouse, PostgresWarehouse, Warehouse


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A new warehouse of each kind: a DuckDB file, and a schema of a real Postgres."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    if request.param == "duckdb":
        return DuckDBWarehouse(folder)
    return PostgresWarehouse(folder, request.getfixturevalue("postgres"), folder.name)
