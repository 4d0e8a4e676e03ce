"""How contracts read the cells that they judge, in the words of Redshift; what is left out is refused."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import written
from sanitizer_core.sql.function import Said
from sanitizer_core.sql.judging import TRUTH_OF_TEXT

_BLANKS = "\t\n\v\f\r "
_FORM = r"[\t\n\f\r ]*[+-]?[0-9]+(?:_[0-9]+)*[\t\n\f\r ]*"

LOWERINGS: Mapping[str, Said] = {
    "pandas_integer": written(
        "CASE WHEN :value ~ :form THEN TRY_CAST(REPLACE(BTRIM(:value, :blanks), '_', '') AS BIGINT) END",
        "redshift",
        whole=("form",),
        form=_FORM,
        told={"blanks": _BLANKS},
    ),
    "pandas_boolean": TRUTH_OF_TEXT,
    "nan_is_null": "NULLIF(:value, CAST('NaN' AS DOUBLE PRECISION))",
    "in_code_points": ":value",
    "cut_integer": (
        "CASE WHEN TRUNC(:value) >= -9223372036854775808 AND TRUNC(:value) < 9223372036854775808"
        " THEN CAST(TRUNC(:value) AS BIGINT) END"
    ),
}
"""By the function's name."""
