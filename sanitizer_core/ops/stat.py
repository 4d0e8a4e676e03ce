"""What a step must know of the data before it can be written as SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Measure = Literal[
    "rows",      # rows of the table; the column does not matter
    "count",     # cells that are not null
    "min",
    "max",
    "mean",
    "stddev",    # of the population
    "median",    # interpolated, as quantile 0.5
    "quantile",  # argument: the fraction; interpolated between neighbours (type 7 of Hyndman and Fan, 1996)
    "mad",       # median of the absolute distances from the median
    "mode",      # the commonest value; of several, the smallest; argument "filled" leaves out blank text
    "values",    # argument: at most how many; [value, count] pairs, the commonest first, ties by value
    "shapes",    # argument: at most how many; see sanitizer_core.sql.shapes
    "matches",   # argument: a pattern; how many cells hold it
]  # fmt: skip


@dataclass(frozen=True)
class Stat:
    """One measurement; equal ones are made once.

    Args:
        column: the column it is taken of, as earlier steps left it.
        measure: what is measured; nulls are left out of everything but ``rows``.
        argument: what the measure needs to know more.
        by: columns that form groups; the value is then a list of ``[key, ..., value]``.
    """

    column: str
    measure: Measure
    argument: Any = None
    by: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its name among the fitted values: ``quantile(age, 0.25) by city``."""
        inside = self.column if self.argument is None else f"{self.column}, {self.argument}"
        return f"{self.measure}({inside})" + (f" by {', '.join(self.by)}" if self.by else "")


@dataclass(frozen=True)
class Fitted:
    """The fitted values of one step: plain JSON under the key of each statistic."""

    values: Mapping[str, Any]

    def __getitem__(self, stat: Stat) -> Any:
        return self.values[stat.key]

    def get(self, column: str, measure: Measure, argument: Any = None, by: tuple[str, ...] = ()) -> Any:
        """The value of the statistic with these parts."""
        return self.values[Stat(column, measure, argument, by).key]


UNFITTED = Fitted({})
"""For steps that measure nothing."""


class _Unknown(dict[str, Any]):
    def __missing__(self, key: str) -> None:
        return None


UNKNOWN = Fitted(_Unknown())
"""For planning before anything is measured: every value is ``None``."""
