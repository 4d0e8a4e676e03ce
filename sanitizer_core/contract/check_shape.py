"""One check as a schema file says it: read, and held against what Pandera would take."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from sanitizer_core.contract.spec import CheckSpec
from sanitizer_core.contract.vocabulary import ALIASES, BUILT_IN, OPTIONS, BuiltIn, canonical_check
from sanitizer_core.errors import did_you_mean

Finding = tuple[str, str | None]
"""A message, and a hint."""


def split(name: str, value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments of a check by parameter, and its options."""
    built_in = BUILT_IN.get(canonical_check(name))
    parameters = built_in.parameters if built_in else ()
    if not isinstance(value, Mapping):
        positional = built_in.positional if built_in else "value"
        return ({} if value is None else {positional: value}), {}
    nested = value.get("options")
    flat = {key: each for key, each in value.items() if key != "options"} | (nested if isinstance(nested, dict) else {})
    options = {key: each for key, each in flat.items() if key in OPTIONS and key not in parameters}
    arguments = {key: each for key, each in flat.items() if key not in options}
    if built_in and set(arguments) == {"value"} and "value" not in parameters:
        arguments = {built_in.positional: arguments["value"]}
    return arguments, options


def check_spec(name: str, value: Any) -> CheckSpec:
    """The check that a schema file names."""
    arguments, options = split(name, value)
    full = canonical_check(name)
    return CheckSpec(
        name=full,
        arguments={key: each for key, each in arguments.items() if each is not None or key == "value"},
        ignore_na=options.get("ignore_na", True),
        warning=options.get("raise_warning", False),
        label=options.get("name"),
        error=options.get("error"),
        groupby=options.get("groupby"),
        groups=options.get("groups"),
        built_in=full in BUILT_IN,
    )


def check_findings(name: str, value: Any) -> Iterator[Finding]:
    """What is wrong with a check."""
    built_in = BUILT_IN.get(canonical_check(name))
    if built_in is None:
        if not _is_registered(name):
            yield f"unknown check {name!r}", did_you_mean(name, [*BUILT_IN, *ALIASES])
        return
    arguments, options = split(name, value)
    found = [*_argument_findings(name, built_in, arguments), *_option_findings(name, options)]
    yield from found or _meaning_findings(canonical_check(name), arguments)


def _argument_findings(name: str, built_in: BuiltIn, arguments: Mapping[str, Any]) -> Iterator[Finding]:
    for key in arguments:
        if key not in built_in.parameters:
            hint = did_you_mean(str(key), [*built_in.parameters, *(OPTIONS - {"check_name"})])
            yield f"{name!r} has no parameter {key!r}", hint
    for key in built_in.parameters:
        if key not in built_in.optional and key not in arguments:
            yield f"{name!r} needs {key!r}", f"Its parameters: {', '.join(built_in.parameters)}."


def _option_findings(name: str, options: Mapping[str, Any]) -> Iterator[Finding]:
    for key in ("ignore_na", "raise_warning"):
        if not isinstance(options.get(key, True), bool):
            yield f"{key!r} of {name!r} has to be true or false, got {options[key]!r}", None


def _meaning_findings(name: str, arguments: Mapping[str, Any]) -> Iterator[Finding]:
    match name:
        case "in_range":
            yield from _range_findings(arguments)
        case "str_length":
            yield from _length_findings(arguments)
        case "str_matches" | "str_contains":
            yield from _pattern_findings(name, arguments["pattern"])
        case "str_startswith" | "str_endswith" if not isinstance(arguments["string"], str):
            yield f"{name!r} needs a text, got {arguments['string']!r}", None
        case "isin" | "notin" | "unique_values_eq" if not isinstance(
            next(iter(arguments.values())), list | tuple | str
        ):
            yield f"{name!r} needs a list of values, got {next(iter(arguments.values()))!r}", None
        case "greater_than" | "greater_than_or_equal_to" | "less_than" | "less_than_or_equal_to" if (
            None in arguments.values()
        ):
            yield f"{name!r} needs a value to compare with", None


def _range_findings(arguments: Mapping[str, Any]) -> Iterator[Finding]:
    low, high = arguments["min_value"], arguments["max_value"]
    if low is None or high is None or isinstance(low, str) != isinstance(high, str):
        yield f"'in_range' needs two values that can be compared, got {low!r} and {high!r}", None
    elif high < low:
        yield f"'in_range' from {low!r} to {high!r} holds nothing", "Swap 'min_value' and 'max_value'."
    elif high == low and not (arguments.get("include_min", True) and arguments.get("include_max", True)):
        yield f"'in_range' from {low!r} to {high!r} without its ends holds nothing", None


def _length_findings(arguments: Mapping[str, Any]) -> Iterator[Finding]:
    low, high, exact = (arguments.get(key) for key in ("min_value", "max_value", "exact_value"))
    wrong = [
        each
        for each in (low, high, exact)
        if each is not None and (isinstance(each, bool) or not isinstance(each, int))
    ]
    if wrong:
        yield f"'str_length' counts characters in whole numbers, got {wrong[0]!r}", None
    elif low is None and high is None and exact is None:
        yield "'str_length' needs 'min_value', 'max_value' or 'exact_value'", None
    elif exact is not None and not (low is None and high is None):
        yield "'str_length' takes 'exact_value' or a range, not both", None
    elif low is not None and high is not None and high < low:
        yield f"'str_length' from {low} to {high} holds nothing", "Swap 'min_value' and 'max_value'."


def _pattern_findings(name: str, pattern: Any) -> Iterator[Finding]:
    if not isinstance(pattern, str):
        yield f"{name!r} needs a regular expression, got {pattern!r}", None
        return
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"{name!r} has no valid regular expression: {error}", f"Got {pattern!r}."


def _is_registered(name: str) -> bool:
    """Whether the user's own code has registered a check of that name, for which it must have imported Pandera."""
    checks = sys.modules.get("pandera.api.checks")
    return checks is not None and name in checks.Check.REGISTERED_CUSTOM_CHECKS
