"""How dialects other than DuckDB say the portable functions: one package a dialect, one file a family of functions."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from sanitizer_core.sql.dialects import bigquery, databricks, postgres, redshift, snowflake, spark, trino
from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Mapping[str, Said]] = {
    "postgres": postgres.LOWERINGS,
    "spark": spark.LOWERINGS,
    "databricks": databricks.LOWERINGS,
    "snowflake": snowflake.LOWERINGS,
    "bigquery": bigquery.LOWERINGS,
    "redshift": redshift.LOWERINGS,
    "trino": trino.LOWERINGS,
}
"""Dialect to the name of a function to what the dialect says for it; a function that is not there is refused."""

NODES: Mapping[str, Mapping[type[exp.Expr], str]] = {"postgres": postgres.NODES}
"""Dialect to the operators that it means otherwise, with what it says instead; ``:left`` and ``:right`` are its sides."""
