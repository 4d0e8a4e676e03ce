"""The page of the portable functions."""

from __future__ import annotations

from generated.markdown import code, table
from sanitizer_core.sql import FUNCTIONS, Function

INTRODUCTION = """# Portable functions

A portable expression (`derive_column`, `filter_rows`, a step's `when`) is SQL's scalar subset with these functions.
Each means the same on every engine. A parameter that ends in `?` may be left out.

"""


def pages() -> dict[str, str]:
    """The page by its name."""
    shown = sorted((function for function in FUNCTIONS.values() if function.public), key=lambda each: each.name)
    return {"functions.md": INTRODUCTION + table(("function", "gives", "purpose"), map(_row, shown))}


def _row(function: Function) -> tuple[str, str, str]:
    gives = str(function.returns) if function.returns else "the type of its first argument"
    return code(f"{function.name}({', '.join(function.parameters)})"), gives, function.purpose
