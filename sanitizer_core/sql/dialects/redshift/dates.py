"""Functions on dates and times, in the words of Redshift.

Reading by a format fails there on the first bad cell, so cells are written as ISO 8601 first, which can be tried.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.errors import CompileError
from sanitizer_core.sql import dates
from sanitizer_core.sql.dialects.date_words import spelled, to_iso
from sanitizer_core.sql.dialects.patterned import constant, written
from sanitizer_core.sql.dialects.snowflake.dates import utc_only
from sanitizer_core.sql.function import Lowering, Said

_ISO = next(function.constants for function in dates.FUNCTIONS if function.name == "has_offset")
_WRITTEN = {"Y": "YYYY", "y": "YY", "m": "MM", "d": "DD", "H": "HH24", "I": "HH12", "M": "MI", "S": "SS", "f": "US", "b": "Mon", "B": "FMMonth",
            "a": "Dy", "A": "FMDay", "p": "AM", "-m": "FMMM", "-d": "FMDD", "-H": "FMHH24", "-I": "FMHH12"}  # fmt: skip
_MOMENT = "TRY_CAST(REPLACE(:value, 'T', ' ') AS TIMESTAMP)"
_PLAIN_OFFSET = (
    "REGEXP_REPLACE(REGEXP_REPLACE(REPLACE(:value, 'T', ' '), ' ?Z$', '+00'), ' ?([+-][0-9]{2}):?([0-9]{2})$', '$1:$2')"
)
_LEAST, _GREATEST = "CAST('0001-01-01 00:00:00' AS TIMESTAMP)", "CAST('9999-12-31 23:59:59.999999' AS TIMESTAMP)"
_CENTURY = "DATEADD(MONTH, CAST(:months AS INTEGER), :value)"


def _read(texts: Mapping[str, str]) -> Lowering:
    pattern, found = to_iso(constant(texts, "format"))
    if not {"Y", "m", "d"} <= set(found):
        raise CompileError("times without a date cannot be read by a format there", hint="Leave the column out.")
    place = {directive: f"${number}" for number, directive in enumerate(found, 1)}
    iso = f"{place['Y']}-{place['m']}-{place['d']}"
    if "H" in place:
        iso += f" {place['H']}:{place.get('M', '00')}:{place.get('S', '00')}" + (
            f".{place['f']}" if "f" in place else ""
        )
    template = "CASE WHEN :value ~ :shape THEN TRY_CAST(REGEXP_REPLACE(:value, :shape, :iso) AS TIMESTAMP) END"
    return written(template, "redshift", shape=pattern, told={"iso": iso})


def _text(texts: Mapping[str, str]) -> Lowering:
    return Lowering(
        "TO_CHAR(:value, :words)", {"words": spelled(constant(texts, "format"), _WRITTEN, "redshift", ('"', '"'))}
    )


LOWERINGS: Mapping[str, Said] = {
    "try_date": "CASE WHEN :value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND :value >= '0001-01-01' THEN TRY_CAST(:value AS DATE) END",
    "try_time": written("CASE WHEN :value ~ :form THEN TRY_CAST(:value AS TIME) END", "redshift", whole=("form",), form=_ISO["clock"]),
    "try_timestamp": written(f"CASE WHEN :value ~ :form THEN {_MOMENT} END", "redshift", whole=("form",), form=_ISO["moment"]),
    "try_timestamptz": written(
        f"CASE WHEN :value ~ :form THEN TRY_CAST({_PLAIN_OFFSET} AS TIMESTAMPTZ)"
        " WHEN :value ~ :naive THEN TRY_CAST(REPLACE(:value, 'T', ' ') || '+00' AS TIMESTAMPTZ) END",
        "redshift", whole=("form", "naive"), form=_ISO["instant"], naive=_ISO["moment"],
    ),
    "instant_text": "CAST(:value AT TIME ZONE 'UTC' AS VARCHAR(64)) || '+00'",
    "has_offset": written(":value ~ :form", "redshift", whole=("form",), form=_ISO["instant"]),
    "read_moment": _read,
    "cut_words": "REGEXP_REPLACE(:value, '([A-Za-z]{3})[A-Za-z]*[.]?', '$1')",
    "plain_year": "CASE WHEN :value >= CAST('1000-01-01 00:00:00' AS TIMESTAMP) THEN :value END",
    "in_calendar": f"CASE WHEN :value BETWEEN {_LEAST} AND {_GREATEST} THEN :value END",
    "add_century": f"CASE WHEN DATE_PART(DAY, {_CENTURY}) = DATE_PART(DAY, :value) THEN {_CENTURY} END",
    "at_zone": utc_only(":value AT TIME ZONE :zone"),
    "clock_in": ":value AT TIME ZONE :zone",
    "midnight_date": "CASE WHEN CAST(CAST(:value AS DATE) AS TIMESTAMP) = :value THEN CAST(:value AS DATE) END",
    "moment_text": _text,
    **{part: f"CAST(DATE_PART({part.upper()}, :value) AS BIGINT)" for part in ("year", "quarter", "month", "week", "day", "hour", "minute", "second")},
    "dayofyear": "CAST(DATE_PART(DOY, :value) AS BIGINT)",
    "isodow": "CASE DATE_PART(DOW, :value) WHEN 0 THEN 7 ELSE DATE_PART(DOW, :value) END",
    "make_date": (
        "CASE WHEN :year BETWEEN 1 AND 9999 THEN TRY_CAST(LPAD(CAST(:year AS VARCHAR(4)), 4, '0') || '-'"
        " || LPAD(CAST(:month AS VARCHAR(20)), 2, '0') || '-' || LPAD(CAST(:day AS VARCHAR(20)), 2, '0') AS DATE) END"
    ),
    "add_days": "CAST(DATEADD(DAY, CAST(:days AS INTEGER), :value) AS DATE)",
    "add_months": "CAST(DATEADD(MONTH, CAST(:months AS INTEGER), :value) AS DATE)",
    "days_between": "CAST(DATEDIFF(DAY, :start, :finish) AS BIGINT)",
    "seconds_between": "DATEDIFF(MICROSECOND, :start, :finish) / CAST(1000000 AS DOUBLE PRECISION)",
}  # fmt: skip
"""By the function's name."""
