"""Capital and small letters, for engines whose own idea of them depends on a locale: Unicode's simple mapping, letter to letter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_LATER = frozenset([0x1C89, 0x1C8A, 0xA7CB, 0xA7CC, 0xA7CD, 0xA7DA, 0xA7DB, 0xA7DC, *range(0x10D50, 0x10D86)])
"""Letters that came with Unicode 16: a newer Python would know their other case."""

LATIN, EASTERN = "\u024f", "\u058f"
"""The last letters of the Latin blocks, and of the Greek, Cyrillic and Armenian ones behind them."""

_BLOCK = 64

_COMMON = " etaoinshrdlcumwfgypbvkjxqz0123456789-'.,"


@dataclass(frozen=True)
class Mapping:
    """Letters and what becomes of each, in the order in which an engine should look for them."""

    letters: str
    others: str


@cache
def small(last: str, before: str = "") -> Mapping:
    """Capitals behind one letter and up to another to small ones; common letters that stay come first."""
    return _ordered({letter: _small(letter) for letter in _cased(last) if letter > before}, _COMMON)


@cache
def capital(last: str, before: str = "") -> Mapping:
    """Small letters behind one letter and up to another to capitals."""
    return _ordered({letter: _capital(letter) for letter in _cased(last) if letter > before}, "")


@cache
def _cased(last: str) -> str:
    """The blocks of characters up to this one in which some have two cases: few, and every program passes here."""
    ends = range(0, ord(last) + 1, _BLOCK)
    blocks = ("".join(map(chr, range(first, min(first + _BLOCK, ord(last) + 1)))) for first in ends)
    return "".join(block for block in blocks if not block == block.lower() == block.upper())


def _ordered(pairs: dict[str, str], first: str) -> Mapping:
    changed = {letter: other for letter, other in pairs.items() if letter != other and _known(letter, other)}
    letters = [*(each for each in first if each not in changed), *changed]
    return Mapping("".join(letters), "".join(changed.get(each, each) for each in letters))


def _known(letter: str, other: str) -> bool:
    return not {ord(letter), ord(other)} & _LATER


def _small(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else lower[0]


def _capital(letter: str) -> str:
    if letter == "ß":
        return "ẞ"
    for made in (letter.upper(), letter.title()):
        if len(made) == 1:
            return made
    return letter
