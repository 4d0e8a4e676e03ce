"""Conditions, in the words of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_FINITE = "abs(:value) < CAST('Infinity' AS double precision)"

LOWERINGS: Mapping[str, Said] = {
    # The offset keeps the planner from putting the value back wherever the body names it.
    "let": '(SELECT :body FROM (SELECT :value AS "@it" OFFSET 0) AS "@let")',
    "among": Lowering(":value = ANY(string_to_array(:words, :break))", {"break": "\n"}),
    "is_blank": Lowering(
        "CASE WHEN ascii(:value) BETWEEN 33 AND 126 THEN FALSE ELSE btrim(:value, :white) = '' END",
        {"white": WHITE_SPACE},
    ),
    "may_be_padded": "ascii(:value) NOT BETWEEN 33 AND 126 OR ascii(right(:value, 1)) NOT BETWEEN 33 AND 126",
    "first_code_point": "CAST(ascii(:value) AS bigint)",
    "is_nan": ":value = CAST('NaN' AS double precision)",
    "is_finite": _FINITE,
    "finite": f"CASE WHEN {_FINITE} THEN :value END",
}
"""By the function's name."""
