"""Measuring what a recipe needs from the data, and recipes whose values are pinned."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlglot import exp

from sanitizer_core.compile import Chain
from sanitizer_core.errors import RecipeError, Where
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.plan import ROW
from sanitizer_core.recipe import Recipe
from sanitizer_core.sql import column
from sanitizer_core.sql.expression import parse_expression
from sanitizer_core.sql.measures import ROUNDED, measure, rounded

Fetch = Callable[[exp.Query], list[tuple[Any, ...]]]
"""How an engine answers a query whose result is small."""


class FittedRecipe(BaseModel):
    """A recipe with every value that it needs from data: it means the same on each slice of a table.

    Args:
        recipe: the recipe itself, plain.
        digest: the digest of that recipe.
        columns: the input's columns and the types they were read as.
        steps: fitted values by step number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted: int = 1
    recipe: dict[str, Any]
    digest: str
    columns: dict[str, str]
    steps: dict[int, dict[str, Any]]

    @classmethod
    def is_one(cls, path: str | Path) -> bool:
        """Whether a file looks like a fitted recipe rather than a recipe."""
        try:
            with Path(path).open(encoding="utf-8") as file:
                return re.match(r'\s*\{\s*"fitted"\s*:', file.read(200)) is not None
        except (OSError, UnicodeDecodeError):
            return False  # Whoever loads it as a recipe says what is wrong.

    @classmethod
    def load(cls, path: str | Path) -> FittedRecipe:
        """The fitted recipe in a JSON file.

        Raises:
            RecipeError: it is none, or the recipe in it is not the one that was fitted.
        """
        try:
            fitted = cls.model_validate_json(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RecipeError(f"not a fitted recipe: {str(error).splitlines()[0]}", where=Where(file=str(path))) from None
        if fitted.source.digest() != fitted.digest:
            raise RecipeError("the recipe in it was edited after it was fitted", where=Where(file=str(path)), hint="Fit it again.")
        return fitted

    @property
    def source(self) -> Recipe:
        """The recipe that was fitted."""
        return Recipe.loads(json.dumps(self.recipe), "fitted.json")

    def dump(self, path: str | Path) -> None:
        """Writes it as JSON."""
        Path(path).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")


def measure_step(chain: Chain, stats: Sequence[Stat], when: str | None, fetch: Fetch) -> Fitted:
    """The values of a step's statistics on the table as the chain leaves it; one scan for all that go together."""
    condition = chain.resolve(parse_expression(when)) if when is not None else None
    values: dict[str, Any] = {}
    unique = list(dict.fromkeys(stats))
    for by in dict.fromkeys(stat.by for stat in unique):
        together = [stat for stat in unique if stat.by == by and not _is_listing(stat)]
        values |= _aggregates(chain, together, by, condition, fetch)
    for stat in filter(_is_listing, unique):
        values[stat.key] = _listing(chain, stat, condition, fetch)
    return Fitted(values)


def _is_listing(stat: Stat) -> bool:
    return stat.measure in ("values", "mode")


def _aggregates(
    chain: Chain, stats: Sequence[Stat], by: tuple[str, ...], condition: exp.Expression | None, fetch: Fetch
) -> dict[str, Any]:
    if not stats:
        return {}
    groups = [column(chain.table.slot(name).now.name) for name in by]
    query = chain.select(*groups, *(_aggregate(chain, stat) for stat in stats), where=condition)
    if not groups:
        row = fetch(query)[0]
        return {stat.key: _plain(stat, value) for stat, value in zip(stats, row, strict=True)}
    rows = fetch(query.group_by(*groups).order_by(*groups))
    return {
        stat.key: [[*map(plain, row[: len(by)]), _plain(stat, row[len(by) + index])] for row in rows]
        for index, stat in enumerate(stats)
    }


def _aggregate(chain: Chain, stat: Stat) -> exp.Expression:
    value = column(chain.table.slot(stat.column).now.name) if stat.column else column(ROW)
    return measure(stat.measure, value, stat.argument, chain.dialect)


def _listing(chain: Chain, stat: Stat, condition: exp.Expression | None, fetch: Fetch) -> Any:
    """Values with their counts, the commonest first and ties by value, per group where there are groups."""
    value = column(chain.table.slot(stat.column).now.name)
    groups = [column(chain.table.slot(name).now.name) for name in stat.by]
    present = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
    where = exp.and_(present, condition) if condition is not None else present
    counted = exp.alias_(exp.Count(this=exp.Star()), "@count", quoted=True)
    query = chain.select(*groups, value, counted, where=where).group_by(*groups, value)
    query = query.order_by(*groups, exp.Ordered(this=column("@count"), desc=True, nulls_first=False), value.copy())
    if stat.measure == "values":
        rows = fetch(query.limit(stat.argument) if stat.argument else query)
        return [[plain(cell) for cell in row] for row in rows]
    if not groups:
        rows = fetch(query.limit(1))
        return plain(rows[0][0]) if rows else None
    first: dict[tuple[Any, ...], Any] = {}
    for row in fetch(query):
        first.setdefault(row[: len(groups)], row[len(groups)])
    return [[*map(plain, key), plain(found)] for key, found in first.items()]


def _plain(stat: Stat, value: Any) -> Any:
    if stat.measure in ROUNDED and value is not None:
        return rounded(value)
    return plain(value)


def plain(value: Any) -> Any:
    """A value as JSON can hold it: dates as ISO text, decimals as text with every digit."""
    match value:
        case Decimal():
            return format(value, "f")
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


