"""What a score is made of, and the formulas."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sanitizer_core.quality.shapes import commonest
from sanitizer_core.recipe import Weights
from sanitizer_core.schema import DataType

DIMENSIONS = ("completeness", "uniqueness", "consistency", "integrity")

FAR_OUT = 3.0
"""How many interquartile ranges beyond a quartile a number is an outlier (Tukey's outer fence, 1977)."""


@dataclass(frozen=True)
class Subject:
    """A column to be scored: its name, the relation's column that holds it, and its type."""

    name: str
    holds: str
    type: DataType


@dataclass(frozen=True)
class ColumnScore:
    """The dimensions that a single column has, from 0 to 100; ``nulls`` are its cells without a value."""

    completeness: float
    consistency: float
    integrity: float
    shape: str | None
    nulls: int


@dataclass(frozen=True)
class Score:
    """A table's scores, from 0 to 100; ``columns`` by name, ``sampled`` the rows that shapes were counted on."""

    overall: float
    completeness: float
    uniqueness: float
    consistency: float
    integrity: float
    rows: int
    sampled: int
    columns: Mapping[str, ColumnScore] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The scores as plain JSON data."""
        told = {name: getattr(self, name) for name in ("overall", *DIMENSIONS)}
        columns = {name: vars(each) for name, each in self.columns.items()}
        return told | {"rows": self.rows, "sampled": self.sampled, "columns": columns}


@dataclass(frozen=True)
class Counted:
    """What was counted of a table.

    Args:
        filled: cells that are not null, by column.
        repeats: rows that repeat an earlier one.
        sampled: rows on which shapes and outliers were counted.
        shapes: by column how many cells have each shape (see ``shapes.NAMES``); of a typed column nothing.
        outliers: by column.
    """

    rows: int
    filled: Sequence[int]
    repeats: int
    sampled: int
    shapes: Sequence[Sequence[int]]
    outliers: Sequence[int]


def score_of(counted: Counted, names: Sequence[str], weights: Weights, broken: Mapping[str, int]) -> Score:
    """The scores of what was counted; of a table without rows or columns they are all 100.

    Args:
        broken: cells that break the contract, by column.
    """
    rows, width = counted.rows, len(names)
    if not rows or not width:
        return Score(100.0, 100.0, 100.0, 100.0, 100.0, rows, 0)
    shapes = [commonest(each) for each in counted.shapes]
    columns: dict[str, ColumnScore] = {}
    for place, name in enumerate(names):
        outliers = counted.outliers[place] / counted.sampled if counted.sampled else 0.0
        spoilt = min(1.0, outliers + broken.get(name, 0) / rows)
        shape, share = shapes[place]
        filled = counted.filled[place]
        columns[name] = ColumnScore(percent(filled / rows), percent(share), percent(1 - spoilt), shape, rows - filled)
    parts = {
        "completeness": sum(counted.filled) / (rows * width),
        "uniqueness": 1 - counted.repeats / rows,
        "consistency": sum(share for _, share in shapes) / width,
        "integrity": sum(each.integrity for each in columns.values()) / width / 100,
    }
    total = sum(getattr(weights, name) for name in DIMENSIONS)
    overall = sum(value * getattr(weights, name) for name, value in parts.items()) / total
    shown = {name: percent(value) for name, value in parts.items()}
    return Score(overall=percent(overall), rows=rows, sampled=counted.sampled, columns=columns, **shown)


def percent(share: float) -> float:
    """A share as a number from 0 to 100 with two decimals, halves up: what every engine can say alike."""
    return math.floor(share * 10000 + 0.5) / 100
