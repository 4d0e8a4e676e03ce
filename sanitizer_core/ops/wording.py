"""Numbers and names as the sentences of the log say them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def said(value: Any) -> str:
    """A value in a sentence: whole floats without ``.0``, text in quotes."""
    if isinstance(value, float) and not isinstance(value, bool):
        return repr(value).removesuffix(".0")
    return repr(value) if isinstance(value, str) else str(value)


def listed(names: Iterable[str], most: int = 8) -> str:
    """``'a', 'b' and 3 more``."""
    quoted = [repr(name) for name in names]
    shown = ", ".join(quoted[:most])
    return shown if len(quoted) <= most else f"{shown} and {len(quoted) - most} more"
