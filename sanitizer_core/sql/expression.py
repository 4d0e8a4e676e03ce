"""Portable expressions: SQL's scalar subset, as users write it in ``when``, filters and derived columns."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.lower import lower


def parse_expression(text: str) -> exp.Expression:
    """The tree of a portable expression.

    Raises:
        ValueError: it is not one: wrong syntax, or something in it is not allowed.
    """
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
        lower(tree, "duckdb")
    except SqlglotError as error:
        raise ValueError(f"{text!r} is not an expression: {str(error).splitlines()[0]}") from None
    except CompileError as error:
        raise ValueError(f"{text!r} is not allowed: {error}") from None
    return tree


def check_expression(text: str | None) -> str | None:
    """The text itself, once it is known to be a portable expression."""
    if text is not None:
        parse_expression(text)
    return text
