"""Formats of dates and times, as users write them: ``%d/%m/%Y`` or ``DD/MM/YYYY``.

The directives are the subset of ``strptime`` that every engine can be made to read alike. What a format reads is
said by its pattern (a regular expression) and the calendar; engines' own leniency is kept out by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sanitizer_core.sql.white_space import WHITE_SPACE

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_BLANKS = f"[{WHITE_SPACE}]"
_NUMBER = "[0-9]{1,2}"
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"


def _names(words: tuple[str, ...]) -> str:
    """Long names, and their first three letters (four for Sept) with or without a point."""
    return (
        "(?:" + "|".join(f"{word[:3]}(?:{word[3:]}|{'t?' if word[:4] == 'Sept' else ''}[.]?)" for word in words) + ")"
    )


_PATTERNS = {
    "Y": _YEAR, "y": "[0-9]{2}", "m": _NUMBER, "d": _NUMBER, "H": _NUMBER, "I": _NUMBER, "M": _NUMBER, "S": _NUMBER,
    "f": "[0-9]{1,6}", "b": _names(MONTHS), "B": _names(MONTHS), "a": _names(WEEKDAYS), "A": _names(WEEKDAYS), "p": "[ap]m",
    "z": "(?:z|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)",
}  # fmt: skip
"""What each directive reads."""

_MEANINGS = {
    "Y": "the year in four digits", "y": "the year in two digits", "m": "the month", "d": "the day of the month",
    "b": "the month's name", "B": "the month's name", "a": "the weekday's name (read and passed over)",
    "A": "the weekday's name (read and passed over)", "H": "the hour, 0 to 23", "I": "the hour, 1 to 12",
    "M": "the minute", "S": "the second", "f": "the fraction of the second", "p": "AM or PM", "z": "the offset from UTC",
}  # fmt: skip

_MASKS = {
    "Y": "____",
    "m": "__",
    "d": "__",
    "H": "__",
    "I": "__",
    "M": "__",
    "S": "__",
    "b": "___",
    "a": "___",
    "p": "__",
    "f": "%",
}
_GREEDY = frozenset("YymdHIMSf")
_SAME = ({"b", "B", "m"}, {"Y", "y"}, {"H", "I"}, {"a", "A"})
_LONG_FORMS = {"T": "%H:%M:%S", "F": "%Y-%m-%d", "R": "%H:%M", "D": "%m/%d/%y"}

_TOKENS = {
    "YYYY": "Y", "yyyy": "Y", "YY": "y", "yy": "y", "MMMM": "B", "MMM": "b", "MM": "m", "M": "m", "DD": "d", "dd": "d",
    "D": "d", "d": "d", "dddd": "A", "ddd": "a", "HH": "H", "H": "H", "hh": "I", "h": "I", "mm": "M", "m": "M", "ss": "S", "s": "S",
    "SSSSSS": "f", "A": "p", "a": "p", "Z": "z",
}  # fmt: skip
_TOKEN = re.compile(
    r"\[([^\]]*)\]|(YYYY|yyyy|YY|yy|MMMM|MMM|MM?|dddd|ddd|dd?|DD?|HH?|hh?|mm?|SSSSSS|ss?|A|a|Z)|(.)", re.DOTALL
)
_DIRECTIVE = re.compile(r"%(-?)(.)|([^%]+|%)", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A directive (its letter), or literal text; ``bare`` numbers are written without a leading zero."""

    text: str
    directive: bool
    bare: bool = False


@dataclass(frozen=True)
class DateFormat:
    """A format, taken apart. See ``date_format``."""

    source: str
    pieces: tuple[Piece, ...]

    @property
    def directives(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.directive)

    @property
    def has_date(self) -> bool:
        return any(each in self.directives for each in "YymbBd")

    @property
    def has_time(self) -> bool:
        return any(each in self.directives for each in "HIMSf")

    @property
    def has_zone(self) -> bool:
        return "z" in self.directives

    @property
    def has_names(self) -> bool:
        return any(each in self.directives for each in "bBaA")

    @property
    def two_digit_year(self) -> bool:
        return "y" in self.directives

    def pattern(self) -> str:
        """The regular expression that a cell has to match as a whole, white space around it aside."""
        return f"(?i){_BLANKS}*" + "".join(self._pattern(index) for index in range(len(self.pieces))) + f"{_BLANKS}*"

    def _pattern(self, index: int) -> str:
        piece = self.pieces[index]
        if not piece.directive:
            return re.sub(r"\s+", f"{_BLANKS}+".replace("\\", r"\\"), _escaped(piece.text))
        if _PATTERNS[piece.text] == _NUMBER and self._touches_digits(index):
            return "[0-9]{2}"
        return _PATTERNS[piece.text]

    def _touches_digits(self, index: int) -> bool:
        """Whether a neighbour could take this number's digits, so that it has to have two."""
        around = [self.pieces[place] for place in (index - 1, index + 1) if 0 <= place < len(self.pieces)]
        return any(piece.directive and piece.text in _GREEDY for piece in around)

    def mask(self) -> str | None:
        """A LIKE pattern of the cells in the format's plainest form; ``None`` when they cannot be told so."""
        parts = [_MASKS.get(piece.text) if piece.directive else piece.text for piece in self.pieces]
        sound = all(
            part is not None and (piece.directive or not set(part) & set("%_\\"))
            for part, piece in zip(parts, self.pieces, strict=True)
        )
        return "".join(part or "" for part in parts) if sound and "Y" in self.directives else None

    @property
    def has_words(self) -> bool:
        """Whether literal letters are in it."""
        return self.literals.upper() != self.literals.lower()

    @property
    def literals(self) -> str:
        return "".join(piece.text for piece in self.pieces if not piece.directive)

    def strptime(self, *, tidied: bool = False) -> str:
        """The format in the words of ``strptime``.

        Args:
            tidied: for cells in capitals, their words cut to three letters where it has names.
        """
        return "".join(self._strptime(piece, tidied) for piece in self.pieces)

    def strftime(self) -> str:
        """The format as ``strftime`` writes it."""
        return "".join(f"%-{piece.text}" if piece.bare else self._strptime(piece, False) for piece in self.pieces)

    def _strptime(self, piece: Piece, tidied: bool) -> str:
        if piece.directive:
            return "%" + (piece.text.lower() if tidied and piece.text in "BA" else piece.text)
        text = cut_words(piece.text) if tidied and self.has_names else piece.text
        return (text.upper() if tidied else text).replace("%", "%%")


