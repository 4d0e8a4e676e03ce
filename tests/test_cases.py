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


@pytest.mark.parametrize("case", list(all_cases()), ids=str)
def test_case(case: Case, engine: DuckDBEngine) -> None:
    check(case, engine)
