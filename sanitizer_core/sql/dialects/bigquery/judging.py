"""How contracts read the cells that they judge, in the words of BigQuery; what is left out is refused."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import written
from sanitizer_core.sql.function import Said
from sanitizer_core.sql.judging import TRUTH_OF_TEXT

_BLANKS = "\t\n\v\f\r "
_FORM = r"[\t\n\f\r ]*[+-]?[0-9]+(?:_[0-9]+)*[\t\n\f\r ]*"

LOWERINGS: Mapping[str, Said] = {
    "pandas_integer": written(
        "CASE WHEN REGEXP_CONTAINS(:value, :form) THEN SAFE_CAST(LTRIM(REPLACE(TRIM(:value, :blanks), '_', ''), '+') AS INT64) END",
        "bigquery",
        whole=("form",),
        form=_FORM,
        told={"blanks": _BLANKS},
    ),
    "pandas_boolean": TRUTH_OF_TEXT.replace("TRIM(:value)", "TRIM(:value, ' ')"),
    "nan_is_null": "CASE WHEN NOT IS_NAN(:value) THEN :value END",
    "in_code_points": ":value",
    "cut_integer": "SAFE_CAST(TRUNC(:value) AS INT64)",
}
"""By the function's name."""
