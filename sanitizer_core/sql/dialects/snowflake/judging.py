"""How contracts read the cells that they judge, in the words of Snowflake; what is left out is refused."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import written
from sanitizer_core.sql.function import Said
from sanitizer_core.sql.judging import TRUTH_OF_TEXT

_BLANKS = "\t\n\v\f\r "
_FORM = r"[\t\n\f\r ]*[+-]?[0-9]+(?:_[0-9]+)*[\t\n\f\r ]*"
_NUMBER = "TRY_TO_NUMBER(REPLACE(TRIM(:value, :blanks), '_', ''), 38, 0)"

LOWERINGS: Mapping[str, Said] = {
    "pandas_integer": written(
        f"CASE WHEN REGEXP_LIKE(:value, :form) AND {_NUMBER} BETWEEN -9223372036854775808 AND 9223372036854775807"
        f" THEN {_NUMBER} END",
        "snowflake",
        whole=("form",),
        form=_FORM,
        told={"blanks": _BLANKS},
    ),
    "pandas_boolean": TRUTH_OF_TEXT,
    "nan_is_null": "NULLIF(:value, CAST('NaN' AS DOUBLE))",
    "in_code_points": ":value",
    "cut_integer": (
        "CASE WHEN TRUNC(:value) >= -9223372036854775808 AND TRUNC(:value) < 9223372036854775808"
        " THEN CAST(TRUNC(:value) AS BIGINT) END"
    ),
}
"""By the function's name."""
