"""Functions on numbers, in the words of Trino."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import own, written
from sanitizer_core.sql.function import Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_PLAIN = "[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)"
_FLOAT = f"{_PLAIN}(?:[eE][+-]?[0-9]+)?"
_MINUS = "CASE WHEN STRPOS(:value, '-') > 0 OR STRPOS(:value, '(') > 0 OR STRPOS(:value, '−') > 0 THEN '-' ELSE '' END"
_FIRST = "REPLACE(REPLACE(COALESCE(REGEXP_EXTRACT(:value, :run), ''), :thousands, ''), :mark, '.')"
_CAST = "TRY_CAST(:value AS DOUBLE)"
_TRIMMED = "TRY_CAST(TRIM(BOTH :blanks FROM :value) AS DOUBLE)"

# Java's formatter begins with the fewest digits that read back as the same float, and puts zeros behind them.
_FLOAT_TEXT = (
    "CASE WHEN IS_NAN(:value) THEN 'nan' WHEN IS_INFINITE(:value) THEN CASE WHEN :value > 0 THEN 'inf' ELSE '-inf' END"
    " WHEN :value = 0 THEN CASE WHEN CAST(:value AS VARCHAR) LIKE '-%' THEN '-0' ELSE '0' END"
    " WHEN :value = TRUNCATE(:value) AND ABS(:value) < 1e16 THEN CAST(CAST(:value AS BIGINT) AS VARCHAR)"
    " WHEN ABS(:value) >= 1e-4 AND ABS(:value) < 1e16 THEN REGEXP_REPLACE(FORMAT('%.24f', :value), '[.]?0+\\z', '')"
    " ELSE REGEXP_REPLACE(FORMAT('%.16e', :value), '[.]?0*e', 'e') END"
)

LOWERINGS: Mapping[str, Said] = {
    "try_integer": written(
        "CASE WHEN REGEXP_LIKE(:value, :form) THEN TRY_CAST(:value AS BIGINT) END", "trino", whole=("form",), form="[+-]?[0-9]+"
    ),
    "try_float": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) AND IS_FINITE({_CAST}) THEN {_CAST} END", "trino", whole=("form",), form=_FLOAT
    ),
    "loose_float": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) AND IS_FINITE({_TRIMMED}) THEN {_TRIMMED} END",
        "trino", whole=("form",), form=f"[{WHITE_SPACE}]*{_FLOAT}[{WHITE_SPACE}]*", told={"blanks": WHITE_SPACE},
    ),
    "try_decimal": written(
        "CASE WHEN REGEXP_LIKE(:value, :form) AND LENGTH(COALESCE(REGEXP_EXTRACT(:value, :fraction, 1), '')) <= :scale"
        " THEN TRY_CAST(:value AS DECIMAL(:precision, :scale)) END",
        "trino", whole=("form",), form=_PLAIN, fraction="[.]([0-9]*[1-9])0*$",
    ),
    "try_boolean": "CASE WHEN LOWER(:value) = 'true' THEN TRUE WHEN LOWER(:value) = 'false' THEN FALSE END",
    "float_text": _FLOAT_TEXT,
    "plain_number": own(f"{_MINUS} || REPLACE(REGEXP_REPLACE(:value, :others, ''), :mark, '.')", "trino", "others"),
    "first_number": own(f"{_MINUS} || {_FIRST}", "trino", "run"),
    "leading_number": own(
        f"CASE WHEN REGEXP_LIKE(:value, :signed) THEN '-' ELSE '' END || {_FIRST}", "trino", "run", signed=f"^[{WHITE_SPACE}]*[-−]"
    ),
    "before_blank": "SUBSTR(:value, 1, GREATEST(STRPOS(:value, ' ') - 1, 0))",
    "after_blank": "SUBSTR(:value, STRPOS(:value, ' ') + 1)",
    "exponent_of": "COALESCE(REGEXP_EXTRACT(:value, '[0-9.,][eE]([+-]?[0-9]+)', 1), '')",
    "without_exponent": "REGEXP_REPLACE(:value, '([0-9.,])[eE][+-]?[0-9]+', '$1')",
    "parts_joined": ":number || 'e' || :exponent",
    "money_marked": own("REGEXP_REPLACE(:value, :money, '¤')", "trino", "money"),
    "leading_part": own(
        "CASE WHEN :value IS NOT NULL THEN COALESCE(REGEXP_EXTRACT(:value, :pattern), '') END", "trino", "pattern"
    ),
    "without_part": own("REGEXP_REPLACE(:value, :pattern, '')", "trino", "pattern"),
    "cast_integer": "TRY_CAST(ROUND(TRY_CAST(:value AS DECIMAL(38, 19))) AS BIGINT)",
    "cast_float": f"CASE WHEN IS_FINITE({_CAST}) THEN {_CAST} END",
    "cast_decimal": "TRY_CAST(:value AS DECIMAL(:precision, :scale))",
    "same_number": "STRPOS(:text, 'e') <= 16 AND CAST(:number AS DOUBLE) = TRY_CAST(:text AS DOUBLE)",
    "below": "ABS(CAST(:number AS DOUBLE)) < :limit",
    "whole": "CASE WHEN :value = TRUNCATE(:value) THEN TRY_CAST(:value AS BIGINT) END",
    "exact_float": "CASE WHEN TRY_CAST(CAST(:value AS DOUBLE) AS DECIMAL(38, 10)) = :value THEN CAST(:value AS DOUBLE) END",
    "truth": "CASE WHEN :value = 1 THEN TRUE WHEN :value = 0 THEN FALSE END",
    "add": "TRY(:left + :right)",
    "subtract": "TRY(:left - :right)",
    "multiply": "TRY(:left * :right)",
    "add_decimals": "TRY(:left + :right)",
    "subtract_decimals": "TRY(:left - :right)",
    "multiply_decimals": "TRY(:left * :right)",
    "divide": ":left / NULLIF(:right, 0)",
    "remainder": "TRY(:left % NULLIF(:right, 0))",
    "float_remainder": "TRY(:left % NULLIF(:right, 0))",
    "abs": "TRY(ABS(:value))",
    "sign": "CAST(SIGN(:value) AS BIGINT)",
    "ceil": "CEIL(:value)",
    "floor": "FLOOR(:value)",
    "trunc": "TRUNCATE(:value)",
    "round_number": "ROUND(:value, CAST(:digits AS INTEGER))",
    "whole_number": "TRY_CAST(ROUND(:value) AS BIGINT)",
    "where_possible": "TRY(:value)",
    "to_decimal": "TRY_CAST(:value AS DECIMAL(:precision, :scale))",
    "sqrt": "CASE WHEN :value >= 0 OR IS_NAN(:value) THEN SQRT(:value) END",
    "is_nan": "IS_NAN(:value)",
    "is_finite": "IS_FINITE(:value)",
    "finite": "CASE WHEN IS_FINITE(:value) THEN :value END",
}  # fmt: skip
"""By the function's name."""
