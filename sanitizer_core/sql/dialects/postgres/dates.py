"""Dates, times and instants, in the words of PostgreSQL; a cast stands behind the pattern and the calendar that it needs."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.date_formats import CUT_WORDS
from sanitizer_core.sql.dialects.postgres.holding import given
from sanitizer_core.sql.dialects.postgres.reading import moment_text, read_instant, read_moment
from sanitizer_core.sql.function import Lowering, Said

_BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6})?)?"
_OFFSET = "(?:Z|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)"
_DIGITS = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_ISO = {
    "day": f"^{_DIGITS}$",
    "clock": f"^{_CLOCK}$",
    "moment": f"^{_DIGITS}(?:[T ]{_CLOCK})?$",
    "instant": f"^{_DIGITS}[T ]{_CLOCK}{_OFFSET}$",
}
# As DuckDB asks it: of the year, the month and the day only that they are digits, and no year 0.
_HAS_OFFSET = (
    f"^(?:[1-9][0-9][0-9][0-9]|0[1-9][0-9][0-9]|00[1-9][0-9]|000[1-9])-[0-9][0-9]-[0-9][0-9][T ]{_CLOCK} ?{_OFFSET}$"
)


def _text(start: int, length: int) -> str:
    return f'substr(:value, {start}, {length}) COLLATE "C"'


_YEAR = "CAST(substr(:value, 1, 4) AS int)"
_LAST = (
    "CASE WHEN substr(:value, 6, 2) IN ('04', '06', '09', '11') THEN '30' WHEN substr(:value, 6, 2) <> '02' THEN '31'"
    f" WHEN {_YEAR} % 4 = 0 AND ({_YEAR} % 100 <> 0 OR {_YEAR} % 400 = 0) THEN '29' ELSE '28' END"
)
_REAL = (
    f"{_text(6, 2)} BETWEEN '01' AND '12' AND {_text(9, 2)} >= '01' AND ({_text(9, 2)} <= '28' OR {_text(9, 2)} <= {_LAST})"
    " AND substr(:value, 1, 4) <> '0000'"
)
"""Whether a text that begins with YYYY-MM-DD names a day of the calendar."""

_FIRST, _LAST_MOMENT = "CAST('0001-01-01' AS timestamp)", "CAST('9999-12-31 23:59:59.999999' AS timestamp)"
_IN_CALENDAR = f"BETWEEN {_FIRST} AND {_LAST_MOMENT}"


def _guarded(pattern: str, cast: str) -> str:
    return f"CASE WHEN :value ~ :{pattern} THEN CASE WHEN {_REAL} THEN {cast} END END"


_INSTANT = given(
    "CASE WHEN \"@i\" BETWEEN CAST('0001-01-01 00:00:00+00' AS timestamptz) AND CAST('9999-12-31 23:59:59.999999+00' AS timestamptz)"
    ' THEN "@i" END',
    {"@i": "CAST(:value AS timestamptz)"},
)


def _moved(days: str, microseconds: str) -> str:
    """An interval without the rounding of large doubles."""
    return f"make_interval(days => CAST({days} AS int), secs => CAST({microseconds} AS double precision) / 1000000)"


_SERIAL = "CAST(:value AS double precision)"
_MILLISECONDS = f"CAST(floor(({_SERIAL} + CASE WHEN {_SERIAL} < 60 THEN 1 ELSE 0 END) * 86400000 + 0.5) AS bigint)"
_EXCEL_DAYS = _moved('"@ms" / 86400000', '"@ms" % 86400000 * 1000')
_UNIX_DAYS = _moved('div("@us", 86400000000)', 'mod("@us", 86400000000)')
_EXCEL_MOMENT = given(f"CAST('1899-12-30' AS timestamp) + {_EXCEL_DAYS}", {"@ms": _MILLISECONDS})
_EXCEL = (
    "CASE WHEN :value ~ '^[0-9]+(?:[.][0-9]+)?$' AND length(:value) < 300 AND length(split_part(:value, '.', 1)) <= 7 THEN"
    f" CASE WHEN {_SERIAL} >= 1 AND {_SERIAL} < 2958466 AND floor({_SERIAL}) <> 60 THEN {_EXCEL_MOMENT} END END"
)
_UNIX_MOMENT = given(
    'CASE WHEN "@us" BETWEEN -62135596800000000 AND 253402300799999999'
    f" THEN CAST('1970-01-01' AS timestamp) + {_UNIX_DAYS} END",
    {"@us": "round(CAST(:value AS numeric) * :microseconds)"},
)
_UNIX = (
    "CASE WHEN :value ~ '^-?[0-9]+(?:[.][0-9]+)?$' AND length(ltrim(split_part(:value, '.', 1), '-')) <= 17"
    f" AND length(split_part(:value, '.', 2)) <= 6 THEN {_UNIX_MOMENT} END"
)

# Said once, so that it need not be held.
_BEFORE = "CAST('0999-12-31 23:59:59.999999' AS timestamp)"

_MOVED_ON = ":value + make_interval(months => CAST(:months AS int))"


def fits_pattern(constants: Mapping[str, str]) -> Lowering:
    """A word on the case of letters has to stand at the very beginning of a pattern."""
    pattern = constants["pattern"]
    flag = "(?i)" if pattern.startswith("(?i)") else ""
    return Lowering(":value ~ :whole", {"whole": f"{flag}^(?:{pattern.removeprefix(flag)})$"})


LOWERINGS: Mapping[str, Said] = {
    "try_date": Lowering(_guarded("day", "CAST(:value AS date)"), _ISO),
    "try_time": Lowering("CASE WHEN :value ~ :clock THEN CAST(:value AS time) END", _ISO),
    "try_timestamp": Lowering(_guarded("moment", "CAST(:value AS timestamp)"), _ISO),
    "try_timestamptz": Lowering(
        f"CASE WHEN :value ~ :instant THEN CASE WHEN {_REAL} THEN {_INSTANT} END"
        f" WHEN :value ~ :moment THEN CASE WHEN {_REAL} THEN CAST(:value AS timestamp) AT TIME ZONE 'UTC' END END",
        _ISO,
    ),
    "has_offset": Lowering(":value ~ :zoned", {"zoned": _HAS_OFFSET}),
    "read_moment": read_moment,
    "read_instant": read_instant,
    "cut_words": Lowering("regexp_replace(:value, :words, :cut, 'g')", {"words": CUT_WORDS, "cut": r"\1"}),
    "offset_in_digits": Lowering("regexp_replace(btrim(:value, :blanks), '[zZ]$', '+00')", {"blanks": _BLANKS}),
    "plain_year": f"nullif(greatest(:value, {_BEFORE}), {_BEFORE})",
    "in_calendar": f"CASE WHEN :value {_IN_CALENDAR} THEN :value END",
    "add_century": f"CASE WHEN extract(day FROM {_MOVED_ON}) = extract(day FROM :value) THEN {_MOVED_ON} END",
    "excel_moment": _EXCEL,
    "unix_moment": _UNIX,
    "at_zone": "timezone(:zone, :value)",
    "clock_in": "timezone(:zone, :value)",
    "midnight_date": "CASE WHEN date_trunc('day', :value) = :value THEN CAST(:value AS date) END",
    "instant_text": "CAST(timezone('UTC', :value) AS TEXT) || '+00'",
    "moment_text": moment_text,
    "fits_mask": ":value LIKE :mask ESCAPE ''",
    "fits_pattern": fits_pattern,
    "digit_shape": "translate(:value, '123456789', '000000000')",
    "first_over_12": ":shape ~ '^00[^0]' AND :value COLLATE \"C\" >= '13'",
    "second_over_12": "CASE WHEN :shape ~ '^00[^0]00(?:[^0]|$)' THEN substr(:value, 4, 2) COLLATE \"C\" >= '13'"
    " WHEN :shape ~ '^0[^0]00(?:[^0]|$)' THEN substr(:value, 3, 2) COLLATE \"C\" >= '13' ELSE FALSE END",
}
"""By the function's name."""
