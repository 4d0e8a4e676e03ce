r"""Python's regular expressions as the trees that every engine's own are written from.

What stands for a class of Unicode is named character by character, as Python knows them, for engines know other
versions of Unicode: ``\w`` is what ``str.isalnum`` says, and ``_``.
"""

from __future__ import annotations

import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from sanitizer_core.sql.characters import LAST, Ranges, complement, merged
from sanitizer_core.sql.pattern_parser import Anchor, Characters, Group, Node, Repeat

Tokens = Iterable[tuple[Any, Any]]

FOLDED = {"i": "İı", "k": "\u212a", "s": "ſ"}
"""Letters beyond ASCII that Python takes for an ASCII letter when case is ignored."""
KNOWN = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.UNICODE | re.ASCII | re.VERBOSE
_MOST_REPEATS = 255
_ASCII: dict[str, Ranges] = {
    "SPACE": ((9, 13), (32, 32)),
    "WORD": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "DIGIT": ((48, 57),),
}
_TESTS: dict[str, Callable[[str], bool]] = {
    "SPACE": str.isspace,
    "WORD": lambda char: char.isalnum() or char == "_",
    "DIGIT": str.isdecimal,
}
_LINE_FEED: Ranges = ((10, 10),)


class UntranslatableError(ValueError):
    """The pattern cannot be said in words that all engines read alike."""


def pattern_tree(pattern: str, *, anchored: bool, flags: int = 0) -> Group:
    """The tree that fits where Python's ``re.match`` (anchored) or ``re.search`` does.

    Raises:
        UntranslatableError: look-around, back-references, word boundaries, ``(?m)`` with ``^`` or ``$``, ``$`` within a
            pattern, letters beyond ASCII whose case is ignored, more than 255 repeats.
    """
    parsed = parsed_pattern(pattern, anchored=anchored, flags=flags)
    found = _Reader(parsed.state.flags).sequence(parsed, last=True)
    return (
        Group(((Anchor("start"), Group((found,), captures=False)),), captures=False)
        if anchored
        else Group((found,), captures=False)
    )


def parsed_pattern(pattern: str, *, anchored: bool, flags: int = 0) -> Any:
    r"""The pattern as Python's own parser takes it apart.

    Raises:
        UntranslatableError: a search for a pattern that begins with classes under flags of their own, ``(?a:\W)``.
            Python looks for the first character under the flags of the whole pattern and so finds other places than
            the pattern says.
    """
    parsed = parser.parse(pattern, flags)
    first = list(parsed)[:1]
    while not anchored and first and first[0][0] is codes.SUBPATTERN:
        _, added, removed, inner = first[0][1]
        if (added | removed) & (re.ASCII | re.UNICODE):
            raise UntranslatableError("classes under flags of their own at the beginning of what is searched for")
        first = list(inner)[:1]
    return parsed


@cache
def _unicode(name: str) -> Ranges:
    test = _TESTS[name]
    return merged((code, code) for code in range(sys.maxunicode + 1) if test(chr(code)))


class _Reader:
    def __init__(self, flags: int) -> None:
        if flags & ~KNOWN:
            raise UntranslatableError("a flag")
        self.flags = flags

    def sequence(self, tokens: Tokens, *, last: bool) -> tuple[Node, ...]:
        """A run of parts; ``last`` says that nothing of the pattern follows it."""
        parts = list(tokens)
        return tuple(
            node
            for position, (code, argument) in enumerate(parts)
            for node in self._part(code, argument, last=last and position == len(parts) - 1)
        )

    def _part(self, code: Any, argument: Any, *, last: bool) -> tuple[Node, ...]:
        match code:
            case codes.LITERAL:
                return (Characters(merged(self._cases(argument))),)
            case codes.NOT_LITERAL:
                return (Characters(complement(merged(self._cases(argument)))),)
            case codes.ANY:
                return (Characters(((0, LAST),) if self.flags & re.DOTALL else complement(_LINE_FEED)),)
            case codes.IN:
                return (Characters(self._set(list(argument))),)
            case codes.BRANCH:
                branches = tuple(self.sequence(branch, last=last) for branch in argument[1])
                return (Group(branches, captures=False),)
            case codes.SUBPATTERN:
                _, added, removed, inner = argument
                reader = _Reader((self.flags | added) & ~removed)
                return (Group((reader.sequence(inner, last=last),), captures=False),)
            case codes.MAX_REPEAT | codes.MIN_REPEAT:
                return (self._repeat(*argument),)
            case codes.AT:
                return self._at(argument, last=last)
        raise UntranslatableError(str(code).lower())

    def _repeat(self, low: int, high: Any, inner: Tokens) -> Repeat:
        most = None if high is codes.MAXREPEAT else int(high)
        if max(low, most or 0) > _MOST_REPEATS:
            raise UntranslatableError(f"more than {_MOST_REPEATS} repeats")
        return Repeat(Group((self.sequence(inner, last=False),), captures=False), low, most)

    def _at(self, where: Any, *, last: bool) -> tuple[Node, ...]:
        lines = bool(self.flags & re.MULTILINE)
        if where is codes.AT_BEGINNING_STRING or (where is codes.AT_BEGINNING and not lines):
            return (Anchor("start"),)
        if where is codes.AT_END_STRING:
            return (Anchor("end"),)
        if where is codes.AT_END and last and not lines:
            return (Repeat(Characters(_LINE_FEED), 0, 1), Anchor("end"))
        raise UntranslatableError(str(where).lower())

    def _set(self, members: list[tuple[Any, Any]]) -> Ranges:
        negated = members[:1] == [(codes.NEGATE, None)]
        found = merged(each for code, argument in members[negated:] for each in self._member(code, argument))
        return complement(found) if negated else found

    def _member(self, code: Any, argument: Any) -> Iterable[tuple[int, int]]:
        if code is codes.LITERAL:
            return self._cases(argument)
        if code is codes.RANGE:
            return self._range(*argument)
        if code is codes.CATEGORY:
            return self._category(str(argument))
        raise UntranslatableError(str(code).lower())

    def _category(self, name: str) -> Ranges:
        word = name.rpartition("_")[2]
        ranges = _ASCII[word] if self.flags & re.ASCII else _unicode(word)
        return complement(ranges) if "_NOT_" in name else ranges

    def _cases(self, code: int) -> list[tuple[int, int]]:
        char = chr(code)
        if not self.flags & re.IGNORECASE or (char.isascii() and not char.isalpha()):
            return [(code, code)]
        if not char.isascii():
            raise UntranslatableError("case beyond ASCII")
        folded = "" if self.flags & re.ASCII else FOLDED.get(char.lower(), "")
        return [(ord(each), ord(each)) for each in char.lower() + char.upper() + folded]

    def _range(self, low: int, high: int) -> list[tuple[int, int]]:
        if not self.flags & re.IGNORECASE:
            return [(low, high)]
        if high > 0x7F:
            raise UntranslatableError("case beyond ASCII")
        return [each for code in range(low, high + 1) for each in self._cases(code)]
