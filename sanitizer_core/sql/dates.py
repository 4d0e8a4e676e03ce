"""Portable functions between dates, times and text.

The calendar runs from 0001-01-01 to 9999-12-31; what lies outside, and a day that does not exist, is null.
"""

from __future__ import annotations

from sanitizer_core.schema import BOOLEAN, DATE, TEXT, TIME, TIMESTAMP, TIMESTAMPTZ
from sanitizer_core.sql.date_formats import CUT_WORDS
from sanitizer_core.sql.function import Function

_DAY = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-[0-9]{2}-[0-9]{2}"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6})?)?"
_OFFSET = "(?:Z|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)"
_ISO = {
    "clock": _CLOCK,
    "moment": f"{_DAY}(?:[T ]{_CLOCK})?",
    "instant": f"{_DAY}[T ]{_CLOCK} ?{_OFFSET}",
}

# A value's own text is compared with the cell, which costs half of a regular expression; only what is written
# another way is held against one.
_TRY_TIMESTAMP = (
    "CASE WHEN CAST(TRY_CAST(:value AS TIMESTAMP) AS VARCHAR) = :value AND TRY_CAST(:value AS TIMESTAMP)"
    " BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN TRY_CAST(:value AS TIMESTAMP)"
    " WHEN REGEXP_FULL_MATCH(:value, :moment) THEN TRY_CAST(:value AS TIMESTAMP) END"
)

_STRICT = (
    Function(
        "try_date", ("value",), DATE, "The text as an ISO 8601 date (2024-02-29), or null.",
        {
            "duckdb": "CASE WHEN STRLEN(:value) = 10 AND CAST(TRY_CAST(:value AS DATE) AS VARCHAR) = :value"
            " THEN TRY_CAST(:value AS DATE) END"
        },
        takes=("text",),
    ),
    Function(
        "try_time", ("value",), TIME, "The text as an ISO 8601 time of day (23:59, 23:59:59.5), or null.",
        {"duckdb": "CASE WHEN REGEXP_FULL_MATCH(:value, :clock) THEN TRY_CAST(:value AS TIME) END"},
        _ISO, takes=("text",),
    ),
    Function(
        "try_timestamp", ("value",), TIMESTAMP,
        "The text as an ISO 8601 date, or date and time with a blank or T between them and without a zone, or null.",
        {"duckdb": _TRY_TIMESTAMP}, _ISO, takes=("text",),
    ),
    Function(
        "try_timestamptz", ("value",), TIMESTAMPTZ,
        "The text as an ISO 8601 instant (Z, +02, +02:00 or +0200; UTC where it names no zone), or null.",
        {
            "duckdb": "CASE WHEN REGEXP_FULL_MATCH(:value, :instant) AND TRY_CAST(:value AS TIMESTAMPTZ)"
            " BETWEEN TIMESTAMPTZ '0001-01-01 00:00:00+00' AND TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"
            " THEN TRY_CAST(:value AS TIMESTAMPTZ)"
            " WHEN REGEXP_FULL_MATCH(:value, :moment) THEN TIMEZONE('UTC', TRY_CAST(:value AS TIMESTAMP)) END"
        },
        _ISO, takes=("text",),
    ),
    Function(
        "has_offset", ("value",), BOOLEAN, "Whether the text is an ISO 8601 date and time with an offset from UTC.",
        {"duckdb": "REGEXP_FULL_MATCH(:value, :instant)"}, _ISO, public=False,
    ),
)  # fmt: skip

