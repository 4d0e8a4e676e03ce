"""Functions on numbers, in the words of Snowflake, whose whole numbers have 38 digits: those of 64 bits are told apart.

The text of a float has fewer digits there than it needs, so ``float_text`` is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import own, written
from sanitizer_core.sql.function import Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_LIMITS = "BETWEEN -9223372036854775808 AND 9223372036854775807"
_PLAIN = "[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)"
_FLOAT = f"{_PLAIN}(?:[eE][+-]?[0-9]+)?"
_FINITE = "NOT IN (CAST('NaN' AS DOUBLE), CAST('inf' AS DOUBLE), CAST('-inf' AS DOUBLE))"
_MINUS = "CASE WHEN CONTAINS(:value, '-') OR CONTAINS(:value, '(') OR CONTAINS(:value, '−') THEN '-' ELSE '' END"
_FIRST = "REPLACE(REPLACE(COALESCE(REGEXP_SUBSTR(:value, :run), ''), :thousands, ''), :mark, '.')"


def _whole(sign: str) -> str:
    return f"CASE WHEN :left {sign} :right {_LIMITS} THEN :left {sign} :right END"


def _integer(value: str) -> str:
    """A number as 64 bits; a float just beyond them would compare as equal to the greatest."""
    return (
        f"CASE WHEN {value} >= -9223372036854775808 AND {value} < 9223372036854775808 THEN CAST({value} AS BIGINT) END"
    )


LOWERINGS: Mapping[str, Said] = {
    "try_integer": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) AND TRY_TO_NUMBER(:value, 38, 0) {_LIMITS} THEN TRY_TO_NUMBER(:value, 38, 0) END",
        "snowflake", whole=("form",), form="[+-]?[0-9]+",
    ),
    "try_float": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) AND TRY_TO_DOUBLE(:value) {_FINITE} THEN TRY_TO_DOUBLE(:value) END",
        "snowflake", whole=("form",), form=_FLOAT,
    ),
    "loose_float": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) AND TRY_TO_DOUBLE(TRIM(:value, :blanks)) {_FINITE}"
        " THEN TRY_TO_DOUBLE(TRIM(:value, :blanks)) END",
        "snowflake", whole=("form",), form=f"[{WHITE_SPACE}]*{_FLOAT}[{WHITE_SPACE}]*", told={"blanks": WHITE_SPACE},
    ),
    "try_decimal": written(
        "CASE WHEN REGEXP_LIKE(:value, :form)"
        " AND LENGTH(COALESCE(REGEXP_SUBSTR(:value, '[.]([0-9]*[1-9])0*$', 1, 1, 'e', 1), '')) <= :scale"
        " THEN TRY_TO_DECIMAL(:value, :precision, :scale) END",
        "snowflake", whole=("form",), form=_PLAIN,
    ),
    "try_boolean": "CASE WHEN LOWER(:value) = 'true' THEN TRUE WHEN LOWER(:value) = 'false' THEN FALSE END",
    "plain_number": own(f"{_MINUS} || REPLACE(REGEXP_REPLACE(:value, :others, ''), :mark, '.')", "snowflake", "others"),
    "first_number": own(f"{_MINUS} || {_FIRST}", "snowflake", "run"),
    "leading_number": own(
        f"CASE WHEN REGEXP_LIKE(:value, :signed, 's') THEN '-' ELSE '' END || {_FIRST}", "snowflake", "run",
        signed=f"[{WHITE_SPACE}]*[-−](?:.|\n)*",
    ),
    "before_blank": "SUBSTR(:value, 1, GREATEST(CHARINDEX(' ', :value) - 1, 0))",
    "after_blank": "SUBSTR(:value, CHARINDEX(' ', :value) + 1)",
    "exponent_of": "COALESCE(REGEXP_SUBSTR(:value, '[0-9.,][eE]([+-]?[0-9]+)', 1, 1, 'e', 1), '')",
    "without_exponent": "REGEXP_REPLACE(:value, '([0-9.,])[eE][+-]?[0-9]+', '\\\\1')",
    "parts_joined": ":number || 'e' || :exponent",
    "money_marked": own("REGEXP_REPLACE(:value, :money, '¤')", "snowflake", "money"),
    "leading_part": own(
        "CASE WHEN :value IS NOT NULL THEN COALESCE(REGEXP_SUBSTR(:value, :pattern), '') END", "snowflake", "pattern"
    ),
    "without_part": own("REGEXP_REPLACE(:value, :pattern, '', 1, 1)", "snowflake", "pattern"),
    "cast_integer": f"CASE WHEN ROUND(TRY_TO_DECIMAL(:value, 38, 19)) {_LIMITS} THEN ROUND(TRY_TO_DECIMAL(:value, 38, 19)) END",
    "cast_float": f"CASE WHEN TRY_TO_DOUBLE(:value) {_FINITE} THEN TRY_TO_DOUBLE(:value) END",
    "cast_decimal": "TRY_TO_DECIMAL(CAST(:value AS VARCHAR), :precision, :scale)",
    "same_number": "CHARINDEX('e', :text) <= 16 AND CAST(:number AS DOUBLE) = TRY_TO_DOUBLE(:text)",
    "below": "ABS(CAST(:number AS DOUBLE)) < :limit",
    "whole": f"CASE WHEN :value = TRUNC(:value) THEN {_integer(':value')} END",
    "exact_float": (
        "CASE WHEN ABS(:value) < 1000000000000000000000000000 AND CAST(CAST(:value AS DOUBLE) AS DECIMAL(38, 10)) = :value"
        " THEN CAST(:value AS DOUBLE) END"
    ),
    "truth": "CASE WHEN :value = 1 THEN TRUE WHEN :value = 0 THEN FALSE END",
    "add": _whole("+"),
    "subtract": _whole("-"),
    "multiply": _whole("*"),
    "divide": ":left / NULLIF(:right, 0)",
    "remainder": ":left % NULLIF(:right, 0)",
    "abs": "ABS(:value)",
    "sign": "CAST(SIGN(:value) AS BIGINT)",
    "ceil": "CEIL(:value)",
    "floor": "FLOOR(:value)",
    "trunc": "TRUNC(:value)",
    "round_number": "ROUND(:value, :digits)",
    "whole_number": _integer("ROUND(:value)"),
    "sqrt": "CASE WHEN :value >= 0 THEN SQRT(:value) END",
    "larger": "CASE WHEN :left >= :right OR :right IS NULL THEN :left ELSE :right END",
    "smaller": "CASE WHEN :left <= :right OR :right IS NULL THEN :left ELSE :right END",
    "is_nan": ":value = CAST('NaN' AS DOUBLE)",
    "is_finite": f":value {_FINITE}",
    "finite": f"CASE WHEN :value {_FINITE} THEN :value END",
}  # fmt: skip
"""By the function's name."""
