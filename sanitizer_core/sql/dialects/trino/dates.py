"""Functions on dates and times, in the words of Trino, to the microsecond."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql import dates
from sanitizer_core.sql.date_parts import UNITS
from sanitizer_core.sql.dialects.date_words import shape, spelled
from sanitizer_core.sql.dialects.patterned import constant, written
from sanitizer_core.sql.dialects.snowflake.dates import start_of, utc_only
from sanitizer_core.sql.function import Lowering, Said

_ISO = next(function.constants for function in dates.FUNCTIONS if function.name == "has_offset")
# Two-digit years are of another century from 70 on rather than 69; fractions are cut to milliseconds.
_WORDS = {"Y": "%Y", "m": "%m", "d": "%d", "H": "%H", "I": "%h", "M": "%i", "S": "%s", "b": "%b", "p": "%p"}
_WRITTEN = {
    **_WORDS,
    "y": "%y",
    "B": "%M",
    "a": "%a",
    "A": "%W",
    "f": "%f",
    "-m": "%c",
    "-d": "%e",
    "-H": "%k",
    "-I": "%l",
}
_MOMENT = "TRY_CAST(REPLACE(:value, 'T', ' ') AS TIMESTAMP(6))"
_PLAIN_OFFSET = (
    "REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REPLACE(:value, 'T', ' '), ' ?Z$', ' +00:00'),"
    " ' ?([+-][0-9]{2})$', ' $1:00'), ' ?([+-][0-9]{2}):?([0-9]{2})$', ' $1:$2')"
)
_LEAST, _GREATEST = "TIMESTAMP '0001-01-01 00:00:00.000000'", "TIMESTAMP '9999-12-31 23:59:59.999999'"
_DAYS = "TRY_CAST(:value AS DOUBLE)"
_CENTURY = "DATE_ADD('month', :months, :value)"
_SECONDS = "TO_UNIXTIME(WITH_TIMEZONE(CAST({0} AS TIMESTAMP(6)), 'UTC'))"


def _read(texts: Mapping[str, str]) -> Lowering:
    source = constant(texts, "format")
    return written(
        "CASE WHEN REGEXP_LIKE(:value, :shape) THEN CAST(TRY(DATE_PARSE(:value, :words)) AS TIMESTAMP(6)) END", "trino",
        whole=("shape",), shape=shape(source), told={"words": spelled(source, _WORDS, "trino")},
    )  # fmt: skip


def _text(texts: Mapping[str, str]) -> Lowering:
    words = spelled(constant(texts, "format"), _WRITTEN, "trino")
    return Lowering("DATE_FORMAT(CAST(:value AS TIMESTAMP(6)), :words)", {"words": words})


LOWERINGS: Mapping[str, Said] = {
    "try_date": written(
        "CASE WHEN REGEXP_LIKE(:value, :form) AND :value >= '0001-01-01' THEN TRY_CAST(:value AS DATE) END",
        "trino", whole=("form",), form="[0-9]{4}-[0-9]{2}-[0-9]{2}",
    ),
    "try_time": written("CASE WHEN REGEXP_LIKE(:value, :form) THEN TRY_CAST(:value AS TIME(6)) END", "trino", whole=("form",), form=_ISO["clock"]),
    "try_timestamp": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) THEN {_MOMENT} END", "trino", whole=("form",), form=_ISO["moment"]
    ),
    "try_timestamptz": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) THEN TRY_CAST({_PLAIN_OFFSET} AS TIMESTAMP(6) WITH TIME ZONE)"
        f" WHEN REGEXP_LIKE(:value, :naive) THEN WITH_TIMEZONE({_MOMENT}, 'UTC') END",
        "trino", whole=("form", "naive"), form=_ISO["instant"], naive=_ISO["moment"],
    ),
    "instant_text": Lowering(
        "REGEXP_REPLACE(CAST(CAST(AT_TIMEZONE(:value, 'UTC') AS TIMESTAMP(6)) AS VARCHAR), :zeros, '') || '+00'",
        {"zeros": "[.]?0+$"},
    ),
    "has_offset": written("REGEXP_LIKE(:value, :form)", "trino", whole=("form",), form=_ISO["instant"]),
    "read_moment": _read,
    "cut_words": "REGEXP_REPLACE(:value, '([A-Za-z]{3})[A-Za-z]*[.]?', '$1')",
    "plain_year": "CASE WHEN :value >= TIMESTAMP '1000-01-01 00:00:00.000000' THEN :value END",
    "in_calendar": f"CASE WHEN :value BETWEEN {_LEAST} AND {_GREATEST} THEN :value END",
    "add_century": f"CASE WHEN DAY({_CENTURY}) = DAY(:value) THEN {_CENTURY} END",
    "excel_moment": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) AND {_DAYS} >= 1 AND {_DAYS} < 2958466 AND FLOOR({_DAYS}) <> 60"
        f" THEN DATE_ADD('millisecond', CAST(ROUND(({_DAYS} + CASE WHEN {_DAYS} < 60 THEN 1 ELSE 0 END) * 86400000) AS BIGINT),"
        " TIMESTAMP '1899-12-30 00:00:00.000000') END",
        "trino", whole=("form",), form="[0-9]{1,7}(?:[.][0-9]+)?",
    ),
    "unix_moment": written(
        "CASE WHEN REGEXP_LIKE(:value, :form) THEN CAST(AT_TIMEZONE(FROM_UNIXTIME_NANOS("
        "CAST(TRY_CAST(ROUND(TRY_CAST(:value AS DECIMAL(24, 6)) * :microseconds) AS BIGINT) AS DECIMAL(38, 0)) * 1000), 'UTC')"
        " AS TIMESTAMP(6)) END",
        "trino", whole=("form",), form="-?[0-9]{1,17}(?:[.][0-9]{1,6})?",
    ),
    "at_zone": utc_only("WITH_TIMEZONE(:value, :zone)"),
    "clock_in": "CAST(AT_TIMEZONE(:value, :zone) AS TIMESTAMP(6))",
    "midnight_date": "CASE WHEN CAST(CAST(:value AS DATE) AS TIMESTAMP(6)) = :value THEN CAST(:value AS DATE) END",
    "moment_text": _text,
    "year": "YEAR(:value)",
    "quarter": "QUARTER(:value)",
    "month": "MONTH(:value)",
    "week": "WEEK(:value)",
    "day": "DAY(:value)",
    "dayofyear": "DAY_OF_YEAR(:value)",
    "isodow": "DAY_OF_WEEK(:value)",
    "hour": "HOUR(:value)",
    "minute": "MINUTE(:value)",
    "second": "SECOND(:value)",
    "epoch": _SECONDS.format(":value"),
    "make_date": (
        "CASE WHEN :year BETWEEN 1 AND 9999 THEN TRY_CAST(LPAD(CAST(:year AS VARCHAR), 4, '0') || '-'"
        " || LPAD(CAST(:month AS VARCHAR), 2, '0') || '-' || LPAD(CAST(:day AS VARCHAR), 2, '0') AS DATE) END"
    ),
    "add_days": "TRY(DATE_ADD('day', :days, :value))",
    "add_months": "TRY(DATE_ADD('month', :months, :value))",
    "days_between": "DATE_DIFF('day', :start, :finish)",
    "seconds_between": f"{_SECONDS.format(':finish')} - {_SECONDS.format(':start')}",
    "start_of": start_of("DATE_TRUNC('{0}', :value)"),
    **{f"cut_to_{unit}": f"DATE_TRUNC('{unit}', :value)" for unit in UNITS},
}  # fmt: skip
"""By the function's name."""
