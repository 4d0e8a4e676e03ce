"""Constants that are one of a few known words."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from sanitizer_core.sql.tree import literal

_ENUMS = frozenset({"duckdb"})
"""Dialects that take an enumeration where it is used. DuckDB hashes text for each row that it writes to Parquet, and
an enumeration's place not at all: it is written, and read again, as the same text."""


def word(value: str | None, among: Iterable[str | None], dialect: str) -> exp.Expr:
    """The constant, of one type for all words of a set.

    Args:
        among: every word that stands in the same column, the value itself too.
    """
    words = sorted({each for each in among if each is not None})
    if dialect not in _ENUMS or not words:
        return exp.cast(literal(value), "TEXT")
    options = exp.DataType(this=exp.DType.ENUM, expressions=[literal(each) for each in words])
    return exp.Cast(this=literal(value), to=options)
