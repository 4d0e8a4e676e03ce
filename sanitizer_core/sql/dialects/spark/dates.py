"""Functions between dates, times and text, in the words of Spark. Sessions run in UTC.

Text is read by patterns of this project's own: those of Spark follow a setting that may make a dirty cell an error.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.spark.formats import moment_text, read_instant, read_moment
from sanitizer_core.sql.function import Lowering, Said

_NAIVE = "CAST({} AS TIMESTAMP_NTZ)"
_READ_NAIVE = "TRY_CAST(:value AS TIMESTAMP_NTZ)"
_FIRST, _LAST = "TIMESTAMP_NTZ '0001-01-01 00:00:00'", "TIMESTAMP_NTZ '9999-12-31 23:59:59.999999'"
_CALENDAR = f"BETWEEN {_FIRST} AND {_LAST}"
# Spark wants the seconds of a moment with an offset, and the offset in full.
_WRITTEN = (
    "TRY_CAST(regexp_replace(regexp_replace(regexp_replace(:value, :bare, '$1:00$2'), :hours, '$1:00'), :short, '$1:$2')"
    " AS TIMESTAMP)"
)
_DAY = r"^(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-[0-9]{2}-[0-9]{2}\z"
_NUMBER = "TRY_CAST(:value AS DOUBLE)"
_EXCEL = f"TRY_CAST(round(({_NUMBER} + CASE WHEN {_NUMBER} < 60 THEN 1 ELSE 0 END) * 86400000) AS BIGINT)"
_COUNT = "TRY_CAST(try_multiply(TRY_CAST(:value AS DECIMAL(24, 6)), :microseconds) AS BIGINT)"

# Java takes the first of two instants at which clocks show the same, DuckDB the second: it is the one by the offset of the
# day after, where that shows the moment.
_EARLY = "to_utc_timestamp(:value, :zone)"
_LATER = f"({_EARLY} + INTERVAL '1' DAY)"
_AFTER = f":value - (from_utc_timestamp({_LATER}, :zone) - {_LATER})"
_SECOND = f"CAST({_AFTER} AS TIMESTAMP)"

LOWERINGS: Mapping[str, Said] = {
    "try_date": Lowering("CASE WHEN :value RLIKE :whole THEN TRY_CAST(:value AS DATE) END", {"whole": _DAY}),
    "try_time": r"CASE WHEN :value RLIKE concat('^(?:', :clock, ')\\z') THEN TRY_CAST(:value AS TIME) END",
    "try_timestamp": rf"CASE WHEN :value RLIKE concat('^(?:', :moment, ')\\z') THEN {_READ_NAIVE} END",
    "try_timestamptz": Lowering(
        rf"CASE WHEN :value RLIKE concat('^(?:', :instant, ')\\z') AND NOT :value RLIKE ' [Z+-]' AND {_NAIVE.format(_WRITTEN)} {_CALENDAR} THEN {_WRITTEN}"
        rf" WHEN :value RLIKE concat('^(?:', :moment, ')\\z') THEN CAST({_READ_NAIVE} AS TIMESTAMP) END",
        {
            "bare": r"([T ][0-9]{2}:[0-9]{2})((?:Z|[+-][0-9:]+))\z",
            "hours": r"([+-][0-9]{2})\z",
            "short": r"([+-][0-9]{2}):?([0-9]{2})\z",
        },
    ),
    "has_offset": r":value RLIKE concat('^(?:', :instant, ')\\z')",
    "read_moment": read_moment,
    "read_instant": read_instant,
    "cut_words": Lowering("regexp_replace(:value, :words, '$1')"),
    "offset_in_digits": Lowering(
        r"regexp_replace(trim(BOTH :set FROM :value), '[zZ]\\z', '+00')",
        {"set": " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"},
    ),
    "plain_year": "CASE WHEN :value >= TIMESTAMP_NTZ '1000-01-01 00:00:00' THEN :value END",
    "in_calendar": f"CASE WHEN :value {_CALENDAR} THEN :value END",
    "add_century": "CASE WHEN day(:value + make_ym_interval(0, CAST(:months AS INT))) = day(:value)"
    " THEN :value + make_ym_interval(0, CAST(:months AS INT)) END",
    "excel_moment": r"CASE WHEN :value RLIKE '^[0-9]{1,7}(?:[.][0-9]+)?\\z'"
    f" AND {_NUMBER} >= 1 AND {_NUMBER} < 2958466 AND NOT ({_NUMBER} >= 60 AND {_NUMBER} < 61)"
    f" THEN TIMESTAMP_NTZ '1899-12-30 00:00:00' + make_dt_interval(0, 0, 0, CAST(CAST({_EXCEL} AS DECIMAL(18, 0)) * 0.001"
    " AS DECIMAL(18, 6))) END",
    "unix_moment": r"CASE WHEN :value RLIKE '^-?[0-9]{1,17}(?:[.][0-9]{1,6})?\\z'"
    f" AND {_COUNT} BETWEEN -62135596800000000 AND 253402300799999999"
    f" THEN CAST(timestamp_micros({_COUNT}) AS TIMESTAMP_NTZ) END",
    "at_zone": f"CASE WHEN from_utc_timestamp({_SECOND}, :zone) = :value THEN {_SECOND} ELSE {_EARLY} END",
    "clock_in": _NAIVE.format("from_utc_timestamp(:value, :zone)"),
    "midnight_date": "CASE WHEN CAST(CAST(:value AS DATE) AS TIMESTAMP_NTZ) = :value THEN CAST(:value AS DATE) END",
    "moment_text": moment_text,
    "instant_text": "concat(CAST(:value AS STRING), '+00')",
    "fits_mask": ":value LIKE :mask",
    "fits_pattern": lambda constants: Lowering(":value RLIKE :whole", {"whole": rf"(?u)^(?:{constants['pattern']})\z"}),
    "digit_shape": "translate(:value, '123456789', '000000000')",
    "first_over_12": ":shape RLIKE '^00[^0]' AND :value >= '13'",
    "second_over_12": r"CASE WHEN :shape RLIKE '^00[^0]00(?:[^0]|\\z)' THEN substring(:value, 4, 2) >= '13'"
    r" WHEN :shape RLIKE '^0[^0]00(?:[^0]|\\z)' THEN substring(:value, 3, 2) >= '13' ELSE FALSE END",
}
