"""Case mapping for engines that may map one letter to several, or by what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping

_SEVERAL = [letter for letter in map(chr, range(0x80, 0xFB20)) if len(letter.upper()) > 1]
"""Letters whose capitals are several letters to some engines (ß, ﬁ), and one, or themselves, to this project."""

_CAPITALS = {"ß": "ẞ"} | {each: each.title() for each in _SEVERAL if each != "ß" and len(each.title()) == 1}

CONSTANTS: Mapping[str, str] = {
    "odd": "".join(_SEVERAL),
    "apart": "".join(chr(0xE100 + number) for number in range(len(_SEVERAL))),
    "capitals": "".join(_CAPITALS.get(each, each) for each in _SEVERAL),
    "odd_capitals": "İΣ",
    "their_small": "iσ",
}
"""What the templates name; ``apart`` are characters for private use, which have no case."""


def upper(value: str) -> str:
    """A template for the capitals of what another template gives."""
    return f"TRANSLATE(UPPER(TRANSLATE({value}, :odd, :apart)), :apart, :capitals)"


def lower(value: str) -> str:
    """A template for the small letters of what another template gives."""
    return f"LOWER(TRANSLATE({value}, :odd_capitals, :their_small))"
