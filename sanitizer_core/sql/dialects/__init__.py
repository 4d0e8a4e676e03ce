"""How dialects other than DuckDB say the portable functions: one package a dialect, one file a family of functions."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects import postgres, spark
from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Mapping[str, Said]] = {
    "postgres": postgres.LOWERINGS,
    "spark": spark.LOWERINGS,
}
"""Dialect to the name of a function to what the dialect says for it; a function that is not there is refused."""
