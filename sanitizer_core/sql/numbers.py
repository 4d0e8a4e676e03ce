"""Portable functions on numbers, and between numbers and text."""

from __future__ import annotations

from sanitizer_core.schema import BOOLEAN, FLOAT, INTEGER, TEXT
from sanitizer_core.sql.function import Function

FUNCTIONS = (
    Function(
        "try_integer", ("value",), INTEGER, "The text as a whole number of 64 bits, or null; no fraction, no exponent.",
        {"duckdb": "CASE WHEN regexp_full_match(:value, '[+-]?[0-9]+') THEN TRY_CAST(:value AS BIGINT) END"},
    ),
    Function(
        "try_float", ("value",), FLOAT, "The text as a double, or null; a decimal point, perhaps an exponent.",
        {
            "duckdb": "CASE WHEN regexp_full_match(:value, '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?')"
            " THEN TRY_CAST(:value AS DOUBLE) END"
        },
    ),
    Function(
        "try_decimal", ("value", "precision", "scale"), FLOAT, "The text as a decimal(precision, scale), or null.",
        {"duckdb": "TRY_CAST(:value AS DECIMAL(38, 10))"},
    ),
    Function(
        "try_boolean", ("value",), BOOLEAN, "The text 'true' or 'false' as a boolean, or null.",
        {"duckdb": "CASE WHEN lower(:value) IN ('true', 'false') THEN TRY_CAST(:value AS BOOLEAN) END"},
    ),
    Function(
        "float_text", ("value",), TEXT, "The shortest text that reads back as the same double; no '.0' behind a whole one.",
        {"duckdb": "regexp_replace(CAST(:value AS VARCHAR), '[.]0$', '')"},
    ),
)
