"""A connection, and the way to hold a table against a schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from contract.held import Check, Checked, Columns, load, read
from sanitizer_core.contract import Contract, check_contract


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def check(connection: duckdb.DuckDBPyConnection) -> Check:
    def held(columns: Columns, schema: dict[str, Any], **parts: Any) -> Checked:
        load(connection, columns)
        contract = Contract.from_data({"contract": "test", "schema": schema} | parts)
        return read(connection, check_contract(connection, "data", contract))

    return held
