"""What the tests of engines share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sanitizer_core.engines.spark import SparkEngine
from system_postgres import system_postgres

_QUICKLY = {
    # Compiling Java for a handful of rows takes longer than reading them; the functions' own tests compile it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
"""A case is some thirty statements over a few rows."""


@pytest.fixture(scope="session")
def older_postgres() -> Iterator[str]:
    """As ``postgres``, of the oldest version that is at hand: on Debian 12 that is 15, the oldest that is supported."""
    with system_postgres() as address:
        yield address


@pytest.fixture
def quick_spark(spark: SparkEngine) -> Iterator[SparkEngine]:
    """An engine of its own on the real Spark, for tables of a few rows."""
    engine = SparkEngine(spark.session)
    for name, value in _QUICKLY.items():
        engine.session.conf.set(name, value)
    yield engine
    engine.clear()
    for name in _QUICKLY:
        engine.session.conf.unset(name)
