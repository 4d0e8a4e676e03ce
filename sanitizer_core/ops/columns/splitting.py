"""The parts of a text as trees; null where there is no such part."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.sql import call, literal
from sanitizer_core.sql.pattern import pattern, replacement

_MARK = "\ufdd1"
"""Stands for a separator that a pattern found; no text has it, for Unicode says it is no character."""


def by_separator(value: exp.Expr, separator: str, count: int, *, rest_to_last: bool) -> list[exp.Expr]:
    """What stands between separators."""
    parts = [call("part_of", value, literal(separator), literal(number)) for number in range(1, count + 1)]
    if rest_to_last:
        parts[-1] = call("parts_from", value, literal(separator), literal(count))
    return parts


def by_pattern(value: exp.Expr, searched: str, count: int, *, rest_to_last: bool) -> list[exp.Expr]:
    """What stands between places that fit the pattern; only the first of them are looked for when the rest stays whole."""
    tree, arguments = value, (pattern(searched), replacement(_MARK))
    if rest_to_last:
        for _ in range(count - 1):
            tree = call("replace_first_pattern", tree, *arguments)
    else:
        tree = call("replace_pattern", tree, *arguments)
    return [call("part_of", tree, literal(_MARK), literal(number)) for number in range(1, count + 1)]


def by_groups(value: exp.Expr, searched: str, count: int) -> list[exp.Expr]:
    """What the groups of the pattern fit."""
    return [call("extract_pattern", value, pattern(searched), literal(number)) for number in range(1, count + 1)]
