"""Whether a table can take rows as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TEXTS = ("text", "character varying")
_WHOLE = ("smallint", "integer", "bigint")


def takes(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> bool:
    """Whether columns of these names and types can hold rows of the others, each value as it is or with an error."""
    there = dict(old)
    return len(old) == len(new) and all(name in there and _holds(there[name], kind) for name, kind in new)


def _holds(old: str, new: str) -> bool:
    if old == new or (old in _TEXTS and _plain(new) in _TEXTS) or (old in _WHOLE and new in _WHOLE):
        return True
    if old == "numeric":
        return new.startswith("numeric")
    wide, narrow = (re.fullmatch(r"numeric\((\d+),(\d+)\)", kind) for kind in (old, new))
    return wide is not None and narrow is not None and int(wide[2]) >= int(narrow[2])


def _plain(kind: str) -> str:
    return kind.partition("(")[0]
