"""Arithmetic, in the words of Spark. Most templates fit doubles, whole numbers and decimals alike."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Said

# Beyond, a double has no fraction; a remainder of an infinity is no number.
_LARGE = "typeof(:value) = 'double' AND abs(:value) >= 4503599627370496"
_TRUNC = f"CASE WHEN {_LARGE} OR :value % 1 = 0 THEN :value WHEN abs(:value) < 1 THEN :value * 0 ELSE :value - :value % 1 END"
_HELD = "round(:value) < 9223372036854775808"

# The text of a double has not all digits of a large one, so it goes by way of three whole numbers of 42 bits.
_UNIT = "4398046511104"  # 2 to the power of 42
_SCALED = "round(abs(:value) * power(10, :scale))"
_HIGH = f"CAST(floor({_SCALED} / {_UNIT} / {_UNIT}) AS DECIMAL(38, 0))"
_REST = f"({_SCALED} - floor({_SCALED} / {_UNIT} / {_UNIT}) * CAST({_UNIT} AS DOUBLE) * {_UNIT})"
_MIDDLE = f"CAST(floor({_REST} / {_UNIT}) AS DECIMAL(38, 0))"
_LOW = f"CAST({_REST} - floor({_REST} / {_UNIT}) * CAST({_UNIT} AS DOUBLE) AS DECIMAL(38, 0))"
_DIGITS = f"(({_HIGH} * {_UNIT} + {_MIDDLE}) * {_UNIT} + {_LOW})"
_TO_DECIMAL = (
    f"CASE WHEN {_SCALED} < power(10, :precision) THEN TRY_CAST(CASE WHEN :value < 0 THEN -1 ELSE 1 END * {_DIGITS} * CAST(concat('1E-', :scale) AS DECIMAL(38, :scale))"
    " AS DECIMAL(:precision, :scale)) END"
)


def _rounded(move: str) -> str:
    """Rounded after the point is moved and back; Spark's own rounding goes by the double's text, and loses the sign of zero."""
    back = "*" if move == "/" else "/"
    moved, power = f":value {move} power(10, abs(:digits))", "power(10, abs(:digits))"
    return (
        f"CASE WHEN NOT abs({moved}) < CAST('Infinity' AS DOUBLE) THEN :value"
        f" WHEN round({moved}) = 0 THEN :value * 0 ELSE round({moved}) {back} {power} END"
    )


LOWERINGS: Mapping[str, Said] = {
    **{
        f"{name}{kind}": f"try_{name}(:left, :right)"
        for name in ("add", "subtract", "multiply")
        for kind in ("", "_decimals")
    },
    "divide": ":left / nullif(:right, 0)",
    "remainder": ":left % nullif(:right, 0)",
    "float_remainder": ":left % nullif(:right, 0)",
    "abs": "CASE WHEN typeof(:value) = 'bigint' AND :value < -9223372036854775807 THEN NULL ELSE abs(:value) END",
    "sign": "CASE WHEN :value = CAST('NaN' AS DOUBLE) THEN 0 ELSE CAST(sign(:value) AS BIGINT) END",
    "ceil": f"CASE WHEN NOT ({_LARGE}) AND :value > 0 AND :value % 1 <> 0 THEN {_TRUNC} + 1 ELSE {_TRUNC} END",
    "floor": f"CASE WHEN NOT ({_LARGE}) AND :value < 0 AND :value % 1 <> 0 THEN {_TRUNC} - 1 ELSE {_TRUNC} END",
    "trunc": _TRUNC,
    "round_number": "round(:value, :digits)",
    "whole_number": f"CASE WHEN {_HELD} THEN TRY_CAST(round(:value) AS BIGINT) END",
    "to_decimal": "TRY_CAST(:value AS DECIMAL(:precision, :scale))",
    "float_to_decimal": _TO_DECIMAL,
    "round_float": f"CASE WHEN :digits < 0 THEN {_rounded('/')} ELSE {_rounded('*')} END",
    "sqrt": "CASE WHEN :value >= 0 THEN sqrt(:value) END",
    "larger": "greatest(:left, :right)",
    "smaller": "least(:left, :right)",
}
