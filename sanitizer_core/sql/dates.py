"""Portable functions on dates and times, and between them and text."""

from __future__ import annotations

from sanitizer_core.schema import DATE, TIME, TIMESTAMP, TIMESTAMPTZ
from sanitizer_core.sql.function import Function

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "try_date", ("value",), DATE, "The text as an ISO 8601 date (2024-02-29), or null.",
        {"duckdb": "CASE WHEN regexp_full_match(:value, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST(:value AS DATE) END"},
    ),
    Function(
        "try_time", ("value",), TIME, "The text as an ISO 8601 time of day, or null.",
        {"duckdb": "CASE WHEN regexp_full_match(:value, '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?') THEN TRY_CAST(:value AS TIME) END"},
    ),
    Function(
        "try_timestamp", ("value",), TIMESTAMP, "The text as an ISO 8601 date, or date and time without a zone, or null.",
        {
            "duckdb": "CASE WHEN regexp_full_match(:value, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?')"
            " THEN TRY_CAST(:value AS TIMESTAMP) END"
        },
    ),
    Function(
        "try_timestamptz", ("value",), TIMESTAMPTZ, "The text as an ISO 8601 instant (UTC where it names no zone), or null.",
        {
            "duckdb": "CASE WHEN regexp_matches(:value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')"
            " THEN TRY_CAST(:value AS TIMESTAMP WITH TIME ZONE) END"
        },
    ),
)
