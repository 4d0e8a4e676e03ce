"""Portable functions: conditions."""

from __future__ import annotations

from sanitizer_core.schema import BOOLEAN, INTEGER
from sanitizer_core.sql.function import Function
from sanitizer_core.sql.white_space import WHITE_SPACE

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "is_blank", ("value",), BOOLEAN, "Whether the text is empty or nothing but white space; null for null.",
        # Most cells begin with a sign of ASCII that can be seen: a cheap look at it spares the pattern.
        {
            "duckdb": "CASE WHEN :value = '' THEN TRUE WHEN ascii(:value) BETWEEN 33 AND 126 THEN FALSE"
            " ELSE regexp_full_match(:value, :spaces) END"
        },
        {"spaces": f"[{WHITE_SPACE}]*"}, takes=("text",),
    ),
    Function(
        "may_be_padded", ("value",), BOOLEAN,
        "False only of text with no white space at either end: a cheap look before stripping it.",
        {"duckdb": "ascii(:value) NOT BETWEEN 33 AND 126 OR :value[-1] NOT BETWEEN '!' AND '~'"}, public=False,
    ),
    Function(
        "first_code_point", ("value",), INTEGER, "The code point of the text's first sign; 0 of empty text.",
        {"duckdb": "ascii(:value)"}, public=False,
    ),
    Function(
        "is_nan", ("value",), BOOLEAN, "Whether the float is NaN (not a number).", {"duckdb": "isnan(:value)"},
        takes=("float",),
    ),
    Function(
        "is_finite", ("value",), BOOLEAN, "Whether the float is neither NaN nor infinite.",
        {"duckdb": "isfinite(:value)"}, takes=("float",),
    ),
    Function(
        "finite", ("value",), None, "The float, or null where it is NaN or infinite.",
        {"duckdb": "CASE WHEN isfinite(:value) THEN :value END"}, public=False,
    ),
)  # fmt: skip
