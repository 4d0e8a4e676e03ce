"""Names of columns in one style: words, their case, and what stands between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Style = Literal["snake", "upper", "kebab", "camel", "pascal", "title"]

SEPARATORS: dict[Style, str] = {"snake": "_", "upper": "_", "kebab": "-", "camel": "", "pascal": "", "title": " "}
"""What stands between words, and in front of the number of a repeated name."""

_MOST_ROUNDS = 10
NAMELESS = "column"
"""The word for a name in which there is no letter and no digit."""

_SIGNS = {"%": " percent ", "#": " number "}
_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
     "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i", "İ": "I"}
)  # fmt: skip
_APOSTROPHES = re.compile("['’](?=[a-z]{1,2}(?![a-z]))", re.IGNORECASE)


@dataclass(frozen=True)
class NameStyle:
    """How names are written.

    Args:
        longest: the most characters of a name; ``None`` for any number.
        digit_prefix: what is put in front of a name that begins with a digit.
    """

    style: Style
    longest: int | None
    strip_accents: bool
    digit_prefix: str

    def name(self, text: str) -> str:
        """The name in this style; the same when it is in it already.

        Single letters can be read as one word once they are joined (``a b c`` is ``aBC`` is ``aBc``), so it is written
        until it stays.
        """
        for _ in range(_MOST_ROUNDS):
            before, text = text, self._once(text)
            if text == before:
                break
        return text

    def _once(self, text: str) -> str:
        words = words_of(_plain(text) if self.strip_accents else unicodedata.normalize("NFC", text)) or [NAMELESS]
        name = SEPARATORS[self.style].join(self._cased(word, index) for index, word in enumerate(words))
        name = f"{self.digit_prefix}{name}" if name[0].isdigit() else name
        return self.cut(name, self.longest)

    def _cased(self, word: str, index: int) -> str:
        match self.style:
            case "snake" | "kebab":
                return word.lower()
            case "upper":
                return word.upper()
            case "camel" if index == 0:
                return word.lower()
            case _:
                return word[:1].upper() + word[1:].lower()

    def cut(self, name: str, longest: int | None) -> str:
        """The name without what is beyond a length, and without a separator left at its end."""
        return name if longest is None or len(name) <= longest else name[:longest].rstrip("_- ") or name[:longest]

    def numbered(self, name: str, number: int) -> str:
        """The name with a number behind it, no longer than names may be."""
        suffix = f"{SEPARATORS[self.style]}{number}"
        return self.name(self.cut(name, None if self.longest is None else self.longest - len(suffix)) + suffix)


def words_of(text: str) -> list[str]:
    """The words of a name: parted by signs, by blanks, and where a capital follows a small letter."""
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    text = _APOSTROPHES.sub("", text)
    parts = "".join(sign if _is_of_a_word(sign) else " " for sign in text).split()
    return [word for part in parts for word in _humps(part)]


def _is_of_a_word(sign: str) -> bool:
    """Letters and digits of every script, and the marks upon them."""
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def _humps(part: str) -> list[str]:
    """``customerIDs`` is customer, IDs; ``HTTPServer2`` is HTTP, Server2."""
    starts = [0]
    for index in range(1, len(part)):
        before, here, after = part[index - 1], part[index], part[index + 1 : index + 2]
        new_word = here.isupper() and (before.islower() or (before.isdigit() and after.islower()))
        ends_acronym = here.isupper() and before.isupper() and after.islower() and not _is_plural(part, index + 1)
        if new_word or ends_acronym:
            starts.append(index)
    return [part[start:end] for start, end in zip(starts, [*starts[1:], len(part)], strict=True)]


def _is_plural(part: str, index: int) -> bool:
    return part[index] == "s" and not part[index + 1 : index + 2].islower()


def _plain(text: str) -> str:
    """Latin letters without their marks; other scripts as they are."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = [
        sign
        for index, sign in enumerate(decomposed)
        if not (unicodedata.combining(sign) and _on_latin(decomposed, index))
    ]
    return unicodedata.normalize("NFC", "".join(kept))


def _on_latin(text: str, index: int) -> bool:
    while index and unicodedata.combining(text[index]):
        index -= 1
    return text[index].isascii()


def normal_names(names: Sequence[str], chosen: frozenset[str], style: NameStyle) -> dict[str, str]:
    """New name by old name for the chosen ones; names that differ in case only count as the same.

    A column whose name is in the style already keeps it, then the first in the table has the plain name, and the
    others get numbers from 2.
    """
    wanted = {name: style.name(name) for name in names if name in chosen}
    taken = {name.lower() for name in names if name not in chosen or wanted[name] == name}
    made = {}
    for name, plain in wanted.items():
        if plain == name:
            made[name] = name
            continue
        free, number = plain, 1
        while free.lower() in taken:
            number += 1
            free = style.numbered(plain, number)
        taken.add(free.lower())
        made[name] = free
    return made
