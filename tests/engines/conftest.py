"""What the tests of engines share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sanitizer_core.engines.spark import SparkEngine

_QUICKLY = {
    # Compiling Java for a handful of rows takes longer than reading them; the functions' own tests compile it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
"""A case is some thirty statements over a few rows."""


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
