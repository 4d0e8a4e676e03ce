"""How Databricks says the portable functions: as Spark 4 does, with its ANSI mode on and in UTC."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects import spark
from sanitizer_core.sql.function import Said

_NOT_THERE = frozenset({"try_time"})
"""It has no times of day."""

LOWERINGS: Mapping[str, Said] = {name: said for name, said in spark.LOWERINGS.items() if name not in _NOT_THERE}
"""By the function's name."""
