r"""Sets of characters and groups as the POSIX-like engines of Snowflake and Redshift read them.

A backslash within brackets means itself to some and escapes to others, so sets are written so that nothing in them has
to be escaped. Groups all capture; those that the user counts are marked until it is known which number each has.
"""

from __future__ import annotations

from collections.abc import Iterator

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.characters import Ranges

CAPTURE = "\ue000"
"""Stands behind the parenthesis of a group that the user counts."""

REFERENCE = "\ue001"
"""Stands in a replacement in front of the digit of such a group."""

_SPECIAL = "\\[]^-"
MOST_ALTERNATIVES = 300


def bracketed(ranges: Ranges, *, negated: bool) -> str:
    """A set in brackets."""
    plain, special = _apart(ranges)
    head = "]" if "]" in special else ""
    middle = "".join(_range(low, high) for low, high in plain) + ("\\\\" if "\\" in special else "")
    tail = "".join(sign for sign in "[^-" if sign in special)
    if not negated and tail[:1] == "^" and not head + middle:
        return "[-^]" if tail == "^-" else r"\^"
    return f"[{'^' if negated else ''}{head}{middle}{tail}]"


def _apart(ranges: Ranges) -> tuple[list[tuple[int, int]], set[str]]:
    """The ranges without the special characters at their ends, and those."""
    plain: list[tuple[int, int]] = []
    special: set[str] = set()
    for low, high in ranges:
        first, last = low, high
        while first <= last and chr(first) in _SPECIAL:
            special.add(chr(first))
            first += 1
        while last >= first and chr(last) in _SPECIAL:
            special.add(chr(last))
            last -= 1
        if first <= last:
            plain.append((first, last))
    return plain, special


def _range(low: int, high: int) -> str:
    first, last = chr(low), chr(high)
    return first if low == high else first + last if high == low + 1 else f"{first}-{last}"


def in_bytes(ranges: Ranges, *, negated: bool) -> str:
    """A set for an engine that may take each byte for a character: what is beyond ASCII stands outside of brackets.

    Raises:
        CompileError: there is too much of it, or everything but it is meant.
    """
    beyond = [(max(low, 0x80), high) for low, high in ranges if high > 0x7F]
    if not beyond:
        return bracketed(ranges, negated=negated)
    if negated or sum(high - low + 1 for low, high in beyond) > MOST_ALTERNATIVES:
        raise CompileError(
            "a pattern with this many characters beyond ASCII has no equal there",
            hint="Write the pattern with letters and digits of ASCII, or leave the step out.",
        )
    ascii_part = tuple((low, min(high, 0x7F)) for low, high in ranges if low <= 0x7F)
    others = [chr(code) for low, high in beyond for code in range(low, high + 1)]
    return f"({'|'.join([*([bracketed(ascii_part, negated=False)] if ascii_part else []), *others])})"


def _opened(pattern: str) -> Iterator[int]:
    """Where groups begin."""
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 1
        elif sign == "[":
            place = _closed(pattern, place)
        elif sign == "(":
            yield place
        place += 1


def _closed(pattern: str, place: int) -> int:
    """Where the set that begins here ends."""
    place += 2 if pattern.startswith("[^", place) else 1
    place += 1 if pattern[place] == "]" else 0
    while pattern[place] != "]":
        place += 2 if pattern[place] == "\\" else 1
    return place


def numbers_of(pattern: str) -> list[int]:
    """Of each group that the user counts, its number among all."""
    return [number for number, place in enumerate(_opened(pattern), 1) if pattern.startswith(CAPTURE, place + 1)]


def capturing_only(pattern: str, group: int) -> str:
    """For RE2: the pattern in which just this group captures (none for 0)."""
    number, made, last = 0, "", 0
    for place in list(_opened(pattern)):
        if pattern.startswith(CAPTURE, place + 1):
            number += 1
            made += pattern[last:place] + ("(" if number == group else "(?:")
            last = place + 2
    return made + pattern[last:]


def plain(pattern: str) -> str:
    """The pattern without its marks."""
    return pattern.replace(CAPTURE, "")
