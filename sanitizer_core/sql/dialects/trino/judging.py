"""How contracts read the cells that they judge, in the words of Trino; what is left out is refused."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import written
from sanitizer_core.sql.function import Said
from sanitizer_core.sql.judging import TRUTH_OF_TEXT

_BLANKS = "\t\n\v\f\r "
_FORM = r"[\t\n\f\r ]*[+-]?[0-9]+(?:_[0-9]+)*[\t\n\f\r ]*"

LOWERINGS: Mapping[str, Said] = {
    "pandas_integer": written(
        "CASE WHEN REGEXP_LIKE(:value, :form) THEN TRY_CAST(REPLACE(TRIM(:value), '_', '') AS BIGINT) END",
        "trino",
        whole=("form",),
        form=_FORM,
    ),
    "pandas_boolean": TRUTH_OF_TEXT.replace("TRIM(:value)", "TRIM(BOTH ' ' FROM :value)"),
    "nan_is_null": "CASE WHEN NOT IS_NAN(:value) THEN :value END",
    "in_code_points": ":value",
    "cut_integer": "TRY_CAST(TRUNCATE(:value) AS BIGINT)",
}
"""By the function's name."""
