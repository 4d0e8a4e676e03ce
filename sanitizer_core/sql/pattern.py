r"""Regular expressions as users write them, held to what every engine can mean alike.

Allowed are characters, ``.`` (any but a line feed), classes ``[a-z]`` and ``[^,;]``, ``\d`` (``[0-9]``), ``\w``
(``[0-9A-Za-z_]``), ``\s`` (every white space of Unicode) and their opposites, groups ``( )`` and ``(?: )``, ``|``,
``* + ? {2} {2,} {2,5}``, ``^`` and ``$`` (the ends of the text, never of a line), ``\b`` and ``\B`` (by ``\w``), and
``\t``, ``\n``, ``\x41``, ``\u0041``. Not allowed are lazy and possessive repeats, references back, looking ahead and
behind, flags, named classes and named groups: RE2 (DuckDB), Postgres and Java (Spark) lack them or read them
differently. A pattern is never handed on as it stands: it is read into a tree, and written anew per engine.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator
from sqlglot import exp

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.pattern_parser import Anchor, Group, Node, PatternError, Repeat, can_be_empty, parse
from sanitizer_core.sql.pattern_posix import REFERENCE
from sanitizer_core.sql.pattern_writer import write_branches

PATTERN = "pattern"
"""The name by which trees call a pattern; ``lower`` writes it for its dialect."""
REPLACEMENT = "replacement"
"""The name by which trees call a replacement."""


def check_pattern(text: str) -> str:
    """The pattern itself, once it is known to be portable.

    Raises:
        PatternError: it is not; a ``ValueError`` that says where, and what to write instead.
    """
    parse(text)
    return text


def check_whole_pattern(text: str) -> str:
    """As ``check_pattern``, for a pattern that has to fit from end to end."""
    parse(text, whole=True)
    return text


PatternText = Annotated[str, AfterValidator(check_pattern)]
"""The type of a parameter that is a regular expression."""


def pattern(text: str, *, ignore_case: bool = False, whole: bool = False) -> exp.Expr:
    """A pattern as an argument of portable functions such as ``matches``.

    Args:
        ignore_case: letters stand for both cases (by Unicode's simple folding).
        whole: it has to fit the text from end to end.
    """
    return exp.Anonymous(
        this=PATTERN, expressions=[exp.Literal.string(text), exp.Boolean(this=ignore_case), exp.Boolean(this=whole)]
    )


@lru_cache(maxsize=1024)
def pattern_for(text: str, dialect: str, *, ignore_case: bool = False, whole: bool = False) -> str:
    """The pattern in the words of an engine."""
    return write_branches(parse(text, ignore_case=ignore_case, whole=whole), dialect)


@lru_cache(maxsize=1024)
def own_pattern_for(text: str, dialect: str, *, whole: bool = False) -> str:
    """One of this project's own patterns, in RE2's words, in those of another engine."""
    if dialect == "bigquery" or (dialect == "trino" and not whole and not set(text) & set("^$")):
        flags, rest = ("(?i)", text.removeprefix("(?i)")) if text.startswith("(?i)") else ("", text)
        return f"{flags}^(?:{rest})$" if whole else text
    ignore_case = text.startswith("(?i)")
    tree = parse(text.removeprefix("(?i)"), ignore_case=ignore_case, whole=whole, own=True)
    return write_branches(tree, dialect)


def fits_anywhere(text: str) -> bool:
    """Whether the pattern fits between any two characters, and not only at a place that it names."""
    group = parse(text)
    return can_be_empty(group) and not _names_a_place(group)


def _names_a_place(node: Node) -> bool:
    if isinstance(node, Group):
        return any(_names_a_place(part) for branch in node.branches for part in branch)
    return isinstance(node, Anchor)


def groups_of(text: str, *, whole: bool = False) -> int:
    """How many groups of the pattern capture."""
    return _groups(parse(text, whole=whole))


def _groups(node: Node) -> int:
    if isinstance(node, Repeat):
        return _groups(node.part)
    if isinstance(node, Group):
        return node.captures + sum(_groups(part) for branch in node.branches for part in branch)
    return 0


def check_replacement(text: str, groups: int) -> None:
    r"""Holds a replacement against the pattern's groups: ``\1`` to ``\9`` are groups, ``\0`` is all that fitted.

    Raises:
        PatternError: it speaks of a group that is not there, or has a backslash that means nothing.
    """
    for part in _parts(text):
        if isinstance(part, int) and part > groups:
            raise PatternError(
                f"the replacement {text!r} speaks of group {part}, but the pattern has {groups or 'none'}"
            )


def _parts(text: str) -> list[str | int]:
    parts: list[str | int] = []
    for piece in re.findall(r"\\.?|[^\\]+", text, re.DOTALL):
        if piece.startswith("\\") and piece[1:].isdecimal():
            parts.append(int(piece[1:]))
        elif piece == r"\\":
            parts.append("\\")
        elif piece.startswith("\\"):
            raise PatternError(
                f"{piece!r} in the replacement {text!r} means nothing. Write \\1 for a group, \\\\ for a backslash."
            )
        else:
            parts.append(piece)
    return parts


def replacement(text: str) -> exp.Expr:
    """A replacement as an argument of the portable function ``replace_pattern``."""
    return exp.Anonymous(this=REPLACEMENT, expressions=[exp.Literal.string(text)])


_DOLLARS = ("spark", "databricks", "trino")


def replacement_for(text: str, dialect: str) -> str:
    """The replacement in the words of an engine."""
    words = {
        "duckdb": (r"\{}", "\\\\"), "postgres": (r"\{}", "\\\\"), "spark": ("${}", "\\\\"), "databricks": ("${}", "\\\\"),
        "trino": ("${}", "\\\\"), "bigquery": (r"\{}", "\\\\"), "snowflake": (REFERENCE + "{}", "\\\\"),
        "redshift": (REFERENCE + "{}", "\\\\"),
    }  # fmt: skip
    if dialect not in words:
        raise CompileError(f"{dialect} cannot say a replacement", hint="Leave the step out, or run it on DuckDB.")
    group, backslash = words[dialect]
    written = []
    for part in _parts(text):
        if isinstance(part, int):
            written.append("\\&" if part == 0 and dialect == "postgres" else group.format(part))
        else:
            plain = part.replace("\\", backslash)
            if dialect == "redshift" and set(plain) & {"$", "\\"}:
                raise CompileError("redshift cannot put $ or \\ into a text", hint="Leave the step out.")
            written.append(plain.replace("$", "\\$") if dialect in _DOLLARS else plain)
    return "".join(written)


__all__ = [
    "PATTERN", "REPLACEMENT", "PatternError", "PatternText", "check_pattern", "check_replacement", "check_whole_pattern",
    "fits_anywhere", "groups_of", "own_pattern_for", "pattern", "pattern_for", "replacement", "replacement_for",
]  # fmt: skip
