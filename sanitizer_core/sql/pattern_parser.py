"""Reads a regular expression of the portable subset into a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sanitizer_core.sql.characters import CLASSES, LAST, Ranges, complement, merged, other_cases

MOST_REPEATS = 255
MOST_NESTED_REPEATS = 1000
LONGEST = 2000


@dataclass(frozen=True)
class Characters:
    """One character out of a set."""

    ranges: Ranges


@dataclass(frozen=True)
class Anchor:
    """A place between characters; words are made of ``[0-9A-Za-z_]``."""

    kind: Literal["start", "end", "boundary", "no boundary"]


@dataclass(frozen=True)
class Group:
    """Branches, of which the first that fits is taken."""

    branches: tuple[tuple[Node, ...], ...]
    captures: bool


@dataclass(frozen=True)
class Repeat:
    """As many of a part as there are; ``most`` is ``None`` for any number."""

    part: Characters | Group
    least: int
    most: int | None


Node = Characters | Anchor | Group | Repeat


class PatternError(ValueError):
    """A pattern is not one, or is beyond the subset; says where and what to write instead."""


def parse(text: str, *, ignore_case: bool = False, whole: bool = False, own: bool = False) -> Group:
    """The pattern as a group that captures nothing; ``whole`` puts the ends of the text around it.

    Args:
        own: whether it is one of this project's own patterns, which may be longer, and have parts that are empty.

    Raises:
        PatternError: it is not in the subset.
    """
    if not text:
        raise PatternError("the pattern is empty")
    if len(text) > LONGEST and not own:
        raise PatternError(f"the pattern has {len(text)} characters; at most {LONGEST} are allowed")
    reader = _Reader(text, ignore_case, own)
    group = reader.branches(captures=False)
    if reader.rest:
        raise reader.refused("')' without its '('", r"Write \) for the character.")
    _limit(group, 1, reader)
    if whole:
        return Group(((Anchor("start"), group, Anchor("end")),), captures=False)
    reader.refuse_prefixes(group, 0)
    return group


def can_be_empty(node: Node) -> bool:
    """Whether a part fits where there is nothing."""
    match node:
        case Characters():
            return False
        case Anchor():
            return True
        case Repeat():
            return node.least == 0 or can_be_empty(node.part)
        case Group():
            return any(all(map(can_be_empty, branch)) for branch in node.branches)


_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_ANCHORS: dict[str, Literal["start", "end", "boundary", "no boundary"]] = {
    "A": "start", "z": "end", "b": "boundary", "B": "no boundary",
}  # fmt: skip
_LETTERS: dict[str, str] = {
    "Z": "Write $ for the end of the text.",
    "p": "Name the characters in a class, such as [A-Za-zÀ-ÿ].",
    "P": "Name the characters in a class, such as [^A-Za-z].",
    "Q": r"Put \ in front of each sign instead.",
    "K": "Take what is to stay into a group, and refer to it in the replacement.",
    "G": "Leave it out.",
}
_GROUPS: dict[str, tuple[str, str]] = {
    "?=": ("looking ahead", "Match what follows too, and put it back with a group in the replacement."),
    "?!": ("looking ahead", "Split the step in two, or use a condition in 'when'."),
    "?<=": ("looking behind", "Match what stands before too, and put it back with a group in the replacement."),
    "?<!": ("looking behind", "Split the step in two, or use a condition in 'when'."),
    "?P<": ("a named group", "Groups are counted: write ( and refer to it by its number."),
    "?<": ("a named group", "Groups are counted: write ( and refer to it by its number."),
    "?>": ("an atomic group", "Write (?: instead."),
    "?#": ("a comment", "Describe the step with its 'description'."),
    "?": ("a flag", "To ignore case, set 'ignore_case: true' on the step, or name both letters: [aA]."),
}


class _Reader:
    def __init__(self, text: str, ignore_case: bool, own: bool) -> None:
        self.text = text
        self.own = own
        self.place = 0
        self.ignore_case = ignore_case

    @property
    def rest(self) -> str:
        return self.text[self.place :]

    def refused(self, what: str, hint: str = "", place: int | None = None) -> PatternError:
        where = (self.place if place is None else place) + 1
        return PatternError(f"{what} (character {where} of the pattern {self.text!r}). {hint}".rstrip())

    def take(self, sign: str) -> bool:
        found = self.text.startswith(sign, self.place)
        self.place += len(sign) if found else 0
        return found

    def branches(self, *, captures: bool) -> Group:
        start = self.place
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        if not all(branches) and not self.own:
            raise self.refused("a part that is empty", "Write ( )? around what may be missing.", start)
        return Group(tuple(branches), captures)

    def sequence(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        starts: list[int] = []
        while self.rest and self.rest[0] not in "|)":
            starts.append(self.place)
            nodes.append(self.repeated(self.atom()))
        for index, node in enumerate(nodes):
            part = node.part if isinstance(node, Repeat) else node
            if isinstance(part, Group) and nodes[index + 1 : index + 2] != [Anchor("end")]:
                self.refuse_prefixes(part, starts[index])
        return tuple(nodes)

    def refuse_prefixes(self, group: Group, place: int) -> None:
        """RE2 and Java take the first branch that fits, Postgres the longest: so the longer has to come first."""
        if self.own:
            return
        for index, branch in enumerate(group.branches):
            if not all(isinstance(node, Characters) for node in branch):
                continue
            for later in group.branches[index + 1 :]:
                if len(later) > len(branch) and later[: len(branch)] == branch:
                    raise self.refused(
                        "of two branches that begin alike the shorter stands first, which engines read differently",
                        "Put the longer one first.",
                        place,
                    )

    def repeated(self, atom: Characters | Group | Anchor) -> Node:
        place = self.place
        limits = self.limits()
        if limits is None:
            return atom
        if isinstance(atom, Anchor):
            raise self.refused("a repeat of a place between characters", "Leave it out.", place)
        if can_be_empty(atom):
            raise self.refused("a repeat of a part that may be empty", "Let the part be one character at least.", place)
        if self.rest[:1] == "?":
            raise self.refused("a lazy repeat", "Write what may stand between, such as [^,]*, instead of .*?")
        if self.rest[:1] in ("+", "*"):
            raise self.refused("a repeat of a repeat", r"Put \ in front of the sign if it is meant itself.")
        return Repeat(atom, *limits)

    def limits(self) -> tuple[int, int | None] | None:
        for sign, limits in {"*": (0, None), "+": (1, None), "?": (0, 1)}.items():
            if self.take(sign):
                return limits
        return self.counted() if self.rest[:1] == "{" else None

    def counted(self) -> tuple[int, int | None]:
        start = self.place
        inside, closed, _ = self.rest[1:].partition("}")
        low, comma, high = inside.partition(",")
        if not closed or not low.isdecimal() or not low.isascii() or not (high == "" or high.isdecimal()):
            raise self.refused("'{' that is no count", r"Write {2}, {2,} or {2,5}, or \{ for the character.")
        self.place += len(inside) + 2
        least = int(low)
        most = least if not comma else int(high) if high else None
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            raise self.refused(
                f"a count out of range, {{{inside}}}", f"Allowed: 0 to {MOST_REPEATS}, the smaller first.", start
            )
        return least, most

    def atom(self) -> Characters | Group | Anchor:
        sign = self.rest[0]
        if sign in "*+?{":
            raise self.refused(f"{sign!r} with nothing in front to repeat", rf"Write \{sign} for the character.")
        self.place += 1
        match sign:
            case "(":
                return self.group()
            case "[":
                return Characters(self.members())
            case "^":
                return Anchor("start")
            case "$":
                return Anchor("end")
            case ".":
                return Characters(complement(((10, 10),)))
            case "\\":
                return self.escape()
            case _:
                return Characters(self.folded(((ord(sign), ord(sign)),)))

    def group(self) -> Group:
        start = self.place - 1
        if self.rest.startswith("?") and not self.take("?:"):
            what, hint = next(told for sign, told in _GROUPS.items() if self.rest.startswith(sign))
            raise self.refused(f"{what} is beyond what every engine can do", hint, start)
        captures = not self.text.startswith("(?:", start)
        group = self.branches(captures=captures)
        if not self.take(")"):
            raise self.refused("'(' without its ')'", r"Write \( for the character.", start)
        return group

    def escape(self) -> Characters | Anchor:
        letter = self.rest[:1]
        if letter in _ANCHORS:
            self.place += 1
            return Anchor(_ANCHORS[letter])
        return Characters(self.escaped())

    def escaped(self) -> Ranges:
        """The set that a backslash and what follows it stand for."""
        start = self.place - 1
        letter = self.rest[:1]
        if not letter:
            raise self.refused("a backslash at the end", r"Write \\ for the character.", start)
        self.place += 1
        if letter.lower() in CLASSES:
            ranges = CLASSES[letter.lower()]
            return complement(ranges) if letter.isupper() else ranges
        if letter in "xu":
            return self.folded(self.code_point(letter, start))
        if letter.isascii() and letter.isdigit():
            raise self.refused("a reference back to a group is beyond what every engine can do", "", start)
        if letter not in _CONTROLS and letter.isascii() and letter.isalpha():
            raise self.refused(f"\\{letter} is beyond what every engine can do", _LETTERS.get(letter, ""), start)
        code = ord(_CONTROLS.get(letter, letter))
        return self.folded(((code, code),))

    def code_point(self, letter: str, start: int) -> Ranges:
        if self.take("{"):
            digits, _, _ = self.rest.partition("}")
            self.place += len(digits) + 1
        else:
            digits = self.rest[: 2 if letter == "x" else 4]
            self.place += len(digits)
        try:
            code = int(digits, 16)
        except ValueError:
            code = -1
        if not (code > 0 or (code == 0 and self.own)) or code > LAST or 0xD800 <= code <= 0xDFFF:
            raise self.refused(f"\\{letter}{digits} names no character", r"Write \x41, \u0041 or \x{1F600}.", start)
        return ((code, code),)

    def members(self) -> Ranges:
        """What stands between ``[`` and ``]``."""
        start = self.place - 1
        negated = self.take("^")
        found: list[tuple[int, int]] = []
        while not self.take("]") or not found:
            if self.text[self.place - 1] == "]" and not found:
                raise self.refused("an empty class", r"Write \] for the character.", start)
            if not self.rest:
                raise self.refused("'[' without its ']'", r"Write \[ for the character.", start)
            found += self.member()
        ranges = merged(found)
        ranges = complement(ranges) if negated else ranges
        if not ranges:
            raise self.refused("a class that no character is in", "", start)
        return ranges

    def member(self) -> Ranges:
        start = self.place
        if self.rest[:2] in ("[:", "[.", "[="):
            raise self.refused("a named class means something else on each engine", "Write the characters: [A-Za-z].")
        low = self.one()
        if self.rest[:1] != "-" or self.rest[:2] == "-]":
            return low
        self.place += 1
        if not self.rest:
            raise self.refused("'[' without its ']'", "", start)
        high = self.one()
        first, last = low[0][0], high[-1][1]
        if self._is_set(low) or self._is_set(high) or first > last:
            raise self.refused(
                "a range that does not go from one character up to another", r"Write \- for the character.", start
            )
        return self.folded(((first, last),))

    def _is_set(self, ranges: Ranges) -> bool:
        codes = [code for low, high in ranges for code in {low, high}]
        return any(high > low for low, high in ranges) or len({chr(code).casefold() for code in codes}) > 1

    def one(self) -> Ranges:
        sign = self.rest[0]
        self.place += 1
        return self.escaped() if sign == "\\" else self.folded(((ord(sign), ord(sign)),))

    def folded(self, ranges: Ranges) -> Ranges:
        """The set with the other cases of its letters, where case is ignored."""
        if not self.ignore_case:
            return ranges
        more = [
            (other, other)
            for low, high in ranges
            for code, others in other_cases().items()
            if low <= code <= high
            for other in others
        ]
        return merged([*ranges, *more])


def _limit(node: Node, times: int, reader: _Reader) -> None:
    """RE2 writes repeats out, and refuses a pattern that becomes too large."""
    if isinstance(node, Repeat):
        times *= max(node.most or node.least, 1)
        if times > MOST_NESTED_REPEATS:
            raise reader.refused(f"repeats inside of repeats make {times} copies", f"At most {MOST_NESTED_REPEATS}.", 0)
        _limit(node.part, times, reader)
    elif isinstance(node, Group):
        for branch in node.branches:
            for part in branch:
                _limit(part, times, reader)
