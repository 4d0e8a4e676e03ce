"""Which engine a run is made by."""

from __future__ import annotations

from typing import Any

from sanitizer_core.errors import CompileError, SinkError, SourceError, did_you_mean
from sanitizer_core.sources.address import Address, in_postgres, parse_address
from sanitizer_core.sources.postgres.places import same_database

ENGINES = ("duckdb", "postgres")


def one_database(source: Any, output: str | None, engine: str | None) -> tuple[Address, Address] | None:
    """The source and the output of a run that stays in their database; ``None`` when DuckDB makes the run.

    Raises:
        CompileError: PostgreSQL is asked for, but they are not in one database; or there is no such engine.
    """
    if engine is not None and engine not in ENGINES:
        raise CompileError(f"unknown engine {engine!r}", hint=did_you_mean(engine, ENGINES))
    if engine == "duckdb":
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


def _in_postgres(place: Any) -> bool:
    return isinstance(place, str) and in_postgres(place)
