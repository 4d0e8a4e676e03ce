"""Parts of dates and times, and moments that move, in the words of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.date_parts import PARTS, UNITS
from sanitizer_core.sql.dialects.postgres.arithmetic import away
from sanitizer_core.sql.dialects.postgres.holding import given
from sanitizer_core.sql.function import Said

_FIELDS = {"dayofyear": "doy"}


def _part(name: str) -> str:
    field = f"extract({_FIELDS.get(name, name)} FROM :value)"
    return f"CAST({f'trunc({field})' if name == 'second' else field} AS bigint)"


def _seconds(value: str) -> str:
    """Seconds since 1970 as DuckDB has them: of whole microseconds as a double."""
    return f"CAST(extract(epoch FROM {value}) * 1000000 AS double precision) / 1000000"


_LAST = (
    "CASE WHEN :month IN (4, 6, 9, 11) THEN 30 WHEN :month <> 2 THEN 31"
    " WHEN :year % 4 = 0 AND (:year % 100 <> 0 OR :year % 400 = 0) THEN 29 ELSE 28 END"
)
_FIRST_DAY, _LAST_DAY = "CAST('0001-01-01' AS date)", "CAST('9999-12-31' AS date)"


def _in_calendar(made: str, first: str, last: str) -> str:
    return given(f'CASE WHEN "@m" BETWEEN {first} AND {last} THEN "@m" END', {"@m": made})


_LATER = _in_calendar(":value + CAST(:days AS int)", _FIRST_DAY, _LAST_DAY)
_MONTHS_LATER = _in_calendar(
    "CAST(:value + make_interval(months => CAST(:months AS int)) AS date)", _FIRST_DAY, _LAST_DAY
)
_SECONDS_LATER = _in_calendar(
    f":value + {away('(:seconds * 1000000)')} * CAST('1 microsecond' AS interval)",
    "CAST('0001-01-01' AS timestamp)",
    "CAST('9999-12-31 23:59:59.999999' AS timestamp)",
)

LOWERINGS: Mapping[str, Said] = {
    **{name: _part(name) for name in PARTS},
    **{f"cut_to_{unit}": f"date_trunc('{unit}', :value)" for unit in UNITS},
    "epoch": _seconds(":value"),
    "make_date": f"CASE WHEN :year BETWEEN 1 AND 9999 AND :month BETWEEN 1 AND 12 AND :day BETWEEN 1 AND {_LAST}"
    " THEN make_date(CAST(:year AS int), CAST(:month AS int), CAST(:day AS int)) END",
    "add_days": f"CASE WHEN :days BETWEEN -3652058 AND 3652058 THEN {_LATER} END",
    "add_months": f"CASE WHEN :months BETWEEN -119988 AND 119988 THEN {_MONTHS_LATER} END",
    "days_between": "CAST(:finish - :start AS bigint)",
    "seconds_between": f"({_seconds(':finish')}) - ({_seconds(':start')})",
    "add_seconds": f"CASE WHEN abs(:seconds) < 1e-200 THEN :value WHEN abs(:seconds) < 4e11 THEN {_SECONDS_LATER} END",
}
"""By the function's name."""
