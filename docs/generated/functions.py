"""The page of portable expressions: their rules, and every function that they may call."""

from __future__ import annotations

from generated.markdown import code, prose, table
from sanitizer_core.sql import expression, pattern
from sanitizer_core.sql.vocabulary import WORDS

INTRODUCTION = """# Portable expressions

`derive_column`, `filter_rows`, `sort_rows` and the `when` of a step take a portable expression.

"""

FUNCTIONS = """
## Functions

A parameter that ends in `?` may be left out, and `...` stands for any number. Besides these there are `CASE`, `CAST`,
`EXTRACT(part FROM moment)`, `BETWEEN`, `IN`, `LIKE`, `ILIKE`, `IS NULL`, `IS DISTINCT FROM`, `AND`, `OR`, `NOT`,
`+ - * / %`, `||`, comparisons, and constants such as `DATE '2024-12-31'`.

"""

PATTERNS = """
## Patterns

Of `matches`, `regexp_replace` and `regexp_extract`, and of the operations `replace_pattern` and `split_column`.
"""


def pages() -> dict[str, str]:
    """The page by its name."""
    parts = (INTRODUCTION, prose(expression.__doc__), FUNCTIONS, _table(), PATTERNS, prose(pattern.__doc__))
    return {"functions.md": "\n".join(parts) + "\n"}


def _table() -> str:
    names: dict[str, list[str]] = {}
    for name, word in WORDS.items():
        names.setdefault(word.signature, []).append(name)
    words = {word.signature: word for word in WORDS.values()}
    rows = [(code(signature), _also(names[signature]), words[signature].purpose) for signature in sorted(words)]
    return table(("function", "also called", "purpose"), rows)


def _also(names: list[str]) -> str:
    return ", ".join(map(code, names[1:]))
