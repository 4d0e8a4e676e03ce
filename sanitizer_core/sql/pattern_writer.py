"""Writes the tree of a portable regular expression in the words of an engine."""

from __future__ import annotations

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.characters import LAST, Ranges, complement
from sanitizer_core.sql.pattern_parser import Anchor, Characters, Group, Node, Repeat
from sanitizer_core.sql.pattern_posix import CAPTURE, bracketed, in_bytes

_WORD = "[0-9A-Za-z_]"
_EDGE = rf"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_NO_EDGE = rf"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))"

_ANCHORS = {
    "duckdb": {"start": "^", "end": "$", "boundary": r"\b", "no boundary": r"\B"},
    "postgres": {"start": "^", "end": "$", "boundary": _EDGE, "no boundary": _NO_EDGE},
    # Java's $ also stands before a last line break, and its \b is Unicode's.
    "spark": {"start": "^", "end": r"\z", "boundary": _EDGE, "no boundary": _NO_EDGE},
    "databricks": {"start": "^", "end": r"\z", "boundary": _EDGE, "no boundary": _NO_EDGE},
    "bigquery": {"start": "^", "end": "$", "boundary": r"\b", "no boundary": r"\B"},
    "trino": {"start": r"\A", "end": r"\z", "boundary": _EDGE, "no boundary": _NO_EDGE},
    "snowflake": {"start": "^", "end": "$", "boundary": r"\b", "no boundary": r"\B"},
    "redshift": {"start": "^", "end": "$"},
}

_GROUPS = {"snowflake": (f"({CAPTURE}", "("), "redshift": (f"({CAPTURE}", "("), "bigquery": (f"({CAPTURE}", "(?:")}
"""How groups that capture begin, and others, where it is not as everywhere."""


def write(node: Node, dialect: str) -> str:
    """The pattern as the dialect's engine reads it.

    Raises:
        CompileError: nobody has said how the dialect's engine reads patterns.
    """
    if dialect not in _ANCHORS:
        raise CompileError(f"{dialect} cannot say a pattern", hint="Leave the step out, or run it on DuckDB.")
    match node:
        case Characters():
            if dialect == "redshift" and node.ranges[-1:] and node.ranges[-1][1] == LAST:
                raise CompileError(
                    "redshift may take each byte of a character for one, where a pattern means any single character",
                    hint="Repeat it (.* or [^,]*), or leave the step out.",
                )
            return _set(node.ranges, dialect)
        case Anchor() if node.kind not in _ANCHORS[dialect]:
            raise CompileError(f"{dialect} cannot say \\b in a pattern", hint="Write what stands beside the word.")
        case Anchor():
            return _ANCHORS[dialect][node.kind]
        case Repeat():
            return _repeated(node, dialect)
        case Group():
            begins = _GROUPS.get(dialect, ("(", "(?:"))
            return f"{begins[0] if node.captures else begins[1]}{write_branches(node, dialect)})"


def write_branches(group: Group, dialect: str) -> str:
    """What stands inside a group."""
    return "|".join("".join(write(node, dialect) for node in branch) for branch in group.branches)


def _repeated(node: Repeat, dialect: str) -> str:
    signs = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    most = "" if node.most is None else node.most
    count = str(node.least) if node.least == node.most else f"{node.least},{most}"
    endless = isinstance(node.part, Characters) and node.most is None and node.least < 2
    part = (
        _set(node.part.ranges, dialect) if endless and isinstance(node.part, Characters) else write(node.part, dialect)
    )
    return part + signs.get((node.least, node.most), f"{{{count}}}")


def _set(ranges: Ranges, dialect: str) -> str:
    """A set that reaches to the last character is written by what is not in it."""
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1] and (ranges[0][0] < 0x80 or dialect != "redshift"):
        return _escaped(ranges[0][0], "\\.+*?()|[]{}^$")
    negated = bool(ranges) and ranges[-1][1] == LAST
    left = complement(ranges) if negated else ranges
    if dialect in ("snowflake", "redshift"):
        write_set = in_bytes if dialect == "redshift" else bracketed
        return write_set(left, negated=negated) if left else "(.|\n)"
    if not left:
        return r"[\s\S]"
    return f"[{'^' if negated else ''}{''.join(_range(low, high) for low, high in left)}]"


def _range(low: int, high: int) -> str:
    first, last = (_escaped(code, "\\[]^-&") for code in (low, high))
    return first if low == high else first + last if high == low + 1 else f"{first}-{last}"


def _escaped(code: int, special: str) -> str:
    return f"\\{chr(code)}" if chr(code) in special else chr(code)
