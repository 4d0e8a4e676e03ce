"""Functions on numbers, in the words of Redshift.

How it writes and rounds floats is not that of the others, so ``float_text`` and rounding are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import own, written
from sanitizer_core.sql.function import Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_LIMITS = "BETWEEN -9223372036854775808 AND 9223372036854775807"
_PLAIN = "[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)"
_FLOAT = f"{_PLAIN}(?:[eE][+-]?[0-9]+)?"
_DOUBLE = "DOUBLE PRECISION"
_FINITE = f"NOT IN (CAST('NaN' AS {_DOUBLE}), CAST('Infinity' AS {_DOUBLE}), CAST('-Infinity' AS {_DOUBLE}))"
_CAST = f"TRY_CAST(:value AS {_DOUBLE})"
_TRIMMED = f"TRY_CAST(BTRIM(:value, :blanks) AS {_DOUBLE})"
_MINUS = "CASE WHEN STRPOS(:value, '-') > 0 OR STRPOS(:value, '(') > 0 OR STRPOS(:value, '−') > 0 THEN '-' ELSE '' END"
_FIRST = "REPLACE(REPLACE(REGEXP_SUBSTR(:value, :run), :thousands, ''), :mark, '.')"
_ROUNDED = "ROUND(TRY_CAST(:value AS DECIMAL(38, 19)), 0)"


def _whole(sign: str) -> str:
    wide = f"CAST(:left AS DECIMAL(38, 0)) {sign} :right"
    return f"CASE WHEN {wide} {_LIMITS} THEN :left {sign} :right END"


def _plainly(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Byte by byte or not, a run of all others is the same."""
    return {**texts, "others": texts["others"] + "+"}


LOWERINGS: Mapping[str, Said] = {
    "try_integer": "CASE WHEN :value ~ '^[+-]?[0-9]+$' THEN TRY_CAST(:value AS BIGINT) END",
    "try_float": written(
        f"CASE WHEN :value ~ :form AND {_CAST} {_FINITE} THEN {_CAST} END", "redshift", whole=("form",), form=_FLOAT
    ),
    "loose_float": written(
        f"CASE WHEN :value ~ :form AND {_TRIMMED} {_FINITE} THEN {_TRIMMED} END",
        "redshift", whole=("form",), form=f"[{WHITE_SPACE}]*{_FLOAT}[{WHITE_SPACE}]*", told={"blanks": WHITE_SPACE},
    ),
    "try_decimal": written(
        "CASE WHEN :value ~ :form AND LEN(REGEXP_SUBSTR(:value, '[.]([0-9]*[1-9])0*$', 1, 1, 'e')) <= :scale"
        " THEN TRY_CAST(:value AS DECIMAL(:precision, :scale)) END",
        "redshift", whole=("form",), form=_PLAIN,
    ),
    "try_boolean": "CASE WHEN LOWER(:value) = 'true' THEN TRUE WHEN LOWER(:value) = 'false' THEN FALSE END",
    "plain_number": lambda texts: own(
        f"{_MINUS} || REPLACE(REGEXP_REPLACE(:value, :others, ''), :mark, '.')", "redshift", "others"
    )(_plainly(texts)),
    "first_number": own(f"{_MINUS} || {_FIRST}", "redshift", "run"),
    "leading_number": own(
        f"CASE WHEN REGEXP_INSTR(:value, :signed) > 0 THEN '-' ELSE '' END || {_FIRST}", "redshift", "run", signed=f"^[{WHITE_SPACE}]*[-−]"
    ),
    "before_blank": "SUBSTRING(:value, 1, GREATEST(STRPOS(:value, ' ') - 1, 0))",
    "after_blank": "SUBSTRING(:value, STRPOS(:value, ' ') + 1)",
    "exponent_of": "REGEXP_SUBSTR(:value, '[0-9.,][eE]([+-]?[0-9]+)', 1, 1, 'e')",
    "without_exponent": "REGEXP_REPLACE(:value, '([0-9.,])[eE][+-]?[0-9]+', '$1')",
    "parts_joined": ":number || 'e' || :exponent",
    "money_marked": own("REGEXP_REPLACE(:value, :money, '¤')", "redshift", "money"),
    "leading_part": own("REGEXP_SUBSTR(:value, :pattern)", "redshift", "pattern"),
    "without_part": own("REGEXP_REPLACE(:value, :pattern, '')", "redshift", "pattern"),
    "cast_integer": f"CASE WHEN {_ROUNDED} {_LIMITS} THEN CAST({_ROUNDED} AS BIGINT) END",
    "cast_float": f"CASE WHEN {_CAST} {_FINITE} THEN {_CAST} END",
    # An exponent is read by way of a double, which is held against the text where digits must not be lost.
    "cast_decimal": (
        "CASE WHEN STRPOS(CAST(:value AS VARCHAR(MAX)), 'e') = 0"
        " THEN TRY_CAST(CAST(:value AS VARCHAR(MAX)) AS DECIMAL(:precision, :scale))"
        f" WHEN ABS(TRY_CAST(CAST(:value AS VARCHAR(MAX)) AS {_DOUBLE})) < POWER(10, :precision - :scale) - 1"
        f" THEN CAST(TRY_CAST(CAST(:value AS VARCHAR(MAX)) AS {_DOUBLE}) AS DECIMAL(:precision, :scale)) END"
    ),
    "below": f"ABS(CAST(:number AS {_DOUBLE})) < :limit",
    "same_number": f"STRPOS(:text, 'e') <= 16 AND CAST(:number AS {_DOUBLE}) = TRY_CAST(:text AS {_DOUBLE})",
    "whole": (
        "CASE WHEN :value = TRUNC(:value) AND :value >= -9223372036854775808 AND :value < 9223372036854775808"
        " THEN CAST(:value AS BIGINT) END"
    ),
    "truth": "CASE WHEN :value = 1 THEN TRUE WHEN :value = 0 THEN FALSE END",
    "add": _whole("+"),
    "subtract": _whole("-"),
    "multiply": _whole("*"),
    "divide": ":left / NULLIF(:right, 0)",
    "remainder": ":left % NULLIF(:right, 0)",
    "abs": "CASE WHEN :value > -9223372036854775808 THEN ABS(:value) END",
    "sign": "CAST(SIGN(:value) AS BIGINT)",
    "ceil": "CEIL(:value)",
    "floor": "FLOOR(:value)",
    "trunc": "TRUNC(:value)",
    "sqrt": "CASE WHEN :value >= 0 THEN SQRT(:value) END",
    "larger": "CASE WHEN :left >= :right OR :right IS NULL THEN :left ELSE :right END",
    "smaller": "CASE WHEN :left <= :right OR :right IS NULL THEN :left ELSE :right END",
    "is_nan": f":value = CAST('NaN' AS {_DOUBLE})",
    "is_finite": f":value {_FINITE}",
    "finite": f"CASE WHEN :value {_FINITE} THEN :value END",
}  # fmt: skip
"""By the function's name."""
