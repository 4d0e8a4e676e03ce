"""What each check asks, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sanitizer_core.contract.dtypes import Expected
from sanitizer_core.contract.spec import CheckSpec

_SHOWN = 8


def check_sentence(subject: str, check: CheckSpec) -> str:
    """What a check asks of its subject; the user's own sentence where there is one."""
    if check.error:
        return f"{subject}: {check.error}"
    make = _SENTENCES.get(check.name) if check.built_in else None
    asks = make(check.arguments) if make else f"must hold the check {check.label or check.name}"
    return f"{subject} {asks}"


def dtype_sentence(column: str, dtype: str, expected: Expected, *, coerce: bool) -> str:
    """What a type asks of a cell."""
    within = (
        f" (from {expected.bounds[0]} to {expected.bounds[1]})"
        if expected.bounds and expected.bounds[1] < 2**31
        else ""
    )
    return f"{column} must be {'readable as ' if coerce else ''}{dtype}{within}"


def keep_sentence(subject: str, keep: str) -> str:
    """What uniqueness asks, and which repeats count as failing."""
    counted = {"exclude_first": ", the first of its kind may stay", "exclude_last": ", the last of its kind may stay"}
    return f"{subject} must be unique{counted.get(keep, '')}"


def listed(values: Any) -> str:
    """Values for a sentence, the first eight of many."""
    shown = sorted(map(repr, values))
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def _range(arguments: Mapping[str, Any]) -> str:
    low = "at least" if arguments.get("include_min", True) else "greater than"
    high = "at most" if arguments.get("include_max", True) else "less than"
    return f"must be {low} {arguments['min_value']} and {high} {arguments['max_value']}"


def _length(arguments: Mapping[str, Any]) -> str:
    exact, low, high = (arguments.get(key) for key in ("exact_value", "min_value", "max_value"))
    if exact is not None:
        return f"must have {exact} characters"
    if low is None or high is None:
        return f"must have at most {high} characters" if low is None else f"must have at least {low} characters"
    return f"must have {low} to {high} characters"


def _pattern(arguments: Mapping[str, Any]) -> str:
    pattern = arguments["pattern"]
    return repr(pattern.pattern if isinstance(pattern, re.Pattern) else pattern)


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "equal_to": lambda a: f"must be {a['value']!r}",
    "not_equal_to": lambda a: f"must not be {a['value']!r}",
    "greater_than": lambda a: f"must be greater than {a['min_value']}",
    "greater_than_or_equal_to": lambda a: f"must be at least {a['min_value']}",
    "less_than": lambda a: f"must be less than {a['max_value']}",
    "less_than_or_equal_to": lambda a: f"must be at most {a['max_value']}",
    "in_range": _range,
    "isin": lambda a: f"must be one of {listed(a['allowed_values'])}",
    "notin": lambda a: f"must be none of {listed(a['forbidden_values'])}",
    "str_matches": lambda a: f"must start with a match of {_pattern(a)}",
    "str_contains": lambda a: f"must contain a match of {_pattern(a)}",
    "str_startswith": lambda a: f"must start with {a['string']!r}",
    "str_endswith": lambda a: f"must end with {a['string']!r}",
    "str_length": _length,
    "unique_values_eq": lambda a: f"must hold exactly the values {listed(a['values'])}",
}
