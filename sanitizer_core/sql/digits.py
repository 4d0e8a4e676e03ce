"""Digits of decimals, where an engine forgets them."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.schema import DataType
from sanitizer_core.sql.tree import cast_to

_FORGETTING = frozenset({"postgres"})
"""Dialects in which what is made of ``numeric(p,s)`` is ``numeric``."""


def in_type(value: exp.Expr, kind: DataType, dialect: str) -> exp.Expr:
    """The value as a decimal of the type's digits, which it fits; anything else as it is."""
    return cast_to(value, kind) if kind.kind == "decimal" and dialect in _FORGETTING else value