def _escaped(text: str) -> str:
    """Literal text as a pattern; what is neither letter nor digit stands in brackets, which every engine reads alike."""
    return "".join(
        char if char.isalnum() or char.isspace() else f"[{char}]" if char not in "\\^]" else f"\\{char}"
        for char in text
    )


def cut_words(text: str) -> str:
    """The text with words cut to three letters, as ``CUT_WORDS`` does it in SQL."""
    return re.sub(CUT_WORDS, r"\1", text)


CUT_WORDS = "([A-Za-z]{3})[A-Za-z]*[.]?"
"""Finds words; put back by their first three letters, month names of any length become short ones."""


@cache
def date_format(source: str, *, writing: bool = False) -> DateFormat:
    """The format that a text means: with ``%`` as for ``strptime``, else with tokens such as ``YYYY-MM-DD``.

    Args:
        writing: whether it is only written, so that parts may be missing (a month without its year).

    Raises:
        ValueError: a directive that is not known, or parts that do not go together.
    """
    pieces = tuple(_merged(_percent_pieces(source) if "%" in source else _token_pieces(source)))
    made = DateFormat(source, pieces)
    _refuse_nonsense(made)
    if writing and made.has_zone:
        raise ValueError(f"{source!r}: an offset can be read, but not written")
    if not writing:
        _refuse_gaps(made)
    return made


def _percent_pieces(source: str) -> Iterator[Piece]:
    for minus, letter, literal in _DIRECTIVE.findall(source):
        if literal or letter == "%":
            yield Piece(literal or "%", directive=False)
        elif letter in _LONG_FORMS and not minus:
            yield from _percent_pieces(_LONG_FORMS[letter])
        elif letter in _PATTERNS:
            yield Piece(letter, directive=True, bare=bool(minus))
        else:
            known = ", ".join(f"%{each} ({meaning})" for each, meaning in _MEANINGS.items())
            raise ValueError(f"{source!r}: %{letter} is not a directive. Known: {known}")


def _token_pieces(source: str) -> Iterator[Piece]:
    for bracketed, word, char in _TOKEN.findall(source):
        if word:
            yield Piece(_TOKENS[word], directive=True, bare=len(word) == 1 and word not in "AaZ")
        elif char.isalpha() and char not in "Tt":
            raise ValueError(
                f"{source!r}: {char!r} is not a token. Known: {', '.join(_TOKENS)}; literal text stands in [brackets], "
                "or write the format with directives such as %Y-%m-%d"
            )
        else:
            yield Piece(bracketed or char, directive=False)


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    literal = ""
    for piece in pieces:
        if piece.directive:
            if literal:
                yield Piece(literal, directive=False)
            literal = ""
            yield piece
        else:
            literal += piece.text
    if literal:
        yield Piece(literal, directive=False)


def _refuse_nonsense(made: DateFormat) -> None:
    found = made.directives
    if not found:
        raise ValueError(f"{made.source!r} has no date and no time in it")
    twice = [each for each in found if found.count(each) > 1]
    clash = [same for same in _SAME if len(same & set(found)) > 1]
    if twice or clash:
        raise ValueError(
            f"{made.source!r} says {_MEANINGS[(twice or sorted(clash[0] & set(found)))[0]]} more than once"
        )
    if ("p" in found) != ("I" in found):
        raise ValueError(f"{made.source!r}: %I (the hour, 1 to 12) and %p (AM or PM) go together")
    if made.has_zone and not (made.has_date and made.has_time):
        raise ValueError(f"{made.source!r}: an offset needs a date and a time")


def _refuse_gaps(made: DateFormat) -> None:
    found = set(made.directives)
    for finer, coarser in (("d", "mbB"), ("mbB", "Yy"), ("M", "HI"), ("S", "M"), ("f", "S")):
        if found & set(finer) and not found & set(coarser):
            raise ValueError(f"{made.source!r} has {_MEANINGS[finer[0]]} without {_MEANINGS[coarser[0]]}")
