"""The words of a Pandera schema: its built-in checks, their parameters and their options."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BuiltIn:
    """A built-in check of Pandera 0.35.

    Args:
        parameters: its names, in order.
        optional: those that may be left out.
        positional: the parameter that a bare value means.
    """

    parameters: tuple[str, ...]
    positional: str
    optional: tuple[str, ...] = ()


_MINIMUM = BuiltIn(("min_value",), "min_value")
_MAXIMUM = BuiltIn(("max_value",), "max_value")

BUILT_IN: dict[str, BuiltIn] = {
    "equal_to": BuiltIn(("value",), "value"),
    "not_equal_to": BuiltIn(("value",), "value"),
    "greater_than": _MINIMUM,
    "greater_than_or_equal_to": _MINIMUM,
    "less_than": _MAXIMUM,
    "less_than_or_equal_to": _MAXIMUM,
    "in_range": BuiltIn(
        ("min_value", "max_value", "include_min", "include_max"), "min_value", ("include_min", "include_max")
    ),
    "isin": BuiltIn(("allowed_values",), "allowed_values"),
    "notin": BuiltIn(("forbidden_values",), "forbidden_values"),
    "str_matches": BuiltIn(("pattern",), "pattern"),
    "str_contains": BuiltIn(("pattern",), "pattern"),
    "str_startswith": BuiltIn(("string",), "string"),
    "str_endswith": BuiltIn(("string",), "string"),
    "str_length": BuiltIn(
        ("min_value", "max_value", "exact_value"), "exact_value", ("min_value", "max_value", "exact_value")
    ),
    "unique_values_eq": BuiltIn(("values",), "values"),
}

ALIASES: dict[str, str] = {
    "eq": "equal_to",
    "ne": "not_equal_to",
    "gt": "greater_than",
    "ge": "greater_than_or_equal_to",
    "lt": "less_than",
    "le": "less_than_or_equal_to",
    "between": "in_range",
}

OPTIONS: frozenset[str] = frozenset(
    {"check_name", "ignore_na", "raise_warning", "n_failure_cases", "groupby", "groups", "error", "name"}
)
"""What a check may say beside its parameters."""

TABLE = "table"
"""What the id of a check of the whole table begins with."""


def canonical_check(name: str) -> str:
    """The full name of a check that may be given by its alias (``ge``)."""
    return ALIASES.get(name, name)


def numbered(ids: list[str]) -> list[str]:
    """The ids with ``#2``, ``#3`` ... behind those that came before, so that each is there once."""
    seen: dict[str, int] = {}
    unique: list[str] = []
    for each in ids:
        seen[each] = seen.get(each, 0) + 1
        unique.append(each if seen[each] == 1 else f"{each}#{seen[each]}")
    return unique
