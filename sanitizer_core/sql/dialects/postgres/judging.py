"""How contracts read the cells that they judge, in the words of PostgreSQL.

A cast of what is none stops the statement, so that each stands behind conditions that only let through what it takes;
CASE is the one place where PostgreSQL promises the order.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.judging import INTEGER_TEXT, TRUTH_OF_TEXT

_BLANKS = "\t\n\v\f\r "
_RUN = "[0-9]+(?:_[0-9]+)*"
_NUMBER = f"[+-]?(?:{_RUN}[.]?(?:{_RUN})?|[.]{_RUN})(?:[eE][+-]?{_RUN})?"
_BARE = "REPLACE(BTRIM(:value, :blanks), '_', '')"
_AS_NUMERIC = f"CAST({_BARE} AS NUMERIC)"
_CONSTANTS = {
    "blanks": _BLANKS,
    "number": f"^[{_BLANKS}]*{_NUMBER}[{_BLANKS}]*$",
    "far": "[eE][+-]?0*[1-9]_?[0-9]_?[0-9]_?[0-9]",
}


def _whole(bounds: str, to: str) -> str:
    return (
        "CASE WHEN :value ~ :pattern AND LENGTH(:value) < 100000 THEN"
        f" CASE WHEN {_AS_NUMERIC} BETWEEN {bounds} THEN CAST({_AS_NUMERIC} AS {to}) END END"
    )


_WHOLE = {"pattern": f"^{INTEGER_TEXT}$", "blanks": _BLANKS}
_LARGEST = "1.797693134862315807e308"

# What is too large is infinite, and what is too near to 0 is 0, as everywhere else.
_FLOAT = (
    "CASE WHEN LOWER(BTRIM(:value, :blanks)) ~ '^[+-]?(inf|infinity)$' THEN"
    " CASE WHEN BTRIM(:value, :blanks) LIKE '-%' THEN CAST('-Infinity' AS DOUBLE PRECISION)"
    " ELSE CAST('Infinity' AS DOUBLE PRECISION) END"
    " WHEN LOWER(BTRIM(:value, :blanks)) ~ '^[+-]?nan$' THEN CAST('NaN' AS DOUBLE PRECISION)"
    " WHEN :value ~ :number AND LENGTH(:value) < 100000 THEN CASE WHEN :value ~ :far THEN CASE"
    f" WHEN :value ~ '[eE]-' OR {_BARE} ~ '^[+-]?[0.]*([eE]|$)' THEN CAST(0 AS DOUBLE PRECISION)"
    " WHEN BTRIM(:value, :blanks) LIKE '-%' THEN CAST('-Infinity' AS DOUBLE PRECISION)"
    " ELSE CAST('Infinity' AS DOUBLE PRECISION) END"
    f" WHEN ABS({_AS_NUMERIC}) >= {_LARGEST} THEN CASE WHEN {_AS_NUMERIC} < 0 THEN CAST('-Infinity' AS DOUBLE PRECISION)"
    " ELSE CAST('Infinity' AS DOUBLE PRECISION) END"
    f" WHEN ABS({_AS_NUMERIC}) < 2.5e-324 THEN CAST(0 AS DOUBLE PRECISION)"
    f" ELSE CAST({_BARE} AS DOUBLE PRECISION) END END"
)


def _decimal(number: str) -> str:
    """``number`` is a NUMERIC; beyond so many digits it is null."""
    return (
        f"CASE WHEN ABS(ROUND({number}, :scale)) < POWER(CAST(10 AS NUMERIC), :precision - :scale)"
        f" THEN CAST({number} AS NUMERIC(:precision, :scale)) END"
    )


_DAYS = (
    "EXTRACT(DAY FROM MAKE_DATE(CAST(SUBSTRING(LTRIM(:value), 1, 4) AS INTEGER), CAST(SUBSTRING(LTRIM(:value), 6, 2) AS INTEGER), 1)"
    " + INTERVAL '1 month' - INTERVAL '1 day')"
)
# Further digits of a second are cut off; PostgreSQL would round them.
_CUT = r"REGEXP_REPLACE(BTRIM(:value), '([.][0-9]{6})[0-9]+', '\1')"
_TO_DAY = f"CAST(SUBSTRING(LTRIM(:value), 9, 2) AS INTEGER) BETWEEN 1 AND {_DAYS}"

_HOUR = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?"
_DATE = " *(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])-[0-9]{2}"
_ZONE = "(?: *(?:Z|UTC)|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)"
_PATTERNS = {
    "moment": f"^{_DATE}(?:[T ]{_HOUR})? *$",
    "instant": f"^{_DATE}(?:[T ]{_HOUR}{_ZONE}?)? *$",
    "zoned": f":[0-9]{{2}}(?:[.][0-9]{{1,9}})?{_ZONE} *$",
    "clock": f"^{_HOUR}$",
}


def _pattern(*names: str) -> dict[str, str]:
    return {name: _PATTERNS[name] for name in names}


LOWERINGS: Mapping[str, Said] = {
    "pandas_integer": Lowering(_whole("-9223372036854775808 AND 9223372036854775807", "BIGINT"), _WHOLE),
    "pandas_unsigned": Lowering(_whole("0 AND 18446744073709551615", "NUMERIC"), _WHOLE),
    "pandas_float": Lowering(_FLOAT, _CONSTANTS),
    "pandas_decimal": Lowering(
        f"CASE WHEN :value ~ :number AND LENGTH(:value) < 100000 THEN CASE WHEN NOT :value ~ :far THEN {_decimal(_AS_NUMERIC)} END END",
        _CONSTANTS,
    ),
    "fitting_decimal": _decimal("CAST(:value AS NUMERIC)"),
    "cut_integer": (
        "CASE WHEN TRUNC(:value) >= -9223372036854775808 AND TRUNC(:value) < 9223372036854775808"
        " THEN CAST(TRUNC(:value) AS BIGINT) END"
    ),
    "nan_is_null": "NULLIF(:value, CAST('NaN' AS DOUBLE PRECISION))",
    "pandas_boolean": TRUTH_OF_TEXT,
    "in_code_points": ':value COLLATE "C"',
    "pandas_timestamp": Lowering(
        f"CASE WHEN :value ~ :moment THEN CASE WHEN {_TO_DAY} THEN CAST({_CUT} AS TIMESTAMP) END END",
        _pattern("moment"),
    ),
    "pandas_timestamptz": Lowering(
        f"CASE WHEN :value ~ :instant THEN CASE WHEN {_TO_DAY} THEN CASE WHEN :value ~ :zoned"
        f" THEN CAST({_CUT} AS TIMESTAMPTZ) ELSE TIMEZONE(:zone, CAST({_CUT} AS TIMESTAMP)) END END END",
        _pattern("instant", "zoned"),
    ),
    "pandas_time": Lowering(f"CASE WHEN :value ~ :clock THEN CAST({_CUT} AS TIME) END", _pattern("clock")),
}
"""By the function's name."""
