"""What differs between two versions."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from sanitizer_api.definitions.schemas import Difference


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Every place at which two documents differ; items of lists are matched by what they are, not by their place."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_mappings(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    elif before != after:
        yield Difference(path=path, change="changed", before=before, after=after)


def _of_mappings(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for key in [*before, *(each for each in after if each not in before)]:
        place = f"{path}.{key}" if path else str(key)
        if key not in after:
            yield Difference(path=place, change="removed", before=before[key])
        elif key not in before:
            yield Difference(path=place, change="added", after=after[key])
        else:
            yield from differences(before[key], after[key], place)


def _of_lists(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[Difference]:
    matcher = difflib.SequenceMatcher(None, [repr(each) for each in before], [repr(each) for each in after], False)
    for tag, first, last, start, stop in matcher.get_opcodes():
        old, new = before[first:last], after[start:stop]
        if tag == "replace" and len(old) == len(new):
            for index, (left, right) in enumerate(zip(old, new, strict=True), start + 1):
                yield from differences(left, right, f"{path}.{index}")
        elif tag != "equal":
            yield from (
                Difference(path=f"{path}.{n}", change="removed", before=each) for n, each in enumerate(old, first + 1)
            )
            yield from (
                Difference(path=f"{path}.{n}", change="added", after=each) for n, each in enumerate(new, start + 1)
            )


def unified(before: Mapping[str, Any], after: Mapping[str, Any], names: tuple[str, str]) -> str:
    """The two documents as YAML, as a unified diff; empty when they are the same."""
    left, right = (_lines(each) for each in (before, after))
    return "\n".join(difflib.unified_diff(left, right, *names, lineterm=""))


def _lines(document: Mapping[str, Any]) -> list[str]:
    return yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True).splitlines()
