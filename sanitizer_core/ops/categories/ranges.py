"""Ranges of numbers as people write them: ``0-18, 19-35, 36-60, 60+``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

_NUMBER = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)"
_FORMS: tuple[tuple[re.Pattern[str], bool], ...] = (
    (re.compile(rf"(?P<low>{_NUMBER})\s*(?:-|–|—|\.\.|to)\s*(?P<high>{_NUMBER})", re.IGNORECASE), False),
    (re.compile(rf"(?P<low>{_NUMBER})\s*\+|(?:>=|≥|from)\s*(?P<from>{_NUMBER})", re.IGNORECASE), False),
    (re.compile(rf"(?:>|over)\s*(?P<low>{_NUMBER})", re.IGNORECASE), True),
    (re.compile(rf"(?:<=|≤|up to)\s*(?P<high>{_NUMBER})", re.IGNORECASE), False),
    (re.compile(rf"(?:<|under)\s*(?P<high>{_NUMBER})", re.IGNORECASE), True),
    (re.compile(rf"(?P<only>{_NUMBER})"), False),
)
"""Each way to write a range, and whether the bound is outside of it."""

_LABELLED = re.compile(r"\s*(?:(?P<label>[^:=<>]*[^:=<>\s])\s*[:=]\s*)?(?P<range>.*\S)\s*")


@dataclass(frozen=True)
class Range:
    """Numbers between two bounds.

    Args:
        low, high: ``None`` where there is no bound.
        above, below: whether the bound itself is outside.
    """

    label: str
    low: Decimal | None
    high: Decimal | None
    above: bool = False
    below: bool = False


def parse_ranges(texts: Iterable[str]) -> tuple[Range, ...]:
    """The ranges of texts such as ``0-18``, ``child: 0-18``, ``60+``, ``>= 60``, ``< 0``, in the order they are written.

    Where one range ends a single step of its last digit before the next begins (18 and 19, or 0.9 and 1.0), what lies
    between belongs to the lower one. Ranges may share a bound, which belongs to the one that is written first.

    Raises:
        ValueError: one cannot be read, or two of them overlap.
    """
    ranges = [_range(text) for text in texts]
    if not ranges:
        raise ValueError("there is no range in it")
    order = sorted(range(len(ranges)), key=lambda index: (_lowest(ranges[index]), _highest(ranges[index])))
    for lower, upper in pairwise(order):
        _refuse_overlap(ranges[lower], ranges[upper])
        ranges[lower] = _closed_up(ranges[lower], ranges[upper])
    return tuple(ranges)


def between(edges: Sequence[float], labels: Sequence[str], *, right: bool) -> tuple[Range, ...]:
    """The ranges between edges; each holds its left edge (or its right one), and the outermost hold both."""
    ranges = []
    for index, (low, high) in enumerate(pairwise(edges)):
        first, last = index == 0, index == len(edges) - 2
        bounds = [Decimal(repr(edge)) if math.isfinite(edge) else None for edge in (low, high)]
        ranges.append(
            Range(labels[index], bounds[0], bounds[1], above=right and not first, below=not right and not last)
        )
    return tuple(ranges)


def interval_labels(edges: Sequence[float], *, right: bool) -> tuple[str, ...]:
    """``[0, 18)``, as mathematicians write it."""
    last = len(edges) - 2
    return tuple(
        f"{'[' if (not right or index == 0) and math.isfinite(low) else '('}{low:g}, {high:g}"
        f"{']' if (right or index == last) and math.isfinite(high) else ')'}"
        for index, (low, high) in enumerate(pairwise(edges))
    )


def _range(text: str) -> Range:
    parts = _LABELLED.fullmatch(text)
    written = parts["range"] if parts else text
    for form, outside in _FORMS:
        found = form.fullmatch(written)
        if found:
            bounds = {name: Decimal(value) for name, value in found.groupdict().items() if value is not None}
            low = bounds.get("low", bounds.get("from", bounds.get("only")))
            high = bounds.get("high", bounds.get("only"))
            if low is not None and high is not None and low > high:
                raise ValueError(f"the range {written!r} goes down: write the lower bound first")
            label = parts["label"] if parts and parts["label"] else written
            return Range(label, low, high, above=outside and low is not None, below=outside and high is not None)
    raise ValueError(
        f"{text.strip()!r} is no range of numbers: write 0-18, 60+, >= 60, < 0, or with a label 'child: 0-18'"
    )


def _lowest(each: Range) -> Decimal:
    return each.low if each.low is not None else Decimal("-Infinity")


def _highest(each: Range) -> Decimal:
    return each.high if each.high is not None else Decimal("Infinity")


def _refuse_overlap(lower: Range, upper: Range) -> None:
    if _highest(lower) > _lowest(upper) and _lowest(lower) < _highest(upper):
        raise ValueError(f"the ranges {lower.label!r} and {upper.label!r} overlap in more than a bound")


def _closed_up(lower: Range, upper: Range) -> Range:
    if lower.high is None or upper.low is None or lower.below or upper.above:
        return lower
    exponents = [int(bound.as_tuple().exponent) for bound in (lower.high, upper.low)]
    if upper.low - lower.high == Decimal(1).scaleb(min(exponents)):
        return replace(lower, high=upper.low, below=True)
    return lower
