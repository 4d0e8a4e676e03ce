"""Portable functions on text."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.schema import BOOLEAN, INTEGER, TEXT
from sanitizer_core.sql.function import Function
from sanitizer_core.sql.white_space import WHITE_SPACE

_SPACE: Mapping[str, str] = {"space": WHITE_SPACE, "spaces": f"[{WHITE_SPACE}]+"}

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
    Function(
        "matches", ("value", "pattern"), BOOLEAN, "Whether the text holds something that fits the pattern.",
        {"duckdb": "regexp_matches(:value, :pattern)"},
    ),
    Function(
        "replace_pattern", ("value", "pattern", "replacement"), TEXT, "The text with all that fits the pattern replaced.",
        {"duckdb": "regexp_replace(:value, :pattern, :replacement, 'g')"},
    ),
    Function(
        "replace_first_pattern", ("value", "pattern", "replacement"), TEXT, "The text with the first that fits the pattern replaced.",
        {"duckdb": "regexp_replace(:value, :pattern, :replacement)"},
    ),
    Function(
        "extract_pattern", ("value", "pattern", "group"), TEXT,
        "What the pattern's group (0: all of it) fits first; null where nothing fits.",
        {"duckdb": "CASE WHEN regexp_matches(:value, :pattern) THEN regexp_extract(:value, :pattern, :group) END"},
    ),
)
