"""Portable functions: digests of text. They spread values evenly and alike on every engine; they hide nothing by themselves."""

from __future__ import annotations

from sanitizer_core.schema import TEXT
from sanitizer_core.sql.function import Function

FUNCTIONS: tuple[Function, ...] = (
    Function("md5", ("value",), TEXT, "32 hexadecimal digits of MD5 over the text (UTF-8).", {"duckdb": "md5(:value)"}, takes=("text",)),
    Function(
        "sha256", ("value",), TEXT, "64 hexadecimal digits of SHA-256 over the text (UTF-8).",
        {"duckdb": "sha256(:value)"}, takes=("text",),
    ),
)  # fmt: skip
