"""Parts of dates and instants, and moving them, in the words of Spark. Sessions run in UTC."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.date_parts import UNITS
from sanitizer_core.sql.function import Said

_FIELDS = {
    "year": "YEAR", "quarter": "QUARTER", "month": "MONTH", "week": "WEEK", "day": "DAY", "dayofyear": "DOY",
    "isodow": "DAYOFWEEK_ISO", "hour": "HOUR", "minute": "MINUTE", "second": "SECOND",
}  # fmt: skip

_EPOCH = "CAST(unix_micros(CAST({} AS TIMESTAMP)) AS DOUBLE) / 1000000"
_CALENDAR = "BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
# Nothing here may raise: Spark evaluates what is written twice before it looks at the guard in front of it.
_DAYS = "date_add(:value, CAST(least(greatest(:days, -4000000), 4000000) AS INT))"
_MONTHS = "add_months(:value, CAST(least(greatest(:months, -120000), 120000) AS INT))"
_MOVED = (
    ":value + make_dt_interval(0, 0, 0, CAST(CAST(TRY_CAST(round(CASE WHEN abs(:seconds) < 400000000000 THEN :seconds END"
    " * 1000000) AS BIGINT) AS DECIMAL(19, 0)) * 0.000001 AS DECIMAL(18, 6)))"
)

LOWERINGS: Mapping[str, Said] = {
    **{name: f"CAST(extract({field} FROM :value) AS BIGINT)" for name, field in _FIELDS.items()},
    "epoch": _EPOCH.format(":value"),
    "make_date": "CASE WHEN :year BETWEEN 1 AND 9999 AND :month BETWEEN 1 AND 12 AND :day BETWEEN 1 AND 31"
    " THEN CAST(try_make_timestamp_ntz(CAST(:year AS INT), CAST(:month AS INT), CAST(:day AS INT), 0, 0, 0) AS DATE) END",
    "add_days": f"CASE WHEN {_DAYS} {_CALENDAR} THEN {_DAYS} END",
    "add_months": f"CASE WHEN {_MONTHS} {_CALENDAR} THEN {_MONTHS} END",
    "days_between": "CAST(datediff(:finish, :start) AS BIGINT)",
    "seconds_between": f"{_EPOCH.format(':finish')} - {_EPOCH.format(':start')}",
    "add_seconds": f"CASE WHEN year({_MOVED}) BETWEEN 1 AND 9999 THEN {_MOVED} END",
    **{f"cut_to_{unit}": f"date_trunc('{unit.upper()}', :value)" for unit in UNITS},
}
