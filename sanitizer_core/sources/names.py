"""Column names that a table can hold: none empty, none twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def unique_names(raw: Iterable[object]) -> tuple[list[str], list[str]]:
    """Names made unique, and a sentence for each that had to change.

    An empty name becomes ``column_3`` by its position from 1; a repeated one gets ``_2``, ``_3``, ... Names that differ
    in case alone count as repeated, as they do in DuckDB.
    """
    wanted = ["" if name is None else str(name) for name in raw]
    given = [name if name.strip() else f"column_{place}" for place, name in enumerate(wanted, 1)]
    names = _without_repeats(given)
    return names, [
        _note(place, *pair) for place, pair in enumerate(zip(wanted, names, strict=True), 1) if pair[0] != pair[1]
    ]


def _without_repeats(names: Sequence[str]) -> list[str]:
    later = {name.casefold() for name in names}
    seen: set[str] = set()
    unique = []
    for name in names:
        number, free = 2, name
        while free.casefold() in seen or (free != name and free.casefold() in later):
            number, free = number + 1, f"{name}_{number}"
        seen.add(free.casefold())
        unique.append(free)
    return unique


def _note(place: int, before: str, after: str) -> str:
    if not before.strip():
        return f"column {place} has no name; it is called {after!r}"
    return f"the name {before!r} of column {place} is taken; it is called {after!r}"
