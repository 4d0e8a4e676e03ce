"""Portable functions between numbers and text.

The ``try_`` functions are strict: no blanks, no marks, no signs but one in front, nothing that is not wholly read.
"""

from __future__ import annotations

from sanitizer_core.schema import BOOLEAN, FLOAT, INTEGER, TEXT
from sanitizer_core.sql.function import Function
from sanitizer_core.sql.white_space import WHITE_SPACE

_PLAIN = "[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)"

# A value's own text is compared with the cell, which costs half of a regular expression; only what is written
# another way ("05", "+5", "5.5" for 5.50) is held against one.
_STRICT = (
    Function(
        "try_integer", ("value",), INTEGER, "The text as a whole number of 64 bits, or null; no fraction, no exponent.",
        {
            "duckdb": "CASE WHEN CAST(TRY_CAST(:value AS BIGINT) AS VARCHAR) = :value THEN TRY_CAST(:value AS BIGINT)"
            " WHEN REGEXP_FULL_MATCH(:value, '[+-]?[0-9]+') THEN TRY_CAST(:value AS BIGINT) END"
        },
        takes=("text",),
    ),
    Function(
        "try_float", ("value",), FLOAT,
        "The text as the nearest double, or null; a decimal point, perhaps an exponent; no infinity and no NaN.",
        # Another digit behind it finds what a cast passes over at the end (blanks, line breaks); "_" groups digits.
        {
            "duckdb": "CASE WHEN :value >= '-' AND :value < ':' AND NOT CONTAINS(:value, '_')"
            " AND TRY_CAST(CONCAT(:value, '0') AS DOUBLE) IS NOT NULL AND ISFINITE(TRY_CAST(:value AS DOUBLE))"
            " THEN TRY_CAST(:value AS DOUBLE)"
            " WHEN STARTS_WITH(:value, '+') AND REGEXP_FULL_MATCH(:value, :pattern) AND ISFINITE(TRY_CAST(:value AS DOUBLE))"
            " THEN TRY_CAST(:value AS DOUBLE) END"
        },
        {"pattern": f"{_PLAIN}(?:[eE][+-]?[0-9]+)?"}, takes=("text",),
    ),
    Function(
        "try_decimal", ("value", "precision", "scale"), None,
        "The text as a decimal(precision, scale), or null; no exponent, and no digit that would have to be rounded away.",
        {
            "duckdb": "CASE WHEN CAST(TRY_CAST(:value AS DECIMAL(:precision, :scale)) AS VARCHAR) = :value"
            " THEN TRY_CAST(:value AS DECIMAL(:precision, :scale))"
            " WHEN REGEXP_FULL_MATCH(:value, :pattern) AND STRLEN(REGEXP_EXTRACT(:value, '[.]([0-9]*[1-9])0*$', 1)) <= :scale"
            " THEN TRY_CAST(:value AS DECIMAL(:precision, :scale)) END"
        },
        {"pattern": _PLAIN}, public=False,
    ),
    Function(
        "try_boolean", ("value",), BOOLEAN, "The text 'true' or 'false', whatever its case, as a boolean, or null.",
        {"duckdb": "CASE WHEN LOWER(:value) = 'true' THEN TRUE WHEN LOWER(:value) = 'false' THEN FALSE END"}, takes=("text",),
    ),
)  # fmt: skip

_TEXT = (
    Function(
        "float_text", ("value",), TEXT,
        "The shortest text that reads back as the same double, with an exponent below 1e-04 and from 1e+16;"
        " no '.0' behind a whole one.",
        # Whole numbers below 1e15 are written by way of integers, which is faster; -0 has to keep its sign.
        {
            "duckdb": "CASE WHEN :value = TRUNC(:value) AND ABS(:value) < 1e15 AND :value <> 0 THEN CAST(CAST(:value AS BIGINT) AS VARCHAR)"
            " WHEN :value = TRUNC(:value) THEN REGEXP_REPLACE(CAST(:value AS VARCHAR), '[.]0$', '') ELSE CAST(:value AS VARCHAR) END"
        },
        public=False,
    ),
    Function(
        "plain_number", ("value", "others", "mark"), TEXT,
        "The digits of a formatted number, with a point for its decimal mark and a minus sign in front where it has one"
        " or stands in parentheses. ``others`` is a pattern of every character that is neither a digit nor the mark.",
        {
            "duckdb": "CONCAT(CASE WHEN CONTAINS(:value, '-') OR CONTAINS(:value, '(') OR CONTAINS(:value, '\u2212') THEN '-' ELSE '' END,"
            " REPLACE(REGEXP_REPLACE(:value, :others, '', 'g'), :mark, '.'))"
        },
        public=False,
    ),
    Function(
        # One extraction and two replacements are three times as fast as the replacement of every other character; what
        # has blanks or apostrophes between its thousands is no number after it, and goes the long way.
        "first_number", ("value", "run", "thousands", "mark"), TEXT,
        "As plain_number, of what a pattern of digits and marks finds first, without one of the marks between thousands.",
        {
            "duckdb": "CONCAT(CASE WHEN CONTAINS(:value, '-') OR CONTAINS(:value, '(') OR CONTAINS(:value, '−') THEN '-' ELSE '' END,"
            " REPLACE(REPLACE(REGEXP_EXTRACT(:value, :run), :thousands, ''), :mark, '.'))"
        },
        public=False,
    ),
    Function(
        "leading_number", ("value", "run", "thousands", "mark"), TEXT, "As first_number; only a minus sign in front counts.",
        {
            "duckdb": "CONCAT(CASE WHEN (CONTAINS(:value, '-') OR CONTAINS(:value, '−')) AND REGEXP_MATCHES(:value, :minus) THEN '-' ELSE '' END,"
            " REPLACE(REPLACE(REGEXP_EXTRACT(:value, :run), :thousands, ''), :mark, '.'))"
        },
        {"minus": f"^[{WHITE_SPACE}]*[-−]"}, public=False,
    ),
    Function(
        "before_blank", ("value",), TEXT, "The text before its first blank.", {"duckdb": "LEFT(:value, INSTR(:value, ' ') - 1)"}, public=False,
    ),
    Function(
        "after_blank", ("value",), TEXT, "The text after its first blank.", {"duckdb": "SUBSTRING(:value, INSTR(:value, ' ') + 1)"}, public=False,
    ),
    Function(
        "exponent_of", ("value",), TEXT, "What follows the e of a number, or empty text.",
        {"duckdb": "REGEXP_EXTRACT(:value, '[0-9.,][eE]([+-]?[0-9]+)', 1)"}, public=False,
    ),
    Function(
        "without_exponent", ("value",), TEXT, "The number without its e and what follows it.",
        {"duckdb": "REGEXP_REPLACE(:value, '([0-9.,])[eE][+-]?[0-9]+', '\\1')"}, public=False,
    ),
    Function(
        "parts_joined", ("number", "exponent"), TEXT, "A number and its exponent as one text.",
        {"duckdb": "CONCAT(:number, 'e', :exponent)"}, public=False,
    ),
)  # fmt: skip

