"""Sets of characters as ranges of code points."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sanitizer_core.sql.white_space import WHITE_SPACE

Ranges = tuple[tuple[int, int], ...]
"""Code points from first to last, in order and apart from each other."""

LAST = 0x10FFFF


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges in order, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)


def complement(ranges: Ranges) -> Ranges:
    """Every character that is not in the set."""
    gaps, after = [], 0
    for low, high in ranges:
        if low > after:
            gaps.append((after, low - 1))
        after = high + 1
    return tuple(gaps) + (((after, LAST),) if after <= LAST else ())


@cache
def other_cases() -> dict[int, tuple[int, ...]]:
    """For each letter its other cases, by Unicode's simple folding: ``k``, ``K`` and the Kelvin sign."""
    alike: dict[str, list[int]] = {}
    for code in range(0x1E960):
        folded = next(each for each in (chr(code).casefold(), chr(code).lower(), chr(code)) if len(each) == 1)
        alike.setdefault(folded, []).append(code)
    return {
        code: tuple(each for each in codes if each != code)
        for codes in alike.values()
        if len(codes) > 1
        for code in codes
    }


CLASSES: dict[str, Ranges] = {
    "d": ((0x30, 0x39),),
    "w": ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
    "s": merged((ord(each), ord(each)) for each in WHITE_SPACE),
}
"""What ``\\d``, ``\\w`` and ``\\s`` stand for."""
