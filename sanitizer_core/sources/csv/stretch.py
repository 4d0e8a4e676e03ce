"""Stretches of lines that are rows beyond doubt: they go into the well-formed copy as they stand, many at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from sanitizer_core.sources.csv.dialect import Dialect
from sanitizer_core.sources.csv.records import Records

# A line longer than the most is left to the reader, which tells how long the longest is.
_LEAST, _MOST = 1 << 12, 1 << 17
DELIMITERS = frozenset(",;\t|:")
"""Delimiters that the well-formed copy may have too."""


class Stretches:
    """Takes plain rows off the front of what a reader has at hand.

    Args:
        names: what the header holds.
        end: the line at which the table ends.

    A line is one where every field is without quotes, or in quotes with no quote, escape or line end between them; where
    there are as many fields as columns; and where nothing stands that the reader would judge (a NUL, a byte that could
    not be decoded, a lone carriage return, the names of the header). Everything else is left to the reader.
    """

    def __init__(
        self, records: Records, dialect: Dialect, width: int, names: Sequence[str] | None, end: int | None
    ) -> None:
        self._records = records
        self._end = end
        self._dialect = dialect
        self._width = width
        self._names = names
        self._window = _LEAST
        self.over = dialect.line_end != "\n" or dialect.delimiter not in DELIMITERS

    def next(self) -> str:
        """The rows that stand next, each with a line feed behind it; perhaps none."""
        if self.over:
            return ""
        found = self._records.at_hand(self._window)
        match = self._plain.match(found)
        end = self._in_front_of_header(found, match.end()) if match else 0
        whole = found.find("\n", end) < 0
        self._window = min(_MOST, self._window * 2) if whole else max(_LEAST, min(_MOST, 2 * end))
        text = self._in_front_of_end(found[:end])
        self._records.pass_over(len(text), text.count("\n"))
        return text.replace("\r\n", "\n")

    def _in_front_of_header(self, found: str, end: int) -> int:
        if not self._names or max(self._names, key=len) not in found:
            return end
        header = self._header.search(found, 0, end)
        return header.start() if header else end

    def _in_front_of_end(self, text: str) -> str:
        if self._end is None or self._records.line + text.count("\n") < self._end:
            return text
        self.over = True
        lines = text.split("\n")[: max(0, self._end - self._records.line)]
        return "".join(f"{line}\n" for line in lines)

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        """As many plain lines as there are; every repetition keeps what it took, so that nothing is tried twice."""
        quote, delimiter = re.escape(self._dialect.quote or '"'), re.escape(self._dialect.delimiter)
        never = "\\0\\r\\n\\ud800-\\udfff" + re.escape(self._dialect.escape_character or "")
        field = f"[^{quote}{delimiter}{never}]*+"
        if self._dialect.quote is not None:
            field = f"(?:{quote}[^{quote}{never}]*+{quote}|{field})"
        line = f"{field}(?:{delimiter}{field}){{{self._width - 1}}}"
        return re.compile(f"(?:(?!\\r?\\n){line}\\r?\\n)++")

    @cached_property
    def _header(self) -> re.Pattern[str]:
        """A line that holds what the header holds, in quotes or not."""
        quote = re.escape(self._dialect.quote or '"')
        names = (f"{quote}?{re.escape(name)}{quote}?" for name in self._names or ())
        return re.compile(f"^{re.escape(self._dialect.delimiter).join(names)}\\r?$", re.MULTILINE)