_PARTS = (
    Function(
        "leading_part", ("value", "pattern"), TEXT, "What the pattern finds, or empty text; the pattern begins with ^.",
        {"duckdb": "REGEXP_EXTRACT(:value, :pattern)"}, public=False,
    ),
    Function(
        "without_part", ("value", "pattern"), TEXT, "The text without the first that the pattern finds.",
        {"duckdb": "REGEXP_REPLACE(:value, :pattern, '')"}, public=False,
    ),
)  # fmt: skip

_MONEY = Function(
    "money_marked", ("value", "money"), TEXT, "The text with ¤ in place of every currency that a pattern finds.",
    {"duckdb": "REGEXP_REPLACE(:value, :money, '¤', 'g')"}, public=False,
)  # fmt: skip

_CASTS = (
    Function(
        "loose_float", ("value",), FLOAT,
        "The text as the nearest double, or null; blanks around it are passed over, and what is not wholly read is null.",
        {
            "duckdb": "CASE WHEN ISFINITE(TRY_CAST(:value AS DOUBLE)) AND NOT CONTAINS(:value, '_') AND NOT CONTAINS(:value, '+-')"
            " THEN TRY_CAST(:value AS DOUBLE) END"
        },
        public=False,
    ),
    Function(
        "cast_integer", ("value",), INTEGER, "A whole number in plain digits as 64 bits, or null where it is too large.",
        {"duckdb": "TRY_CAST(:value AS BIGINT)"}, public=False,
    ),
    Function(
        "cast_float", ("value",), FLOAT, "A number in plain digits as the nearest double, or null where it is too large.",
        {"duckdb": "CASE WHEN ISFINITE(TRY_CAST(:value AS DOUBLE)) THEN TRY_CAST(:value AS DOUBLE) END"}, public=False,
    ),
    Function(
        "cast_decimal", ("value", "precision", "scale"), None,
        "A number in plain digits as a decimal, halves away from zero, or null where it is too large.",
        {"duckdb": "TRY_CAST(:value AS DECIMAL(:precision, :scale))"}, public=False,
    ),
    Function(
        "same_number", ("number", "text"), BOOLEAN,
        "Whether a number is exactly what a text of at most 15 digits and an exponent says; two such never share a double.",
        {"duckdb": "COALESCE(INSTR(:text, 'e') <= 16 AND CAST(:number AS DOUBLE) = TRY_CAST(:text AS DOUBLE), FALSE)"}, public=False,
    ),
    Function(
        # DuckDB reads 1e18 as a DECIMAL(18, 0), which it does not fit.
        "below", ("number", "limit"), BOOLEAN, "Whether the number without its sign is below a limit.",
        {"duckdb": "ABS(CAST(:number AS DOUBLE)) < :limit"}, public=False,
    ),
    Function(
        "whole", ("value",), INTEGER, "The number where it is whole and within 64 bits, or null.",
        {"duckdb": "CASE WHEN :value = TRUNC(:value) THEN TRY_CAST(:value AS BIGINT) END"}, public=False,
    ),
    Function(
        "exact_float", ("value",), FLOAT, "The whole number or decimal as a double that has the same digits, or null.",
        {
            "duckdb": "CASE WHEN TRY_CAST(CAST(TRY_CAST(:value AS DOUBLE) AS VARCHAR) AS DECIMAL(38, 10)) = :value"
            " THEN CAST(:value AS DOUBLE) END"
        },
        public=False,
    ),
    Function(
        "truth", ("value",), BOOLEAN, "1 as true and 0 as false; null for other numbers.",
        {"duckdb": "CASE WHEN :value = 1 THEN TRUE WHEN :value = 0 THEN FALSE END"}, public=False,
    ),
)  # fmt: skip

FUNCTIONS: tuple[Function, ...] = (*_STRICT, *_TEXT, *_PARTS, _MONEY, *_CASTS)
