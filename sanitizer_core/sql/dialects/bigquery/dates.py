"""Functions on dates and times, in the words of BigQuery. Instants are TIMESTAMP, moments without a zone DATETIME."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql import dates
from sanitizer_core.sql.dialects.date_words import shape, spelled
from sanitizer_core.sql.dialects.patterned import constant, written
from sanitizer_core.sql.dialects.snowflake.dates import start_of, utc_only
from sanitizer_core.sql.function import Lowering, Said

_ISO = next(function.constants for function in dates.FUNCTIONS if function.name == "has_offset")
_WORDS = {each: f"%{each}" for each in "YymdHIMSbp"} | {"S.f": "%E*S"}
_WRITTEN = {each: f"%{each}" for each in "ymdHIMSbBaAp"} | {"Y": "%E4Y"}
_SECONDS = "CASE WHEN CHAR_LENGTH(:value) IN (5, 16) THEN CONCAT(:value, ':00') ELSE :value END"
_MOMENT = f"SAFE_CAST({_SECONDS} AS DATETIME)"

# One way to write offsets: +02:00, behind the seconds.
_PLAIN_OFFSET = (
    "REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(:value, ' ?Z$', '+00:00'),"
    " ' ?([+-][0-9]{2})$', '\\\\1:00'), ' ?([+-][0-9]{2}):?([0-9]{2})$', '\\\\1:\\\\2'),"
    " '([ T][0-9]{2}:[0-9]{2})([+-])', '\\\\1:00\\\\2')"
)
_LEAST, _GREATEST = "DATETIME '0001-01-01 00:00:00'", "DATETIME '9999-12-31 23:59:59.999999'"
_DAYS = "SAFE_CAST(:value AS FLOAT64)"
_MONTHS = "EXTRACT(YEAR FROM :value) * 12 + EXTRACT(MONTH FROM :value) - 1 + :months BETWEEN 12 AND 119999"
_CENTURY = "DATETIME_ADD(:value, INTERVAL :months MONTH)"


def _read(texts: Mapping[str, str]) -> Lowering:
    source = constant(texts, "format")
    words = spelled(source.replace("%S.%f", "%§"), {**_WORDS, "§": "%E*S"}, "bigquery")
    return written(
        "CASE WHEN REGEXP_CONTAINS(:value, :shape) THEN SAFE.PARSE_DATETIME(:words, :value) END", "bigquery",
        whole=("shape",), shape=shape(source), told={"words": words},
    )  # fmt: skip


def _text(texts: Mapping[str, str]) -> Lowering:
    words = spelled(constant(texts, "format"), _WRITTEN, "bigquery")
    return Lowering("FORMAT_DATETIME(:words, CAST(:value AS DATETIME))", {"words": words})


def _unit(unit: str) -> str:
    return "ISOWEEK" if unit == "week" else unit.upper()


LOWERINGS: Mapping[str, Said] = {
    "try_date": "CASE WHEN REGEXP_CONTAINS(:value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') THEN SAFE_CAST(:value AS DATE) END",
    "try_time": written(f"CASE WHEN REGEXP_CONTAINS(:value, :form) THEN SAFE_CAST({_SECONDS} AS TIME) END", "bigquery", whole=("form",), form=_ISO["clock"]),
    "try_timestamp": written(
        f"CASE WHEN REGEXP_CONTAINS(:value, :form) THEN {_MOMENT} END", "bigquery", whole=("form",), form=_ISO["moment"]
    ),
    "try_timestamptz": written(
        f"CASE WHEN REGEXP_CONTAINS(:value, :form) THEN SAFE_CAST({_PLAIN_OFFSET} AS TIMESTAMP)"
        f" WHEN REGEXP_CONTAINS(:value, :naive) THEN TIMESTAMP({_MOMENT}, 'UTC') END",
        "bigquery", whole=("form", "naive"), form=_ISO["instant"], naive=_ISO["moment"],
    ),
    "instant_text": Lowering(
        "CONCAT(REGEXP_REPLACE(FORMAT_TIMESTAMP('%E4Y-%m-%d %H:%M:%E6S', :value, 'UTC'), :zeros, ''), '+00')",
        {"zeros": "[.]?0+$"},
    ),
    "has_offset": written("REGEXP_CONTAINS(:value, :form)", "bigquery", whole=("form",), form=_ISO["instant"]),
    "read_moment": _read,
    "cut_words": "REGEXP_REPLACE(:value, '([A-Za-z]{3})[A-Za-z]*[.]?', '\\\\1')",
    "plain_year": "CASE WHEN :value >= DATETIME '1000-01-01 00:00:00' THEN :value END",
    "in_calendar": f"CASE WHEN :value BETWEEN {_LEAST} AND {_GREATEST} THEN :value END",
    "add_century": f"CASE WHEN EXTRACT(DAY FROM {_CENTURY}) = EXTRACT(DAY FROM :value) THEN {_CENTURY} END",
    "excel_moment": (
        f"CASE WHEN REGEXP_CONTAINS(:value, '^[0-9]{{1,7}}(?:[.][0-9]+)?$') AND {_DAYS} >= 1 AND {_DAYS} < 2958466"
        f" AND FLOOR({_DAYS}) <> 60 THEN DATETIME_ADD(DATETIME '1899-12-30 00:00:00', INTERVAL"
        f" CAST(ROUND(({_DAYS} + CASE WHEN {_DAYS} < 60 THEN 1 ELSE 0 END) * 86400000) AS INT64) MILLISECOND) END"
    ),
    "unix_moment": (
        "CASE WHEN REGEXP_CONTAINS(:value, '^-?[0-9]{1,17}(?:[.][0-9]{1,6})?$') THEN DATETIME(SAFE.TIMESTAMP_MICROS("
        "SAFE_CAST(ROUND(SAFE_CAST(:value AS BIGNUMERIC) * :microseconds) AS INT64)), 'UTC') END"
    ),
    "at_zone": utc_only("TIMESTAMP(:value, :zone)"),
    "clock_in": "DATETIME(:value, :zone)",
    "midnight_date": "CASE WHEN CAST(CAST(:value AS DATE) AS DATETIME) = :value THEN CAST(:value AS DATE) END",
    "moment_text": _text,
    **{part: f"EXTRACT({part.upper()} FROM :value)" for part in ("year", "quarter", "month", "day", "dayofyear", "hour", "minute", "second")},
    "week": "EXTRACT(ISOWEEK FROM :value)",
    "isodow": "MOD(EXTRACT(DAYOFWEEK FROM :value) + 5, 7) + 1",
    "epoch": "UNIX_MICROS(CAST(:value AS TIMESTAMP)) / 1000000",
    "make_date": "SAFE.DATE(:year, :month, :day)",
    "add_days": "SAFE.DATE_FROM_UNIX_DATE(UNIX_DATE(:value) + :days)",
    "add_months": f"CASE WHEN {_MONTHS} THEN DATE_ADD(:value, INTERVAL :months MONTH) END",
    "days_between": "DATE_DIFF(:finish, :start, DAY)",
    "seconds_between": "DATETIME_DIFF(:finish, :start, MICROSECOND) / 1000000",
    "start_of": start_of("DATE_TRUNC(:value, {0})"),
    **{f"cut_to_{unit}": f"DATE_TRUNC(:value, {_unit(unit)})" for unit in ("year", "quarter", "month", "week", "day")},
}  # fmt: skip
"""By the function's name."""
