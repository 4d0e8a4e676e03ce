"""Conditions, in the words of Spark."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_FINITE = "abs(:value) < CAST('Infinity' AS DOUBLE)"  # NaN is greater than every number

LOWERINGS: Mapping[str, Said] = {
    "let": "transform(array(:value), `@it` -> :body)[0]",
    "among": r"array_contains(split(:words, '\n'), :value)",
    "is_blank": Lowering("trim(BOTH :set FROM :value) = ''", {"set": WHITE_SPACE}),
    "may_be_padded": "ascii(:value) NOT BETWEEN 33 AND 126 OR right(:value, 1) NOT BETWEEN '!' AND '~'",
    "first_code_point": "CAST(ascii(:value) AS BIGINT)",
    "is_nan": ":value = CAST('NaN' AS DOUBLE)",
    "is_finite": _FINITE,
    "finite": f"CASE WHEN {_FINITE} THEN :value END",
}
