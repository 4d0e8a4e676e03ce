"""What is wrong with a recipe, in words that help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sanitizer_core.document import Document
from sanitizer_core.errors import Problem, Where, did_you_mean
from sanitizer_core.ops import Operation


def problems_of(error: ValidationError, document: Document, operations: Mapping[str, type[Operation]]) -> list[Problem]:
    """Every finding of a validation, in the order of the file."""
    found = {_problem(detail, document, operations) for detail in error.errors(include_url=False)}
    return sorted(found, key=lambda problem: (problem.where.line or 0, problem.message))


def _problem(detail: ErrorDetails, document: Document, operations: Mapping[str, type[Operation]]) -> Problem:
    place = [part for part in detail["loc"] if isinstance(part, int) or _is_key(part)]
    step, op = _step_of(place, document.data)
    if step is not None and len(place) > 2 and place[2] == op:
        del place[2]  # the tag of the union is no part of the file
    where = Where(file=document.name, line=document.line_of(place), step=step, op=op if op in operations else None)
    return Problem(*_words(detail, place, op, operations)[:1], where, _words(detail, place, op, operations)[1])


def _is_key(part: str) -> bool:
    return not part.startswith(("function-", "tagged-union", "literal[", "constrained-"))


def _step_of(place: list[str | int], data: Any) -> tuple[int | None, str | None]:
    if len(place) < 2 or place[0] != "steps" or not isinstance(place[1], int):
        return None, None
    step = data["steps"][place[1]]
    op = step.get("op") if isinstance(step, dict) else None
    return place[1] + 1, op if isinstance(op, str) else None


def _words(
    detail: ErrorDetails, place: list[str | int], op: str | None, operations: Mapping[str, type[Operation]]
) -> tuple[str, str | None]:
    kind, last = detail["type"], str(place[-1]) if place else "the recipe"
    match kind:
        case "union_tag_invalid":
            return f"unknown operation {op!r}", did_you_mean(str(op), operations)
        case "union_tag_not_found":
            return "a step needs the key 'op'", "Write {op: ..., params: {...}}."
        case "extra_forbidden":
            return _unknown_key(last, place, op, operations)
        case "missing":
            return f"{last!r} is missing", None
        case "literal_error":
            expected = str(detail.get("ctx", {}).get("expected", ""))
            words = [word.strip("' ") for word in expected.replace(" or ", ", ").split(", ")]
            return f"{last!r} cannot be {detail['input']!r}", did_you_mean(
                str(detail["input"]), words
            ) or f"Allowed: {expected}."
        case "value_error":
            return f"{last!r}: {detail['ctx']['error']}" if place else str(detail["ctx"]["error"]), None
        case _:
            return f"{last!r}: {detail['msg'][:1].lower()}{detail['msg'][1:]}, got {_short(detail['input'])}", None


def _unknown_key(
    key: str, place: list[str | int], op: str | None, operations: Mapping[str, type[Operation]]
) -> tuple[str, str | None]:
    if op is not None and op in operations and "params" in place:
        fields = operations[op].model_fields
        allowed = set(fields) | {field.alias for field in fields.values() if field.alias}
        return f"unknown parameter {key!r}", did_you_mean(key, allowed)
    if op in operations:
        return f"unknown key {key!r}", "Parameters of an operation stand under 'params'."
    return f"unknown key {key!r}", did_you_mean(key, _TOP_KEYS)


_TOP_KEYS = ("name", "version", "description", "owner", "tags", "input", "steps", "contract", "quality", "audit")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
