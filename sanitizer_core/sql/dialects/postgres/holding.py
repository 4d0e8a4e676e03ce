"""Values that a template holds under a name, so that PostgreSQL evaluates them once for each row."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate


def given(body: str, *steps: Mapping[str, str]) -> str:
    """A template of the body, in which names stand for values; the values of each step may use the names of the one before.

    The offset keeps the planner from putting a value back wherever its name stands.
    """
    layers = accumulate(steps, _layer, initial="")
    return f"({_selected(body, list(layers)[-1])})"


def _layer(inner: str, step: Mapping[str, str]) -> str:
    items = ", ".join(f'{value} AS "{name}"' for name, value in step.items())
    return " ".join([_selected(items, inner), "OFFSET 0"])


def _selected(items: str, inner: str) -> str:
    return " ".join(["SELECT", items, *(["FROM", f"({inner})", 'AS "@given"'] if inner else [])])
