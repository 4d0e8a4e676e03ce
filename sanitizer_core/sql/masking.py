"""Portable functions that hide values. The key is a variable of the session, so that it stands in no statement."""

from __future__ import annotations

from sanitizer_core.schema import TEXT
from sanitizer_core.sql.function import Function

FUNCTIONS = (
    Function(
        "keyed_hash",
        ("value", "key"),
        TEXT,
        "64 hexadecimal digits of SHA-256 over the key and the SHA-256 of the key and the text (UTF-8).",
        {"duckdb": "sha256(concat(getvariable(:key), sha256(concat(getvariable(:key), :value))))"},
        public=False,
    ),
    Function(
        "keep_last",
        ("value", "count", "mark"),
        TEXT,
        "The last characters, and a mark for each one in front of them.",
        {
            "duckdb": "concat(repeat(:mark, greatest(0, length(:value) - :count)),"
            " right(:value, least(:count, length(:value))))"
        },
        public=False,
    ),
    Function(
        "start_of",
        ("value", "part"),
        None,
        "The first day (or instant) of the year, quarter, month or decade.",
        {"duckdb": "date_trunc(:part, :value)"},
        public=False,
    ),
)
