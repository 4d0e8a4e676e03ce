"""The values of a JSON file, one a row, as the text they were written in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.views import table_function
from sanitizer_core.sql.tree import column

Layout = Literal["newline_delimited", "array", "unstructured"]

_LONGEST = 16 << 20
_MALFORMED = re.compile(r"at byte (\d+) in (?:line|record/value) (\d+): (.*)", re.DOTALL)


@dataclass(frozen=True)
class JsonValues:
    """A file of JSON values in UTF-8.

    Args:
        shown: the address for people.
        layout: one value a line, one array of values, or values one after the other.
        longest: bytes that one value may have.
    """

    path: Path
    shown: str
    layout: Layout
    longest: int = _LONGEST

    def scan(self) -> exp.Select:
        """One row ``json`` for each value; null for a line that is no JSON (other layouts raise)."""
        options: dict[str, exp.Expr] = {
            "format": exp.Literal.string(self.layout),
            "maximum_object_size": exp.Literal.number(self.longest),
            "compression": exp.Literal.string("none"),
        }
        if self.layout == "newline_delimited":
            options["ignore_errors"] = exp.true()
        name = exp.Literal.string(str(self.path))
        return table_function("read_json_objects", name, **options).select(column("json"), append=False)

    def widened(self, error: duckdb.Error) -> JsonValues:
        """The same with more room for one value, if that is what the error was about."""
        if "maximum_object_size" in str(error) and self.longest <= self.path.stat().st_size:
            return replace(self, longest=self.longest * 8)
        raise self.broken(error) from error

    def broken(self, error: duckdb.Error) -> SourceError:
        """The error for a file that cannot be parted into values."""
        found = _MALFORMED.search(str(error))
        if found is None:
            return SourceError(f"{self.shown} cannot be read as JSON: {error}")
        message = f"{self.shown} is broken JSON: at byte {found[1]} of value {found[2]}: {found[3].strip().rstrip('.')}"
        return SourceError(message, hint="After such a place the rows can no longer be told apart; mend the file.")


def layout_of(path: Path, lines: bool, shown: str) -> Layout:
    """How the values lie in the file, from its beginning.

    Args:
        lines: the format is known to be JSON lines.
    """
    if lines:
        return "newline_delimited"
    with path.open("rb") as file:
        start = file.read(1 << 20).lstrip()
    if start[:1] == b"[":
        return "array"
    if start[:1] == b"{":
        return "newline_delimited" if _is_value(start.split(b"\n", 1)[0]) else "unstructured"
    shape = start[:20].decode(errors="backslashreplace")
    what = f"it begins with {shape!r}" if start else "it is empty"
    raise SourceError(f"{shown} is no JSON table: {what}", hint="Read are an array of objects, or objects by lines.")


def _is_value(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
