r"""Python's regular expressions in the words of RE2, where both can mean the same.

Pandera's ``str_matches`` and ``str_contains`` mean what Python's ``re`` means: ``\d``, ``\w`` and ``\s`` know all of
Unicode, ``$`` also stands before a last line break. RE2, which DuckDB has, reads the same letters otherwise. So a
pattern is taken apart by Python's own parser and written anew; what RE2 cannot say is not approximated.
"""

from __future__ import annotations

import re
import re._constants as codes  # type: ignore[import-not-found]
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import duckdb

from sanitizer_core.contract.pattern_tree import (
    FOLDED,
    KNOWN,
    Tokens,
    UntranslatableError,
    parsed_pattern,
    pattern_tree,
)
from sanitizer_core.sql.pattern_writer import write_branches

# What Python's str.isspace() counts as white space.
_SPACE = r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_WORD = r"\p{L}\p{N}_"
_DIGIT = r"\p{Nd}"
_ASCII = {"SPACE": r"\t-\r\x20", "WORD": "0-9A-Za-z_", "DIGIT": "0-9"}
_UNICODE = {"SPACE": _SPACE, "WORD": _WORD, "DIGIT": _DIGIT}
_MOST_REPEATS = 1000
# The parts in which "$" may stand when nothing follows them.
_MAY_END = frozenset({"_at", "_branch", "_subpattern"})


def python_pattern(pattern: str, dialect: str, *, anchored: bool, flags: int = 0) -> str | None:
    """The pattern in the words of a dialect's engine (see ``to_re2``); nothing, where there are none.

    Raises:
        CompileError: nobody has said how the dialect's engine reads patterns.
    """
    short = to_re2(pattern, anchored=anchored, flags=flags) if dialect == "duckdb" else None
    if short is not None:
        return short
    try:
        written = write_branches(pattern_tree(pattern, anchored=anchored, flags=flags), dialect)
    except UntranslatableError:
        return None
    return _accepted(written) if dialect == "duckdb" else written


@lru_cache(maxsize=1024)
def to_re2(pattern: str, *, anchored: bool, flags: int = 0) -> str | None:
    """The pattern for RE2, which then matches where Python's ``re.match`` (anchored) or ``re.search`` does.

    Nothing, where there is no such pattern: look-around, back-references, word boundaries, ``$`` within a pattern,
    and what RE2 itself refuses for its size.
    """
    try:
        parsed = parsed_pattern(pattern, anchored=anchored, flags=flags)
        written = _Writer(parsed.state.flags).sequence(parsed, last=True)
    except UntranslatableError:
        return None
    return _accepted(rf"\A{_grouped(written)}" if anchored else written)


def _accepted(written: str) -> str | None:
    try:
        _engine().execute("SELECT regexp_matches('a', $1)", [written]).fetchall()
    except duckdb.Error:
        return None
    return written


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _grouped(written: str) -> str:
    """A group; RE2 as DuckDB has it finds ``(?:)(?:)`` in no text but the empty one, and ``()()`` in all."""
    return f"(?:{written})" if written else "()"


def _is_opposite(code: Any, argument: Any) -> bool:
    return code is codes.CATEGORY and "_NOT_" in str(argument)


def _escaped(code: int) -> str:
    char = chr(code)
    return char if char.isascii() and char.isalnum() else f"\\x{{{code:x}}}"


