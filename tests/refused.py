"""The cases that an engine refuses, as the pages of their operations say: what is not on the list has to give the cells."""

from __future__ import annotations

from collections.abc import Mapping

_NEED_PYTHON = frozenset(
    {
        "clean_text: HTML",
        "clean_text: a decomposed form",
        "clean_text: an empty table",
        "clean_text: forms that only look different",
        "clean_text: text that was read in the wrong encoding is put right, and sound text is left alone",
        "clean_text: under a condition what Python repairs stays too",
        "python: an empty table goes through",
        "python: another number of rows is refused",
        "python: columns it adds are added, columns it leaves out are dropped and kept for undo",
        "python: what it raises is told",
        "python: what the function changed is logged like any other change",
    }
)
_NEED_LOGARITHMS = frozenset(
    {
        "scale_numeric: logarithms",
        "scale_numeric: or its row is rejected",
        "scale_numeric: what has no logarithm is emptied",
    }
)

REFUSED: Mapping[str, frozenset[str]] = {
    # That to the base 2 alone is missing.
    "postgres": _NEED_PYTHON | {"scale_numeric: logarithms"},
    "spark": _NEED_PYTHON | _NEED_LOGARITHMS,
}
"""By the engine; a case by its operation and its name."""
