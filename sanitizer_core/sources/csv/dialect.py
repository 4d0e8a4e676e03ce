"""The dialect of a text file: what parts its fields, and what protects them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal


@dataclass(frozen=True)
class Dialect:
    r"""How the lines of a file are parted into fields.

    Args:
        delimiter: one character or several.
        quote: the quote character; ``None`` when quotes mean nothing.
        escape: how a quote stands inside a quoted field: ``doubled``; ``escaped`` by ``escape_character``;
            or ``bare``: as it is, so that a field ends only at a quote in front of a delimiter or a line's end.
        newline: what ends a line; ``\n`` takes ``\r\n`` too, line by line.
        text_column: the column whose unquoted text may hold the delimiter, so that the surplus of a longer row
            belongs to it; ``None`` when there is no such column.
        padded: whether any number of spaces may stand in front of a quoted field; else it is one.
    """

    delimiter: str = ","
    quote: str | None = '"'
    escape: Literal["doubled", "escaped", "bare"] = "doubled"
    escape_character: str | None = None
    newline: Literal["\n", "\r\n", "\r"] = "\n"
    text_column: int | None = None
    padded: bool = False

    @property
    def line_end(self) -> str:
        r"""The character that ends a line; in front of a ``\n`` a ``\r`` is part of the end."""
        return "\r" if self.newline == "\r" else "\n"

    @property
    def skips_spaces(self) -> bool:
        """Whether spaces around a quoted field are no part of it (they cannot be when a space parts fields)."""
        return not self.delimiter.startswith(" ")

    @cached_property
    def escaped_in_quotes(self) -> re.Pattern[str]:
        """What an escaped character looks like inside quotes; the character is the one group that matched."""
        escape, quote = re.escape(self.escape_character or ""), re.escape(self.quote or "")
        return re.compile(f"{escape}([{escape}{quote}])|{quote}({quote})")

    @cached_property
    def escaped_outside(self) -> re.Pattern[str]:
        """What an escaped delimiter, quote or escape looks like in a field without quotes."""
        escape = re.escape(self.escape_character or "")
        what = "|".join(re.escape(text) for text in (self.delimiter, self.escape_character, self.quote) if text)
        return re.compile(f"{escape}({what})")

    def unescape(self, value: str) -> str:
        """The text of a quoted field, given what stands between its quotes."""
        if self.escape == "escaped":
            return self.escaped_in_quotes.sub(lambda match: match[1] or match[2], value)
        if self.escape == "doubled" and self.quote is not None:
            return value.replace(self.quote * 2, self.quote)
        return value

    def facts(self) -> dict[str, object]:
        """The dialect as plain values; an empty quote or escape says that there is none."""
        escapes = {"doubled": self.quote, "escaped": self.escape_character, "bare": ""}
        return {
            "delimiter": self.delimiter,
            "quote": self.quote or "",
            "escape": (escapes[self.escape] if self.quote else self.escape_character) or "",
            "newline": self.newline,
        }
