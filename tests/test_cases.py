"""Every case of every operation, on every engine, and the laws with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from case_runner import Case, all_cases, check
from sanitizer_core.engines.duckdb import DuckDBEngine


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=1) as opened:
        yield opened


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of masked columns."""
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")


@pytest.mark.parametrize("case", list(all_cases()), ids=str)
def test_case(case: Case, engine: DuckDBEngine) -> None:
    check(case, engine)
