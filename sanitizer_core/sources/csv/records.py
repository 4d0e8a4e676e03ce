"""Parts text into records, line by line, so that a broken one costs its own line and no other.

This reader is the meaning of a text file; DuckDB's is the quick way to the same rows, used where both agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sanitizer_core.sources.csv.dialect import Dialect

# No record is longer: an opening quote that nothing closes must not take the rest of a large file with it.
LONGEST_RECORD = 1 << 26
# What stands behind a closing quote is judged only with this much text at hand (or all there is).
LOOK_AHEAD = 64


class Record(NamedTuple):
    """One record, or one line that is none.

    Args:
        line: the physical line it begins on, from 1.
        start: the character it begins at, in the text given to the reader.
        text: the record as it stands, without the end of its last line.
        fields: the fields; those before the fault when there is one.
        fault: what is wrong with its quotes, in plain words.
    """

    line: int
    start: int
    text: str
    fields: list[str]
    fault: str | None


class Records:
    """The records of a text.

    Args:
        more: gives the next piece of the text; an empty one at its end.
        width: the number of fields a row must have; ``None`` while it is not known. A record over several lines
            that has another number is taken for a stray quote when the next line is a row in its own right.
        line: the number of the first line.
        cut: whether the text is the beginning of a longer one, so that a quote that stays open may be closed behind
            it; such a record is left out, with all that follows.
    """

    def __init__(
        self, more: Callable[[], str], dialect: Dialect, width: int | None = None, line: int = 1, cut: bool = False
    ) -> None:
        self._more = more
        self._dialect = dialect
        self._width = width
        self._line = line
        self._cut = cut
        self._buffer = more()
        self._position = 0
        self._passed = 0  # characters that have left the buffer
        self._ended = not self._buffer

    def __iter__(self) -> Iterator[Record]:
        while (found := self.next()) is not None:
            yield from found

    def next(self) -> list[Record] | None:
        """The records of the next line that holds any; ``None`` at the end. The position is behind them by then."""
        quote, escape = self._dialect.quote, self._dialect.escape_character
        delimiter, width, end = self._dialect.delimiter, self._width, self._dialect.line_end
        while (stop := self._end_of_line()) is not None:
            text = self._buffer[self._position : stop]
            if end == "\n" and text.endswith("\r"):
                text = text[:-1]
            if not text and width != 1:
                self._go_on(stop)
                continue
            if (quote is not None and quote in text) or (escape is not None and escape in text):
                found = self._quoted(text, stop)
            else:
                found = self._unquoted(text, text.split(delimiter))
                self._go_on(stop)
            return found
        return None

    @property
    def line(self) -> int:
        """The number of the line that comes next."""
        return self._line

    def at_hand(self, most: int) -> str:
        """The text that comes next, as far as it is at hand."""
        return self._buffer[self._position : self._position + most]

    def pass_over(self, characters: int, lines: int) -> None:
        """Go on behind so many characters, which are so many whole lines."""
        self._position += characters
        self._line += lines

    def _end_of_line(self) -> int | None:
        """Where the current line ends; ``None`` at the end of the text."""
        looked = self._position
        while (stop := self._buffer.find(self._dialect.line_end, looked)) < 0:
            if self._ended:
                return len(self._buffer) if self._position < len(self._buffer) else None
            looked = len(self._buffer) - self._position
            self._fill()
        return stop

    def _fill(self) -> None:
        """Take in more text, at least as much as there is, so that a long record is not read over and over."""
        pieces = [self._buffer[self._position :]]
        wanted, got = len(pieces[0]), 0
        while got <= wanted and not self._ended:
            pieces.append(self._more())
            got += len(pieces[-1])
            self._ended = not pieces[-1]
        self._passed += self._position
        self._buffer, self._position = "".join(pieces), 0

    def _go_on(self, stop: int, lines: int = 1) -> None:
        self._position = stop + 1
        self._line += lines

    def _unquoted(self, text: str, fields: list[str]) -> list[Record]:
        """The record of a line; of one of another width the rows that lone carriage returns part, or what it is."""
        start, column, width = self._passed + self._position, self._dialect.text_column, self._width
        if width is None or len(fields) == width:
            return [Record(self._line, start, text, fields, None)]
        parts = [part.split(self._dialect.delimiter) for part in text.split("\r") if part]
        if len(parts) > 1 and all(len(part) == width for part in parts):
            return [Record(self._line, start, self._dialect.delimiter.join(part), part, None) for part in parts]
        if column is not None and len(fields) > width:
            fields = self._joined(text, fields, column)
        return [Record(self._line, start, text, fields, None)]

    def _joined(self, text: str, fields: list[str], column: int) -> list[str]:
        """The fields with the surplus joined into the text column, if that is how they stand in the line."""
        after = column + len(fields) - (self._width or 0) + 1
        joined = self._dialect.delimiter.join(fields[column:after])
        return [*fields[:column], joined, *fields[after:]] if joined in text else fields

    def _quoted(self, text: str, stop: int) -> list[Record]:
        """The record at the current position, which holds a quote or an escape; it may go over several lines."""
        fields, after, fault = self._scan()
        while after < 0 and not self._ended and len(self._buffer) - self._position < LONGEST_RECORD:
            self._fill()
            fields, after, fault = self._scan()
            stop = self._buffer.find(self._dialect.line_end, self._position)
        if after < 0 and self._cut and self._ended:
            self._position = len(self._buffer)
            return []
        stop = stop if stop >= 0 else len(self._buffer)
        column, width = self._dialect.text_column, self._width
        if fault is None and column is not None and width is not None and len(fields) > width:
            fields = self._joined(text, fields, column)
        ragged = width is not None and len(fields) != width
        if fault or (ragged and after > stop and self._is_row(stop + 1)):
            fault = fault or "a quote opens a field and is closed only on a later line"
            broken = Record(self._line, self._passed + self._position, text, fields, fault)
            self._go_on(stop)
            return [broken]
        whole = self._buffer[self._position : after]
        whole = whole.removesuffix("\r") if self._dialect.line_end == "\n" else whole
        lines = self._buffer.count(self._dialect.line_end, self._position, after) + 1
        record = Record(self._line, self._passed + self._position, whole, fields, None)
        self._go_on(after, lines)
        return [record]

    def _is_row(self, position: int) -> bool:
        """Whether the text at a position is by itself a row of the right width."""
        here, self._position = self._position, position
        fields, after, fault = self._scan()
        self._position = here
        return after >= 0 and fault is None and len(fields) == self._width

    def _scan(self) -> tuple[list[str], int, str | None]:
        """The fields from the current position, where their last line ends (-1: not in the buffer), the fault."""
        buffer, dialect, position = self._buffer, self._dialect, self._position
        delimiter, quote, skips = dialect.delimiter, dialect.quote, dialect.skips_spaces
        fields: list[str] = []
        stop = -1
        while True:
            opening = self._opening(position) if skips else position
            if quote is not None and buffer.startswith(quote, opening):
                text, after = self._quoted_text(opening)
                if after < 0:
                    return fields, -1, f"the quote that opens field {len(fields) + 1} is never closed"
                fields.append(text)
                ended = self._line_ends_at(after)
                if not ended and not buffer.startswith(delimiter, after):
                    return fields, after, f"text follows the quote that closes field {len(fields)}"
            else:
                if stop < position:
                    stop = buffer.find(dialect.line_end, position)
                    if stop < 0 and not self._ended:
                        return fields, -1, f"field {len(fields) + 1} has no end"
                    stop = len(buffer) if stop < 0 else stop
                after = self._unquoted_end(position, stop)
                ended = after == stop
                text = buffer[position:after]
                text = text.removesuffix("\r") if ended and dialect.line_end == "\n" else text
                fields.append(dialect.escaped_outside.sub(r"\1", text) if dialect.escape_character else text)
            if ended:
                end = buffer.find(dialect.line_end, after)
                return fields, (end if end >= 0 else len(buffer)), None
            position = after + len(delimiter)

    def _opening(self, position: int) -> int:
        """Where a field begins whose quote may stand behind a space, or behind several in a padded file."""
        if not self._dialect.padded:
            return position + self._buffer.startswith(" ", position)
        return self._behind_spaces(position)

    def _behind_spaces(self, position: int) -> int:
        while self._buffer.startswith(" ", position) and not self._buffer.startswith(self._dialect.delimiter, position):
            position += 1
        return position

    def _quoted_text(self, opening: int) -> tuple[str, int]:
        """The text of the field whose quote stands at a position, and where what follows it begins (-1: never).

        ``"x" "y"`` is one field, ``x y``, as it is to DuckDB.
        """
        buffer, dialect, quote = self._buffer, self._dialect, self._dialect.quote or ""
        text, between = "", opening
        while True:
            close = self._closing(opening + 1)
            if close < 0:
                return text, -1
            text += buffer[between:opening] + dialect.unescape(buffer[opening + 1 : close])
            between = close + 1
            opening = self._behind_spaces(between) if dialect.skips_spaces else between
            if opening == between or not buffer.startswith(quote, opening):
                return text, opening

    def _unquoted_end(self, position: int, stop: int) -> int:
        """Where the field without quotes at a position ends: at a delimiter that is not escaped, or with the line."""
        delimiter, escape = self._dialect.delimiter, self._dialect.escape_character
        after = self._buffer.find(delimiter, position, stop)
        while escape is not None and after >= 0 and self._is_escaped(after, position):
            after = self._buffer.find(delimiter, after + 1, stop)
        return stop if after < 0 else after

    def _is_escaped(self, position: int, start: int) -> bool:
        """Whether an odd number of escapes stands in front of a position."""
        escape, count = self._dialect.escape_character or "", 0
        while position - count > start and self._buffer[position - count - 1] == escape:
            count += 1
        return count % 2 == 1

    def _closing(self, position: int) -> int:
        """Where the quote stands that closes the field whose text begins at a position; -1 when there is none."""
        quote, escape, start = self._dialect.quote or "", self._dialect.escape, position
        while (found := self._buffer.find(quote, position)) >= 0:
            if found + LOOK_AHEAD > len(self._buffer) and not self._ended:
                return -1
            if escape == "bare":
                if self._ends_field(found + 1):
                    return found
                position = found + 1
            elif escape == "escaped" and self._is_escaped(found, start):
                position = found + 1
            elif self._buffer.startswith(quote, found + 1):
                position = found + 2
            else:
                return found
        return -1

    def _ends_field(self, position: int) -> bool:
        """Whether a delimiter or the end of the line stands at a position, spaces aside."""
        if self._buffer.startswith(self._dialect.delimiter, position):
            return True
        while self._dialect.skips_spaces and self._buffer.startswith(" ", position):
            position += 1
        return self._line_ends_at(position) or self._buffer.startswith(self._dialect.delimiter, position)

    def _line_ends_at(self, position: int) -> bool:
        buffer, end = self._buffer, self._dialect.line_end
        if position >= len(buffer) or buffer.startswith(end, position):
            return True
        return end == "\n" and buffer.startswith("\r\n", position)


def pieces(text: str) -> Callable[[], str]:
    """A text as the one piece of a reader."""
    left = [text]
    return lambda: left.pop() if left else ""
