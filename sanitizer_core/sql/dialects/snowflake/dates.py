"""Functions on dates and times, in the words of Snowflake. Instants are TIMESTAMP_TZ, moments without a zone TIMESTAMP_NTZ."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.errors import CompileError
from sanitizer_core.sql import dates
from sanitizer_core.sql.date_parts import UNITS
from sanitizer_core.sql.dialects.date_words import shape, spelled
from sanitizer_core.sql.dialects.patterned import constant, written
from sanitizer_core.sql.function import Lowering, Said

_ISO = next(function.constants for function in dates.FUNCTIONS if function.name == "has_offset")
_WORDS = {
    "Y": "YYYY",
    "m": "MM",
    "d": "DD",
    "H": "HH24",
    "I": "HH12",
    "M": "MI",
    "S": "SS",
    "f": "FF6",
    "b": "MON",
    "p": "AM",
}
_WRITTEN = {**_WORDS, "B": "MMMM", "a": "DY", "y": "YY"}
_UTC = "TO_TIMESTAMP_TZ(TO_CHAR({0}, 'YYYY-MM-DD HH24:MI:SS.FF6') || ' +00:00')"
_MOMENT = "TRY_TO_TIMESTAMP_NTZ(REPLACE(:value, 'T', ' '))"

# One way to write offsets: +02:00, behind the seconds.
_PLAIN_OFFSET = (
    "REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REPLACE(:value, 'T', ' '), ' ?Z$', '+00:00'),"
    " ' ?([+-][0-9]{2})$', '\\\\1:00'), ' ?([+-][0-9]{2}):?([0-9]{2})$', '\\\\1:\\\\2')"
)
_LEAST, _GREATEST = "CAST('0001-01-01' AS TIMESTAMP_NTZ)", "CAST('9999-12-31 23:59:59.999999' AS TIMESTAMP_NTZ)"
_DAYS = "TRY_TO_DOUBLE(:value)"
_EPOCH = "DATE_PART(EPOCH_MICROSECOND, {0}) / 1000000"


def _read(texts: Mapping[str, str]) -> Lowering:
    source = constant(texts, "format")
    return written(
        "CASE WHEN REGEXP_LIKE(:value, :shape) THEN TRY_TO_TIMESTAMP_NTZ(:value, :words) END", "snowflake",
        whole=("shape",), shape=shape(source), told={"words": spelled(source, _WORDS, "snowflake", ('"', '"'))},
    )  # fmt: skip


def _text(texts: Mapping[str, str]) -> Lowering:
    return Lowering(
        "TO_CHAR(:value, :words)", {"words": spelled(constant(texts, "format"), _WRITTEN, "snowflake", ('"', '"'))}
    )


def utc_only(template: str) -> Said:
    """A template for the zone UTC alone: which instant a clock means that was put back is not the same on all engines."""

    def made(texts: Mapping[str, str]) -> Lowering:
        if constant(texts, "zone") != "UTC":
            raise CompileError("moments of another zone than UTC cannot be placed there", hint="Convert them in UTC.")
        return Lowering(template)

    return made


def start_of(template: str) -> Said:
    """A template for the units that are cut to alike."""

    def made(texts: Mapping[str, str]) -> Lowering:
        part = constant(texts, "part")
        if part not in UNITS:
            raise CompileError(
                f"the first day of a {part} cannot be said there", hint="Keep the year, quarter or month."
            )
        return Lowering(template.format("ISOWEEK" if part == "week" and "ISO" in template else part.upper()))

    return made


LOWERINGS: Mapping[str, Said] = {
    "try_date": written(
        "CASE WHEN REGEXP_LIKE(:value, :form) AND :value >= '0001-01-01' THEN TRY_TO_DATE(:value, 'YYYY-MM-DD') END",
        "snowflake", whole=("form",), form="[0-9]{4}-[0-9]{2}-[0-9]{2}",
    ),
    "try_time": written("CASE WHEN REGEXP_LIKE(:value, :form) THEN TRY_TO_TIME(:value) END", "snowflake", whole=("form",), form=_ISO["clock"]),
    "try_timestamp": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) THEN {_MOMENT} END", "snowflake", whole=("form",), form=_ISO["moment"]
    ),
    "try_timestamptz": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) THEN TRY_TO_TIMESTAMP_TZ({_PLAIN_OFFSET})"
        f" WHEN REGEXP_LIKE(:value, :naive) THEN {_UTC.format(_MOMENT)} END",
        "snowflake", whole=("form", "naive"), form=_ISO["instant"], naive=_ISO["moment"],
    ),
    "instant_text": Lowering(
        "REGEXP_REPLACE(TO_CHAR(CONVERT_TIMEZONE('UTC', :value), 'YYYY-MM-DD HH24:MI:SS.FF6'), :zeros, '') || '+00'",
        {"zeros": "[.]?0+$"},
    ),
    "has_offset": written("REGEXP_LIKE(:value, :form)", "snowflake", whole=("form",), form=_ISO["instant"]),
    "read_moment": _read,
    "cut_words": "REGEXP_REPLACE(:value, '([A-Za-z]{3})[A-Za-z]*[.]?', '\\\\1')",
    "plain_year": "CASE WHEN :value >= CAST('1000-01-01' AS TIMESTAMP_NTZ) THEN :value END",
    "in_calendar": f"CASE WHEN :value BETWEEN {_LEAST} AND {_GREATEST} THEN :value END",
    "add_century": "CASE WHEN DAY(DATEADD(MONTH, :months, :value)) = DAY(:value) THEN DATEADD(MONTH, :months, :value) END",
    "excel_moment": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) AND {_DAYS} >= 1 AND {_DAYS} < 2958466 AND FLOOR({_DAYS}) <> 60"
        f" THEN DATEADD(MILLISECOND, ROUND(({_DAYS} + CASE WHEN {_DAYS} < 60 THEN 1 ELSE 0 END) * 86400000),"
        " CAST('1899-12-30' AS TIMESTAMP_NTZ)) END",
        "snowflake", whole=("form",), form="[0-9]{1,7}(?:[.][0-9]+)?",
    ),
    "unix_moment": written(
        "CASE WHEN REGEXP_LIKE(:value, :form) THEN DATEADD(MICROSECOND,"
        " ROUND(TRY_TO_DECIMAL(:value, 24, 6) * :microseconds), CAST('1970-01-01' AS TIMESTAMP_NTZ)) END",
        "snowflake", whole=("form",), form="-?[0-9]{1,17}(?:[.][0-9]{1,6})?",
    ),
    "at_zone": utc_only(_UTC.format(":value")),
    "clock_in": "CAST(CONVERT_TIMEZONE(:zone, :value) AS TIMESTAMP_NTZ)",
    "midnight_date": "CASE WHEN CAST(CAST(:value AS DATE) AS TIMESTAMP_NTZ) = :value THEN CAST(:value AS DATE) END",
    "moment_text": _text,
    "year": "YEAR(:value)",
    "quarter": "QUARTER(:value)",
    "month": "MONTH(:value)",
    "week": "WEEKISO(:value)",
    "day": "DAY(:value)",
    "dayofyear": "DAYOFYEAR(:value)",
    "isodow": "DAYOFWEEKISO(:value)",
    "hour": "HOUR(:value)",
    "minute": "MINUTE(:value)",
    "second": "SECOND(:value)",
    "epoch": _EPOCH.format(":value"),
    "make_date": (
        "CASE WHEN :year BETWEEN 1 AND 9999 AND :month BETWEEN 1 AND 12 AND :day BETWEEN 1 AND 31"
        " THEN TRY_TO_DATE(LPAD(CAST(:year AS VARCHAR), 4, '0') || '-' || LPAD(CAST(:month AS VARCHAR), 2, '0')"
        " || '-' || LPAD(CAST(:day AS VARCHAR), 2, '0'), 'YYYY-MM-DD') END"
    ),
    "add_days": "DATEADD(DAY, :days, :value)",
    "add_months": "DATEADD(MONTH, :months, :value)",
    "days_between": "DATEDIFF(DAY, :start, :finish)",
    "seconds_between": "DATEDIFF(MICROSECOND, :start, :finish) / CAST(1000000 AS DOUBLE)",
    "add_seconds": "DATEADD(MICROSECOND, ROUND(:seconds * 1000000), :value)",
    "start_of": start_of("DATE_TRUNC('{0}', :value)"),
    **{f"cut_to_{unit}": f"DATE_TRUNC('{unit.upper()}', :value)" for unit in UNITS},
}  # fmt: skip
"""By the function's name."""
