"""The lineage of a column as text, from what the registry made of everybody's events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from showcase.registry import Served

Field = tuple[str, str, str]
"""Namespace, dataset and column."""


def edges(registry: Served, dataset: tuple[str, str]) -> dict[Field, set[Field]]:
    """Which columns each column is made from, for all that leads to a dataset."""
    told = registry.get("/column-lineage", nodeId=f"dataset:{dataset[0]}:{dataset[1]}", depth=20)
    found: dict[Field, set[Field]] = {}
    for node in told["graph"]:
        data = node["data"]
        field = data["namespace"], data["dataset"], data["field"]
        found.setdefault(field, set()).update(
            (each["namespace"], each["dataset"], each["field"]) for each in data["inputFields"]
        )
    return found


def paths(found: dict[Field, set[Field]], last: Field) -> Iterator[list[Field]]:
    """Every way from a column of a source to this one."""
    before = sorted(found.get(last, ()))
    if not before:
        yield [last]
    for each in before:
        for path in paths({key: value for key, value in found.items() if key != last}, each):
            yield [*path, last]


def as_text(path: list[Field]) -> str:
    """``sites.csv: Site name -> warehouse.main.sites: site_name -> ...``."""
    return " -> ".join(f"{dataset.rpartition('/')[2]}: {column}" for _, dataset, column in path)


def longest(registry: Served, dataset: tuple[str, str], column: str) -> list[Any]:
    """The longest way to a column: from the file to the last model."""
    ways = list(paths(edges(registry, dataset), (*dataset, column)))
    return max(ways, key=len)
