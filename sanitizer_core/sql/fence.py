"""Where an engine would work an expression out again at every place that names it."""

from __future__ import annotations

from sqlglot import exp

_FLATTENING = frozenset({"postgres", "redshift"})
"""Dialects whose planners put the expressions of a subquery in the place of its columns, however often those are named;
nothing is flattened across an OFFSET, and an OFFSET of 0 costs nothing."""


def fenced(query: exp.Select, dialect: str) -> exp.Select:
    """The query, so that its expressions are worked out once for each row; of each step they would else multiply."""
    return query.offset(0) if dialect in _FLATTENING else query
