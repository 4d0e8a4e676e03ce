"""The names that a statement calls, as they stand in its text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlglot.dialects import Dialect

SYNTAX = frozenset(
    "ALL AND ANY AS BETWEEN BY CASE ELSE END EXISTS FILTER FROM IN IS INTERVAL JOIN LAMBDA LIKE NOT ON OR OVER SELECT SOME THEN"
    " UNION USING VALUES WHEN WHERE WITH WITHIN GROUP RLIKE MATERIALIZED HAVING DISTINCT LIMIT OFFSET ILIKE".split()
)
"""Words of the grammar that a parenthesis may follow."""

TYPES = frozenset(
    "ARRAY BIGNUMERIC CHAR DECIMAL FLOAT64 INT64 NUMERIC STRING STRUCT SUPER TIME TIMESTAMP TIMESTAMPTZ TIMESTAMP_NTZ"
    " TIMESTAMPNTZ VARBINARY VARCHAR".split()
)
"""Words of types that sizes may follow."""


def calls(sql: str, dialect: str) -> Iterator[str]:
    """The names in front of a parenthesis, in capitals; no words of the grammar and no types."""
    tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    for before, token in pairwise(tokens):
        if token.token_type.name == "L_PAREN" and _is_word(before):
            name = before.text.upper()
            if name not in SYNTAX and name not in TYPES:
                yield name


def _is_word(token: Any) -> bool:
    quoted = token.token_type.name in ("IDENTIFIER", "STRING", "NATIONAL_STRING")
    return not quoted and token.text.replace("_", "").isalnum() and not token.text[0].isdigit()