_READING = (
    Function(
        "read_moment", ("value", "format"), TIMESTAMP, "The text read by a strptime format, or null.",
        {"duckdb": "TRY_STRPTIME(:value, :format)"}, public=False,
    ),
    Function(
        "read_instant", ("value", "format"), TIMESTAMPTZ, "The text read by a strptime format with %z, or null.",
        {
            "duckdb": "CASE WHEN TRY_STRPTIME(:value, :format) BETWEEN TIMESTAMPTZ '0001-01-01 00:00:00+00'"
            " AND TIMESTAMPTZ '9999-12-31 23:59:59.999999+00' THEN TRY_STRPTIME(:value, :format) END"
        }, public=False,
    ),
    Function(
        "cut_words", ("value",), TEXT, "The text with every word cut to three letters: month names become short ones.",
        {"duckdb": r"REGEXP_REPLACE(:value, :words, '\1', 'g')"}, {"words": CUT_WORDS}, public=False,
    ),
    Function(
        "offset_in_digits", ("value",), TEXT, "The text with a Z at its end, or the offset's colon, written as +0000.",
        {"duckdb": "REGEXP_REPLACE(TRIM(:value), '[zZ]$', '+00')"}, public=False,
    ),
    Function(
        "plain_year", ("value",), TIMESTAMP, "The moment where its year has four digits of its own (1000 and later), or null.",
        {"duckdb": "CASE WHEN :value >= TIMESTAMP '1000-01-01' THEN :value END"}, public=False,
    ),
    Function(
        "in_calendar", ("value",), TIMESTAMP, "The moment where it lies in the years 0001 to 9999, or null.",
        {
            "duckdb": "CASE WHEN :value BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN :value END"
        },
        public=False,
    ),
    Function(
        "add_century", ("value", "months"), TIMESTAMP, "The same day so many months later, or null where there is no such day.",
        {
            "duckdb": "CASE WHEN DATE_PART('day', :value + TO_MONTHS(CAST(:months AS INTEGER))) = DATE_PART('day', :value)"
            " THEN :value + TO_MONTHS(CAST(:months AS INTEGER)) END"
        },
        public=False,
    ),
    Function(
        "excel_moment", ("value",), TIMESTAMP,
        "The text as a day number of Excel's 1900 calendar, to the millisecond, or null; day 60 (1900-02-29) never was.",
        {
            "duckdb": "CASE WHEN REGEXP_FULL_MATCH(:value, '[0-9]{1,7}(?:[.][0-9]+)?') AND TRY_CAST(:value AS DOUBLE) >= 1"
            " AND TRY_CAST(:value AS DOUBLE) < 2958466 AND FLOOR(TRY_CAST(:value AS DOUBLE)) <> 60"
            " THEN TIMESTAMP '1899-12-30' + TO_MICROSECONDS(1000 * CAST(ROUND((TRY_CAST(:value AS DOUBLE)"
            " + CASE WHEN TRY_CAST(:value AS DOUBLE) < 60 THEN 1 ELSE 0 END) * 86400000) AS BIGINT)) END"
        },
        public=False,
    ),
    Function(
        "unix_moment", ("value", "microseconds"), TIMESTAMP,
        "The text as a count of so many microseconds since 1970-01-01 00:00:00 UTC, or null.",
        {
            "duckdb": "CASE WHEN REGEXP_FULL_MATCH(:value, '-?[0-9]{1,17}(?:[.][0-9]{1,6})?')"
            " THEN TRY(MAKE_TIMESTAMP(TRY_CAST(TRY_CAST(:value AS DECIMAL(24, 6)) * :microseconds AS BIGINT))) END"
        },
        public=False,
    ),
)  # fmt: skip

_ZONES = (
    Function(
        "at_zone", ("value", "zone"), TIMESTAMPTZ, "The instant at which clocks in the zone show the moment.",
        {"duckdb": "TIMEZONE(:zone, :value)"}, public=False,
    ),
    Function(
        "clock_in", ("value", "zone"), TIMESTAMP, "What clocks in the zone show at the instant.",
        {"duckdb": "TIMEZONE(:zone, :value)"}, public=False,
    ),
    Function(
        "midnight_date", ("value",), DATE, "The date of a moment that is midnight, or null.",
        {"duckdb": "CASE WHEN DATE_TRUNC('day', :value) = :value THEN CAST(:value AS DATE) END"}, public=False,
    ),
    Function(
        "moment_text", ("value", "format"), TEXT, "The date or moment written by a strftime format.",
        {"duckdb": "STRFTIME(:value, :format)"}, public=False,
    ),
    Function(
        "instant_text", ("value",), TEXT, "The instant in UTC as ISO 8601 has it, with a blank and +00.",
        {"duckdb": "CAST(:value AS VARCHAR)"}, public=False,
    ),
    Function(
        "fits_mask", ("value", "mask"), BOOLEAN, "Whether the text fits a LIKE pattern.", {"duckdb": ":value LIKE :mask"}, public=False,
    ),
    Function(
        "fits_pattern", ("value", "pattern"), BOOLEAN, "Whether the whole text fits a pattern of this project's own.",
        {"duckdb": "REGEXP_FULL_MATCH(:value, :pattern)"}, public=False,
    ),
)  # fmt: skip

_ZEROS = "".join("REPLACE(" for _ in range(9)) + ":value" + "".join(f", '{digit}', '0')" for digit in range(1, 10))

_SHAPES = (
    # Nine replacements are faster than one translation or one regular expression.
    Function("digit_shape", ("value",), TEXT, "The text with every digit as 0.", {"duckdb": _ZEROS}, public=False),
    Function(
        "first_over_12", ("value", "shape"), BOOLEAN, "Whether the text begins with a number of two digits over 12.",
        {"duckdb": "REGEXP_MATCHES(:shape, '^00[^0]') AND :value >= '13'"}, public=False,
    ),
    Function(
        "second_over_12", ("value", "shape"), BOOLEAN, "Whether the text's second number, of two digits, is over 12.",
        {
            "duckdb": "CASE WHEN REGEXP_MATCHES(:shape, '^00[^0]00(?:[^0]|$)') THEN SUBSTRING(:value, 4, 2) >= '13'"
            " WHEN REGEXP_MATCHES(:shape, '^0[^0]00(?:[^0]|$)') THEN SUBSTRING(:value, 3, 2) >= '13' ELSE FALSE END"
        },
        public=False,
    ),
)  # fmt: skip

FUNCTIONS: tuple[Function, ...] = (*_STRICT, *_READING, *_ZONES, *_SHAPES)
