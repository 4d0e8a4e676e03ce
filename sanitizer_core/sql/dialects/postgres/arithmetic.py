"""Arithmetic that no value makes fail, in the words of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.postgres.holding import given
from sanitizer_core.sql.dialects.postgres.operators import quotient
from sanitizer_core.sql.function import Said

LEAST, MOST = "CAST('-9223372036854775808' AS bigint)", "9223372036854775807"
FLOAT = "CAST(:value AS double precision)"


def _of_integers(sign: str) -> str:
    """Doubles tell that the result is surely within 64 bits; near the limits it is worked out exactly."""
    floats = f"CAST(:left AS double precision) {sign} CAST(:right AS double precision)"
    exact = f"CAST(:left AS numeric) {sign} CAST(:right AS numeric)"
    return (
        f"CASE WHEN abs({floats}) < 9.2e18 THEN :left {sign} :right"
        f" WHEN {exact} BETWEEN -9223372036854775808 AND {MOST} THEN :left {sign} :right END"
    )


def _of_decimals(sign: str) -> str:
    made = f"CAST(:left AS numeric) {sign} CAST(:right AS numeric)"
    return f"CASE WHEN abs({made}) < power(CAST(10 AS numeric), 38 - scale({made})) THEN {made} END"


def away(value: str) -> str:
    """A template of the nearest whole number, halves away from zero; ``round`` of a double takes them to even."""
    return f"CASE WHEN abs({value} - trunc({value})) >= 0.5 THEN trunc({value}) + sign({value}) ELSE trunc({value}) END"


_AWAY = given(
    'CASE WHEN "@r" >= -9223372036854775808 AND "@r" < 9223372036854775808 THEN CAST("@r" AS bigint) END',
    {"@r": away(":value")},
)

# exp() of more is infinite, and of less is 0.
_HIGHEST, _LOWEST = "709.782712893384", "-745.1332191019411"
_INFINITE = "CAST('Infinity' AS double precision)"

_RAISED = (
    "CASE WHEN :value = 0 AND :exponent < 0 THEN"
    f" CASE WHEN left(CAST(:value AS text), 1) = '-' AND :exponent = trunc(:exponent) AND abs(:exponent) < 9e15"
    f" AND mod(CAST(CASE WHEN abs(:exponent) < 9e15 THEN :exponent ELSE 0 END AS bigint), 2) <> 0 THEN -{_INFINITE} ELSE {_INFINITE} END"
    # What is nearly no power at all is 1; so near to 0 the engine would fail at the product below.
    " WHEN abs(:exponent) < 1e-290 AND :exponent <> 0 AND abs(:value) > 0 AND abs(:value) < CAST('Infinity' AS double precision)"
    " AND (:value > 0 OR :exponent = trunc(:exponent)) THEN 1"
    " WHEN :value < 0 AND :value > CAST('-Infinity' AS double precision) AND :exponent <> trunc(:exponent) THEN NULL"
    " WHEN :value = CAST('-Infinity' AS double precision) AND :exponent <> trunc(:exponent) THEN"
    f" CASE WHEN :exponent > 0 THEN {_INFINITE} ELSE 0 END"
    f" WHEN :value IN (0, 1, -1, {_INFINITE}, -{_INFINITE}, CAST('NaN' AS double precision))"
    f" OR :exponent IN (0, 1, {_INFINITE}, -{_INFINITE}, CAST('NaN' AS double precision)) THEN NULLIF(power(:value, :exponent), CAST('NaN' AS double precision))"
    f" WHEN abs(:exponent) > 1e300 OR abs(:exponent * ln(abs(:value))) > 709.78 THEN"
    f" CASE WHEN (CASE WHEN abs(:exponent) > 1e300 THEN sign(:exponent) * ln(abs(:value)) * 1e10 ELSE :exponent * ln(abs(:value)) END) >= {_HIGHEST} THEN"
    f" CASE WHEN :value < 0 AND :exponent = trunc(:exponent) AND abs(:exponent) < 9e15"
    f" AND mod(CAST(CASE WHEN abs(:exponent) < 9e15 THEN :exponent ELSE 0 END AS bigint), 2) <> 0 THEN -{_INFINITE} ELSE {_INFINITE} END"
    f" WHEN (CASE WHEN abs(:exponent) > 1e300 THEN sign(:exponent) * ln(abs(:value)) * 1e10 ELSE :exponent * ln(abs(:value)) END) <= {_LOWEST} THEN"
    f" CASE WHEN :value < 0 AND abs(:exponent) < 9e15"
    f" AND mod(CAST(CASE WHEN abs(:exponent) < 9e15 THEN :exponent ELSE 0 END AS bigint), 2) <> 0 THEN CAST('-0' AS double precision) ELSE 0 END"
    " ELSE power(:value, :exponent) END ELSE power(:value, :exponent) END"
)

_POWER = "CAST(power(CAST(10 AS numeric), abs(CAST(:digits AS int))) AS double precision)"
_NEAREST = away('"@u"')
_UNIT = f"CASE WHEN :digits >= 0 THEN :value * {_POWER} ELSE :value / {_POWER} END"
_NEAREST_UNITS = given(
    f'CASE WHEN :digits >= 0 THEN "@r" / {_POWER} ELSE "@r" * {_POWER} END', {"@u": _UNIT}, {"@r": _NEAREST}
)
# What is nearly 0 is 0 with its sign; beyond 1e15 a double has no digits behind the point, and a product might be too large.
_ROUNDED = (
    f"CASE WHEN abs(:value) < 1e-280 THEN :value * 0 WHEN abs(:value) < 1e250 THEN {_NEAREST_UNITS} ELSE :value END"
)

# A large double is taken apart at powers of two (80 and 40), which loses nothing; a cast would keep 15 digits.
_HIGH, _MIDDLE = "1208925819614629174706176", "1099511627776"
_REST = f'"@r" - "@h" * CAST({_HIGH} AS double precision)'
_EXACT = (
    f'CAST(CAST("@h" AS bigint) AS numeric) * {_HIGH} + CAST(CAST("@m" AS bigint) AS numeric) * {_MIDDLE}'
    f' + CAST(CAST({_REST} - "@m" * CAST({_MIDDLE} AS double precision) AS bigint) AS numeric)'
)
_TENS = "CAST(power(CAST(10 AS numeric), {}) AS double precision)"
_TAKEN_APART = given(
    'CASE WHEN abs("@e") < power(CAST(10 AS numeric), CAST(:precision AS int))'
    " THEN CAST(\"@e\" * CAST(concat('1e-', :scale) AS numeric) AS numeric(:precision, :scale)) END",
    {"@u": f":value * {_TENS.format('CAST(:scale AS int)')}"},
    {"@r": _NEAREST},
    {"@r": '"@r"', "@h": f'trunc("@r" / CAST({_HIGH} AS double precision))'},
    {"@r": '"@r"', "@h": '"@h"', "@m": f"trunc(({_REST}) / CAST({_MIDDLE} AS double precision))"},
    {"@e": _EXACT},
)
_AS_DECIMAL = (
    f"CASE WHEN abs(:value) < {_TENS.format('CAST(:precision AS int) - CAST(:scale AS int)')} THEN {_TAKEN_APART} END"
)

LOWERINGS: Mapping[str, Said] = {
    "add": _of_integers("+"),
    "subtract": _of_integers("-"),
    "multiply": _of_integers("*"),
    "add_decimals": _of_decimals("+"),
    "subtract_decimals": _of_decimals("-"),
    "multiply_decimals": _of_decimals("*"),
    "divide": quotient("NULLIF(:right, 0)"),
    "remainder": ":left % NULLIF(:right, 0)",
    # The type is known only when it runs, and so nothing fails when it is planned.
    "abs": f"abs(CASE WHEN :value = {LEAST} AND pg_typeof(:value) = CAST('bigint' AS regtype) THEN NULL ELSE :value END)",
    "sign": f"CASE WHEN {FLOAT} = CAST('NaN' AS double precision) THEN CAST(0 AS bigint) ELSE CAST(sign(CASE WHEN {FLOAT}"
    " = CAST('NaN' AS double precision) THEN 0 ELSE :value END) AS bigint) END",
    "ceil": "ceil(:value)",
    "floor": "floor(:value)",
    "trunc": "trunc(:value)",
    "round_number": "round(CAST(:value AS numeric), CAST(:digits AS int))",
    "round_float": _ROUNDED,
    "to_decimal": "CASE WHEN abs(round(CAST(:value AS numeric), CAST(:scale AS int)))"
    " < power(CAST(10 AS numeric), CAST(:precision AS int) - CAST(:scale AS int)) THEN CAST(:value AS numeric(:precision, :scale)) END",
    "float_to_decimal": _AS_DECIMAL,
    "whole_number": f"CASE WHEN abs(:value) < 9.3e18 THEN {_AWAY} END",
    "sqrt": "CASE WHEN :value >= 0 THEN sqrt(:value) END",
    "power": _RAISED,
    "exp": f"CASE WHEN :value <= {_HIGHEST} AND :value > {_LOWEST} THEN exp(:value)"
    f" WHEN :value <= {_LOWEST} THEN CAST(0 AS double precision) ELSE :value * {_INFINITE} END",
    "ln": "CASE WHEN :value > 0 THEN ln(:value) END",
    "log10": "CASE WHEN :value > 0 THEN log(:value) END",
    "larger": "GREATEST(:left, :right)",
    "smaller": "LEAST(:left, :right)",
}
"""By the function's name."""
