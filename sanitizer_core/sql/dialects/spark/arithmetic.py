"""Arithmetic, in the words of Spark. Most templates fit doubles, whole numbers and decimals alike."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Said

# Beyond, a double has no fraction; a remainder of an infinity is no number.
_LARGE = "typeof(:value) = 'double' AND abs(:value) >= 4503599627370496"
_TRUNC = f"CASE WHEN {_LARGE} OR :value % 1 = 0 THEN :value WHEN abs(:value) < 1 THEN :value * 0 ELSE :value - :value % 1 END"
_HELD = "round(:value) < 9223372036854775808"

LOWERINGS: Mapping[str, Said] = {
    "add": "try_add(:left, :right)",
    "subtract": "try_subtract(:left, :right)",
    "multiply": "try_multiply(:left, :right)",
    "divide": ":left / nullif(:right, 0)",
    "remainder": ":left % nullif(:right, 0)",
    "abs": "CASE WHEN typeof(:value) = 'bigint' AND :value < -9223372036854775807 THEN NULL ELSE abs(:value) END",
    "sign": "CASE WHEN :value = CAST('NaN' AS DOUBLE) THEN 0 ELSE CAST(sign(:value) AS BIGINT) END",
    "ceil": f"CASE WHEN NOT ({_LARGE}) AND :value > 0 AND :value % 1 <> 0 THEN {_TRUNC} + 1 ELSE {_TRUNC} END",
    "floor": f"CASE WHEN NOT ({_LARGE}) AND :value < 0 AND :value % 1 <> 0 THEN {_TRUNC} - 1 ELSE {_TRUNC} END",
    "trunc": _TRUNC,
    "round_number": "round(:value, :digits)",
    "whole_number": f"CASE WHEN {_HELD} THEN TRY_CAST(round(:value) AS BIGINT) END",
    "where_possible": ":value",
    "sqrt": "CASE WHEN :value >= 0 THEN sqrt(:value) END",
    "power": "CASE WHEN power(:value, :exponent) < CAST('NaN' AS DOUBLE) THEN power(:value, :exponent) END",
    "exp": "exp(:value)",
    "ln": "CASE WHEN :value > 0 THEN ln(:value) END",
    "log10": "CASE WHEN :value > 0 THEN `log10`(:value) END",
    "log2": "CASE WHEN :value > 0 THEN `log2`(:value) END",
    "larger": "greatest(:left, :right)",
    "smaller": "least(:left, :right)",
}
