"""Functions on numbers, in the words of BigQuery.

It fails where a float overflows, so ``power`` and ``exp`` are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import own, written
from sanitizer_core.sql.function import Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_PLAIN = "[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)"
_FLOAT = f"{_PLAIN}(?:[eE][+-]?[0-9]+)?"
_FINITE = "NOT (IS_NAN({0}) OR IS_INF({0}))"
_MINUS = "CASE WHEN STRPOS(:value, '-') > 0 OR STRPOS(:value, '(') > 0 OR STRPOS(:value, '−') > 0 THEN '-' ELSE '' END"
_FIRST = "REPLACE(REPLACE(COALESCE(REGEXP_EXTRACT(:value, :run), ''), :thousands, ''), :mark, '.')"
_CAST = "SAFE_CAST(:value AS FLOAT64)"
_TRIMMED = "SAFE_CAST(TRIM(:value, :blanks) AS FLOAT64)"

# The fewest digits that read back as the same float are 15, or 16, or 17; what is whole needs no point.
_SHORTEST = "CASE WHEN SAFE_CAST(FORMAT('%.15g', :value) AS FLOAT64) = :value THEN {0} WHEN SAFE_CAST(FORMAT('%.16g', :value) AS FLOAT64) = :value THEN {1} ELSE {2} END"
_FLOAT_TEXT = (
    "CASE WHEN :value = TRUNC(:value) AND ABS(:value) < 1e16 AND :value <> 0 THEN CAST(CAST(:value AS INT64) AS STRING)"
    " WHEN ABS(:value) >= 1e-4 AND ABS(:value) < 1e16 THEN "
    + _SHORTEST.format("FORMAT('%.15g', :value)", "FORMAT('%.16g', :value)", "FORMAT('%.17g', :value)")
    + " WHEN :value = 0 OR IS_NAN(:value) OR IS_INF(:value) THEN FORMAT('%g', :value) ELSE REGEXP_REPLACE("
    + _SHORTEST.format("FORMAT('%.14e', :value)", "FORMAT('%.15e', :value)", "FORMAT('%.16e', :value)")
    + ", '[.]?0*e', 'e') END"
)

LOWERINGS: Mapping[str, Said] = {
    "try_integer": "CASE WHEN REGEXP_CONTAINS(:value, '^[+-]?[0-9]+$') THEN SAFE_CAST(LTRIM(:value, '+') AS INT64) END",
    "try_float": written(
        f"CASE WHEN REGEXP_CONTAINS(:value, :form) AND {_FINITE.format(_CAST)} THEN {_CAST} END",
        "bigquery", whole=("form",), form=_FLOAT,
    ),
    "loose_float": written(
        f"CASE WHEN REGEXP_CONTAINS(:value, :form) AND {_FINITE.format(_TRIMMED)} THEN {_TRIMMED} END",
        "bigquery", whole=("form",), form=f"[{WHITE_SPACE}]*{_FLOAT}[{WHITE_SPACE}]*", told={"blanks": WHITE_SPACE},
    ),
    "try_decimal": written(
        "CASE WHEN REGEXP_CONTAINS(:value, :form)"
        " AND CHAR_LENGTH(COALESCE(REGEXP_EXTRACT(:value, '[.]([0-9]*[1-9])0*$'), '')) <= :scale"
        " THEN SAFE_CAST(:value AS NUMERIC(:precision, :scale)) END",
        "bigquery", whole=("form",), form=_PLAIN,
    ),
    "try_boolean": "CASE WHEN LOWER(:value) = 'true' THEN TRUE WHEN LOWER(:value) = 'false' THEN FALSE END",
    "float_text": _FLOAT_TEXT,
    "plain_number": own(f"CONCAT({_MINUS}, REPLACE(REGEXP_REPLACE(:value, :others, ''), :mark, '.'))", "bigquery", "others"),
    "first_number": own(f"CONCAT({_MINUS}, {_FIRST})", "bigquery", "run"),
    "leading_number": own(
        f"CONCAT(CASE WHEN REGEXP_CONTAINS(:value, :signed) THEN '-' ELSE '' END, {_FIRST})", "bigquery", "run",
        signed=f"^[{WHITE_SPACE}]*[-−]",
    ),
    "before_blank": "SUBSTR(:value, 1, GREATEST(STRPOS(:value, ' ') - 1, 0))",
    "after_blank": "SUBSTR(:value, STRPOS(:value, ' ') + 1)",
    "exponent_of": "COALESCE(REGEXP_EXTRACT(:value, '[0-9.,][eE]([+-]?[0-9]+)'), '')",
    "without_exponent": "REGEXP_REPLACE(:value, '([0-9.,])[eE][+-]?[0-9]+', '\\\\1')",
    "parts_joined": "CONCAT(:number, 'e', :exponent)",
    "money_marked": own("REGEXP_REPLACE(:value, :money, '¤')", "bigquery", "money"),
    "leading_part": own(
        "CASE WHEN :value IS NOT NULL THEN COALESCE(REGEXP_EXTRACT(:value, :pattern), '') END", "bigquery", "pattern"
    ),
    "without_part": own("REGEXP_REPLACE(:value, :pattern, '')", "bigquery", "pattern"),
    "cast_integer": "SAFE_CAST(ROUND(SAFE_CAST(:value AS BIGNUMERIC)) AS INT64)",
    "cast_float": f"CASE WHEN {_FINITE.format(_CAST)} THEN {_CAST} END",
    "cast_decimal": "SAFE_CAST(:value AS NUMERIC(:precision, :scale))",
    "same_number": "STRPOS(:text, 'e') <= 16 AND CAST(:number AS FLOAT64) = SAFE_CAST(:text AS FLOAT64)",
    "below": "ABS(CAST(:number AS FLOAT64)) < :limit",
    "whole": "CASE WHEN :value = TRUNC(:value) THEN SAFE_CAST(:value AS INT64) END",
    "exact_float": "CASE WHEN SAFE_CAST(CAST(:value AS FLOAT64) AS BIGNUMERIC) = :value THEN CAST(:value AS FLOAT64) END",
    "truth": "CASE WHEN :value = 1 THEN TRUE WHEN :value = 0 THEN FALSE END",
    "add": "SAFE_ADD(:left, :right)",
    "subtract": "SAFE_SUBTRACT(:left, :right)",
    "multiply": "SAFE_MULTIPLY(:left, :right)",
    "add_decimals": "SAFE_ADD(CAST(:left AS BIGNUMERIC), CAST(:right AS BIGNUMERIC))",
    "subtract_decimals": "SAFE_SUBTRACT(CAST(:left AS BIGNUMERIC), CAST(:right AS BIGNUMERIC))",
    "multiply_decimals": "SAFE_MULTIPLY(CAST(:left AS BIGNUMERIC), CAST(:right AS BIGNUMERIC))",
    "divide": "IEEE_DIVIDE(:left, NULLIF(:right, 0))",
    "remainder": "MOD(:left, NULLIF(:right, 0))",
    "abs": "SAFE.ABS(:value)",
    "sign": "CAST(SIGN(:value) AS INT64)",
    "ceil": "CEIL(:value)",
    "floor": "FLOOR(:value)",
    "trunc": "TRUNC(:value)",
    "round_number": "ROUND(:value, :digits)",
    "whole_number": "SAFE_CAST(ROUND(:value) AS INT64)",
    "to_decimal": "SAFE_CAST(:value AS NUMERIC(:precision, :scale))",
    "sqrt": "CASE WHEN :value >= 0 OR IS_NAN(:value) THEN SQRT(:value) END",
    "is_nan": "IS_NAN(:value)",
    "is_finite": _FINITE.format(":value"),
    "finite": f"CASE WHEN {_FINITE.format(':value')} THEN :value END",
}  # fmt: skip
"""By the function's name."""
