"""The categories of a column: named by the recipe, or found in the data and fitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlglot import exp

from sanitizer_core.errors import FitError, Where
from sanitizer_core.ops.constant import Scalar, constant, typed, value_of_type
from sanitizer_core.ops.stat import Stat
from sanitizer_core.schema import Column, DataType
from sanitizer_core.sql import column
from sanitizer_core.sql.logic import all_of, is_null, negated, one_of


@dataclass(frozen=True)
class Known:
    """The categories of a column.

    Args:
        kept: those that have a place of their own, in their order.
        rare: those that were seen but are put together.
    """

    cell: Column
    kept: tuple[Any, ...]
    rare: tuple[Any, ...] = ()

    def constant(self, category: Any) -> exp.Expr:
        """A category as a constant of the column's type."""
        return typed(category, self.cell.type)

    def is_none_of_kept(self) -> exp.Expr:
        """Whether a cell holds something that has no place of its own; never null."""
        return self._beyond(self.kept)

    def is_unknown(self) -> exp.Expr:
        """Whether a cell holds something that was neither named nor seen; never null."""
        return self._beyond((*self.kept, *self.rare))

    def _beyond(self, categories: Iterable[Any]) -> exp.Expr:
        value = column(self.cell.name)
        listed = [self.constant(category) for category in categories]
        return all_of([negated(is_null(value)), negated(one_of(value, listed))])


@dataclass(frozen=True)
class Choice:
    """Which categories are kept of those that are found.

    Args:
        most: how many; all when ``None``.
        least: how often one has to be there: a number of cells, or a fraction of those that are not null.
        limit: more than so many are refused.
        seen: whether the rare ones have to be known too, to tell them from unknown ones.
    """

    most: int | None = None
    least: float | None = None
    limit: int = 100_000
    seen: bool = False

    @property
    def merges(self) -> bool:
        """Whether rare categories are put together."""
        return self.most is not None or self.least is not None

    def stats(self, cell: Column) -> tuple[Stat, ...]:
        """What has to be measured of a column."""
        fraction = self.least is not None and self.least < 1
        return (self._values(cell), *([Stat(cell.name, "count")] if fraction else []))

    def _values(self, cell: Column) -> Stat:
        enough = self.most if self.most is not None and not self.seen else self.limit + 1
        return Stat(cell.name, "values", enough)

    def of(self, cell: Column, fitted: Any) -> Known:
        """The categories that were found in a column.

        Raises:
            FitError: they are too many.
        """
        pairs: Sequence[tuple[Any, int]] = fitted[self._values(cell)] or ()
        total = fitted.get(cell.name, "count") if self.least is not None and self.least < 1 else None
        kept = [value for value, count in pairs if self._is_common(count, total)][: self.most]
        if len(kept if self.merges and not self.seen else pairs) > self.limit:
            raise FitError(
                f"{cell.name!r} has more than {self.limit} categories",
                where=Where(column=cell.name),
                hint="Say 'max_categories' or 'min_frequency', or leave the column out with columns: {include: ..., except: ...}.",
            )
        rare = [value for value, _ in pairs if value not in set(kept)] if self.seen else []
        return Known(cell, tuple(in_order(kept, cell.type)), tuple(rare))

    def _is_common(self, count: int, total: int | None) -> bool:
        if self.least is None:
            return True
        return count >= (self.least * total if total is not None else self.least)


def named(cell: Column, categories: Iterable[Scalar]) -> Known:
    """The categories that a recipe names for a column.

    Raises:
        PlanError: one is not of the column's type.
    """
    for category in categories:
        constant(category, cell)
    return Known(cell, tuple(dict.fromkeys(value_of_type(category, cell.type) for category in categories)))


def in_order(values: Iterable[Any], kind: DataType) -> list[Any]:
    """Fitted values of a column in the order of its type; text by its code points."""
    return sorted(values, key=Decimal if kind.kind == "decimal" else None)
