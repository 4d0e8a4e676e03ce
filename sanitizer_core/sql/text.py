"""Portable functions on text."""

from __future__ import annotations

from sanitizer_core.schema import BOOLEAN, INTEGER, TEXT
from sanitizer_core.sql.function import Function

WHITE_SPACE = (
    "\t\n\v\f\r \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""The characters with Unicode's White_Space property; engines' own ideas of ``\\s`` all differ."""

_SPACE = {"space": WHITE_SPACE, "spaces": f"[{WHITE_SPACE}]+"}

FUNCTIONS = (
    Function(
        "strip", ("value",), TEXT, "The text without white space at either end.",
        {"duckdb": "trim(:value, :space)"}, _SPACE,
    ),
    Function(
        "collapse_space", ("value",), TEXT, "Every run of white space becomes one blank.",
        {"duckdb": "regexp_replace(:value, :spaces, ' ', 'g')"}, _SPACE,
    ),
    Function("lower", ("value",), TEXT, "The text in small letters.", {"duckdb": "lower(:value)"}),
    Function("upper", ("value",), TEXT, "The text in capitals.", {"duckdb": "upper(:value)"}),
    Function("length", ("value",), INTEGER, "The number of characters (code points).", {"duckdb": "length(:value)"}),
    Function(
        "contains", ("value", "part"), BOOLEAN, "Whether the text holds the part.",
        {"duckdb": "contains(:value, :part)"},
    ),
)
