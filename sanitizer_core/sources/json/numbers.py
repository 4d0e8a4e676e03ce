"""Fractions of more digits than a double holds: kept as the text they were written in."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from sanitizer_core.sources.json.objects import JsonValues
from sanitizer_core.sources.spool import scratch_file

_MAYBE_LONG = re.compile(r"[1-9](?:\.?[0-9]){17}|[0-9][eE][+-]?[0-9]{3}")
_DIGITS = re.compile(r"[1-9][0-9]*")
_BATCH = 2048


class _TwiceError(ValueError):
    pass


def quoted_fractions(values: JsonValues, connection: duckdb.DuckDBPyConnection, scratch: Path) -> JsonValues:
    """The values with each fraction that a double would change in quotes, as lines in the scratch folder."""
    path = scratch_file(scratch, ".jsonl")
    result = connection.execute(values.scan().sql(dialect="duckdb"))
    with path.open("w", encoding="utf-8") as file:
        while batch := result.fetchmany(_BATCH):
            # What is no JSON has been kept already; it must not come back, nor shift the others.
            file.writelines("null\n" if text is None else _on_one_line(text) + "\n" for (text,) in batch)
    return replace(values, path=path, layout="newline_delimited", longest=values.longest * 2)


def _on_one_line(text: str) -> str:
    if _MAYBE_LONG.search(text) is None:
        # Raw line breaks can only be white space between tokens.
        return text.replace("\n", " ").replace("\r", " ")
    try:
        value = json.loads(text, parse_float=_fraction, object_pairs_hook=_pairs)
    except ValueError:
        return text.replace("\n", " ").replace("\r", " ")
    return json.dumps(value)


def _fraction(token: str) -> float | str:
    """The number, or its text when a double cannot give it back."""
    digits = _DIGITS.search(re.split("[eE]", token)[0].replace(".", ""))
    value = float(token)
    held = digits is None or (len(digits[0].rstrip("0")) <= 17 and value != 0 and math.isfinite(value))
    return value if held else token


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _TwiceError
    return value
