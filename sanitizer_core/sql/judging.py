"""Portable functions: how contracts read the cells that they judge.

The ``pandas_`` functions take of text what pandas' own conversion takes (see ``contract.coercion`` for the exceptions).
DuckDB's casts take more than Python does: ``1.5`` and ``0x1F`` as integers, ``+-1`` as a float, ``epoch`` as a time. What
is written as nearly all cells are is seen at a glance; only the others are held to a pattern.
"""

from __future__ import annotations

from sanitizer_core.schema import BOOLEAN, FLOAT, INTEGER, TEXT, TIME, TIMESTAMP, TIMESTAMPTZ
from sanitizer_core.sql.function import Function

CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?"
DAY = r" *(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-[0-9]{2}-[0-9]{2}"
_ZONE = r"Z|UTC|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?"

INTEGER_TEXT = r"[\t\n\f\r ]*[+-]?[0-9]+(?:_[0-9]+)*[\t\n\f\r ]*"
TRUE, FALSE = ("true", "t", "yes", "y", "1", "1.0"), ("false", "f", "no", "n", "0", "0.0")

PATTERNS = {
    "moment": f"{DAY}(?:[T ]{CLOCK})? *",
    "instant": f"{DAY}(?:[T ]{CLOCK} *(?:{_ZONE})?)? *",
    "zoned": rf":[0-9]{{2}}(?:[.][0-9]{{1,9}})? *(?:{_ZONE}) *$",
    "clock": f" *{CLOCK} *",
}


def _whole(native: str) -> str:
    return (
        f"CASE WHEN CAST(TRY_CAST(:value AS {native}) AS VARCHAR) = :value THEN TRY_CAST(:value AS {native})"
        f" WHEN REGEXP_FULL_MATCH(:value, :pattern) THEN TRY_CAST(:value AS {native}) END"
    )


def words(values: tuple[str, ...]) -> str:
    """Texts of this module as they stand in a template."""
    return ", ".join(f"'{each}'" for each in values)


TRUTH_OF_TEXT = f"CASE WHEN LOWER(TRIM(:value)) IN ({words(TRUE)}) THEN TRUE WHEN LOWER(TRIM(:value)) IN ({words(FALSE)}) THEN FALSE END"
_MOMENT = (
    "CASE WHEN :value LIKE '____-__-__ __:__:__' AND :value >= '0001' AND SUBSTRING(:value, 12, 2) < '24' THEN TRY_CAST(:value AS TIMESTAMP)"
    " WHEN REGEXP_FULL_MATCH(:value, :moment) THEN TRY_CAST(:value AS TIMESTAMP) END"
)

_NUMBERS = (
    Function(
        "pandas_integer", ("value",), INTEGER, "The text as a whole number of 64 bits as Python reads one, or null.",
        {"duckdb": _whole("BIGINT")}, {"pattern": INTEGER_TEXT}, public=False,
    ),
    Function(
        "pandas_unsigned", ("value",), INTEGER, "As pandas_integer, from 0 to twice as many.",
        {"duckdb": _whole("UBIGINT")}, {"pattern": INTEGER_TEXT}, public=False,
    ),
    Function(
        "pandas_float", ("value",), FLOAT, "The text as the nearest double as Python reads one (infinities and NaN included), or null.",
        {"duckdb": "CASE WHEN NOT CONTAINS(:value, '+-') THEN TRY_CAST(:value AS DOUBLE) END"}, public=False,
    ),
    Function(
        "pandas_decimal", ("value", "precision", "scale"), None,
        "The text as a decimal, halves away from zero, or null where it is none or has too many digits.",
        {"duckdb": "CASE WHEN NOT CONTAINS(:value, '+-') THEN TRY_CAST(:value AS DECIMAL(:precision, :scale)) END"}, public=False,
    ),
    Function(
        "fitting_decimal", ("value", "precision", "scale"), None,
        "The number as a decimal, halves away from zero, or null where it has too many digits.",
        {"duckdb": "TRY_CAST(:value AS DECIMAL(:precision, :scale))"}, public=False,
    ),
    Function(
        "decimal_of_float", ("value", "precision", "scale"), None, "As fitting_decimal, of a float.",
        {"duckdb": "TRY_CAST(:value AS DECIMAL(:precision, :scale))"}, public=False,
    ),
    Function(
        "cut_integer", ("value",), INTEGER, "The number without what stands behind the point, or null beyond 64 bits.",
        {"duckdb": "TRY_CAST(TRUNC(:value) AS BIGINT)"}, public=False,
    ),
    Function(
        "nan_is_null", ("value",), FLOAT, "The float, or null where it is NaN, which is pandas' null.",
        {"duckdb": "NULLIF(:value, CAST('nan' AS DOUBLE))"}, public=False,
    ),
)  # fmt: skip

_TEXTS = (
    Function(
        "pandas_boolean", ("value",), BOOLEAN, "The text as a truth value (true, t, yes, y, 1, 1.0 and their opposites), or null.",
        {"duckdb": TRUTH_OF_TEXT}, public=False,
    ),
    Function("any_text", ("value",), TEXT, "Whatever it is, as the text that a cast makes of it.", {"duckdb": "TRY_CAST(:value AS VARCHAR)"}, public=False),
    Function(
        "in_code_points", ("value",), TEXT, "The text, to be compared by its code points whatever the column's collation.",
        {"duckdb": ":value"}, public=False,
    ),
)  # fmt: skip

_TIMES = (
    Function(
        "pandas_timestamp", ("value",), TIMESTAMP, "The text as an ISO 8601 date, or date and time, blanks around it, or null.",
        {"duckdb": _MOMENT}, PATTERNS, public=False,
    ),
    Function(
        "pandas_timestamptz", ("value", "zone"), TIMESTAMPTZ,
        "The text as an ISO 8601 instant, or null; one that names no zone is in the zone.",
        {
            "duckdb": "CASE WHEN REGEXP_FULL_MATCH(:value, :instant)"
            " THEN CASE WHEN REGEXP_MATCHES(:value, :zoned) THEN TRY_CAST(:value AS TIMESTAMPTZ)"
            " ELSE TIMEZONE(:zone, TRY_CAST(:value AS TIMESTAMP)) END END"
        },
        PATTERNS, public=False,
    ),
    Function(
        "pandas_time", ("value",), TIME, "The text as an ISO 8601 time of day, or null.",
        {"duckdb": "CASE WHEN REGEXP_FULL_MATCH(:value, :clock) THEN TRY_CAST(:value AS TIME) END"}, PATTERNS, public=False,
    ),
)  # fmt: skip

FUNCTIONS: tuple[Function, ...] = (*_NUMBERS, *_TEXTS, *_TIMES)