class _Writer:
    def __init__(self, flags: int) -> None:
        if flags & ~KNOWN:
            raise UntranslatableError
        self.flags = flags
        self.classes = _ASCII if flags & re.ASCII else _UNICODE

    def sequence(self, tokens: Tokens, *, last: bool) -> str:
        """A run of parts; ``last`` says that nothing of the pattern follows it."""
        parts = list(tokens)
        return "".join(
            self.part(code, argument, last=last and position == len(parts) - 1)
            for position, (code, argument) in enumerate(parts)
        )

    def part(self, code: Any, argument: Any, *, last: bool) -> str:
        name = f"_{str(code).lower()}"
        write: Callable[..., str] | None = getattr(self, name, None)
        if write is None:
            raise UntranslatableError(str(code))
        return write(argument, last=last) if name in _MAY_END else write(argument)

    def _literal(self, code: int) -> str:
        return f"[{self.member(code)}]" if self.flags & re.IGNORECASE else _escaped(code)

    def _not_literal(self, code: int) -> str:
        return f"[^{self.member(code)}]"

    def _any(self, _: None) -> str:
        return r"(?s:.)" if self.flags & re.DOTALL else r"[^\n]"

    def _in(self, members: Tokens) -> str:
        """A set; RE2 has no word for "not this class" inside of one, so such parts stand beside it."""
        inner = list(members)
        negated = inner[:1] == [(codes.NEGATE, None)]
        inner = inner[1:] if negated else inner
        opposites = [self.category(str(each)) for code, each in inner if _is_opposite(code, each)]
        plain = "".join(self.set_part(*each) for each in inner if not _is_opposite(*each))
        if not opposites:
            return f"[{'^' if negated else ''}{plain}]"
        if negated and (plain or len(opposites) > 1):
            raise UntranslatableError("an intersection of sets")
        if negated:
            return f"[{opposites[0]}]"
        return f"(?:{'|'.join([f'[{plain}]'] * bool(plain) + [f'[^{each}]' for each in opposites])})"

    def _branch(self, argument: tuple[Any, list[Tokens]], *, last: bool) -> str:
        return _grouped("|".join(self.sequence(branch, last=last) for branch in argument[1]))

    def _subpattern(self, argument: tuple[Any, int, int, Tokens], *, last: bool) -> str:
        _, added, removed, inner = argument
        if not added and not removed:
            return _grouped(self.sequence(inner, last=last))
        return _grouped(_Writer((self.flags | added) & ~removed).sequence(inner, last=last))

    def _max_repeat(self, argument: tuple[int, Any, Tokens]) -> str:
        low, high, inner = argument
        if low > _MOST_REPEATS or (high is not codes.MAXREPEAT and high > _MOST_REPEATS):
            raise UntranslatableError
        upper = "" if high is codes.MAXREPEAT else str(high)
        return f"{_grouped(self.sequence(inner, last=False))}{{{low},{upper}}}"

    # A lazy repeat finds another match, but not one more or less.
    _min_repeat = _max_repeat

    def _at(self, where: Any, *, last: bool) -> str:
        if where is codes.AT_BEGINNING_STRING or (where is codes.AT_BEGINNING and not self.flags & re.MULTILINE):
            return r"\A"
        if where is codes.AT_BEGINNING:
            return "(?m:^)"
        if where is codes.AT_END_STRING:
            return r"\z"
        if where is codes.AT_END and self.flags & re.MULTILINE:
            return "(?m:$)"
        if where is codes.AT_END and last:
            return r"\n?\z"
        raise UntranslatableError(str(where))

    def set_part(self, code: Any, argument: Any) -> str:
        if code is codes.LITERAL:
            return self.member(argument)
        if code is codes.RANGE:
            return self.range(*argument)
        if code is codes.CATEGORY:
            return self.category(str(argument))
        raise UntranslatableError(str(code))

    def category(self, name: str) -> str:
        return self.classes[name.rpartition("_")[2]]

    def member(self, code: int) -> str:
        char = chr(code)
        if not self.flags & re.IGNORECASE or (char.isascii() and not char.isalpha()):
            return _escaped(code)
        if not char.isascii() or self.flags & re.ASCII:
            raise UntranslatableError("case beyond ASCII")
        return char.lower() + char.upper() + FOLDED.get(char.lower(), "")

    def range(self, low: int, high: int) -> str:
        if not self.flags & re.IGNORECASE:
            return f"{_escaped(low)}-{_escaped(high)}"
        if high > 0x7F:
            raise UntranslatableError("case beyond ASCII")
        return "".join(self.member(code) for code in range(low, high + 1))
