"""Which engine a run is made by."""

from __future__ import annotations

from typing import Any

from sanitizer_core.errors import CompileError, SinkError, SourceError, did_you_mean
from sanitizer_core.sources.address import Address, in_postgres, parse_address
from sanitizer_core.sources.postgres.places import same_database

ENGINES = ("duckdb", "postgres", "spark")


def one_database(source: Any, output: str | None, engine: str | None) -> tuple[Address, Address] | None:
    """The source and the output of a run that stays in their database; ``None`` when DuckDB makes the run.

    Raises:
        CompileError: PostgreSQL is asked for, but they are not in one database; or there is no such engine.
    """
    if engine is not None and engine not in ENGINES:
        raise CompileError(f"unknown engine {engine!r}", hint=did_you_mean(engine, ENGINES))
    if engine in ("duckdb", "spark"):
        return None
    if _in_postgres(source) and output is not None and _in_postgres(output):
        pair = parse_address(source, SourceError), parse_address(output, SinkError)
        if same_database(*pair):
            return pair
    if engine == "postgres":
        raise CompileError(
            "PostgreSQL makes a run only where source and output are tables of one database",
            hint="Give both as postgresql://host/database?table=schema.table, or leave --engine out.",
        )
    return None


def on_spark(source: Any, output: str | None, engine: str | None, spark: tuple[str | None, str | None]) -> bool:
    """Whether Spark makes the run: it is asked for, or a Spark is named.

    Args:
        spark: the master and the remote address that are named.

    Raises:
        CompileError: another engine is asked for besides; or Spark cannot read or write such a place.
    """
    if not any(spark) and engine != "spark":
        return False
    if engine not in (None, "spark") or all(spark):
        raise CompileError(
            "one engine makes a run, and one Spark",
            hint="--master and --remote each name a Spark: give one, and no other engine.",
        )
    if not isinstance(source, str) or source == "-" or output in (None, "-"):
        raise CompileError(
            "Spark reads and writes tables and folders",
            hint="Name both: a folder of Parquet or CSV that Spark sees, or table:schema.name.",
        )
    return True


def _in_postgres(place: Any) -> bool:
    return isinstance(place, str) and in_postgres(place)
