"""Measuring what a recipe needs from the data, and recipes whose values are pinned."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from sqlglot import exp

from sanitizer_core.chain import Chain
from sanitizer_core.errors import RecipeError, Where
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.plan import ROW
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import DataType
from sanitizer_core.sql import call, column, literal, lower
from sanitizer_core.sql.expression import condition as condition_of
from sanitizer_core.sql.logic import all_of, is_null, negated
from sanitizer_core.sql.measures import measure, settled
from sanitizer_core.sql.shapes import shapes_query
from sanitizer_core.types_by_name import type_named

Fetch = Callable[[exp.Query], list[tuple[Any, ...]]]
"""How an engine answers a query whose result is small."""


NAMELESS: tuple[Literal["binary", "other"], ...] = ("binary", "other")
"""Kinds of columns that no recipe can name as a type: they are passed through."""


class FittedRecipe(BaseModel):
    """A recipe with every value that it needs from data: it means the same on each slice of a table.

    Args:
        recipe: the recipe itself, plain.
        digest: the digest of that recipe.
        columns: the input's columns and the types they were read as.
        steps: fitted values by step number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

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
            raise RecipeError(
                f"not a fitted recipe: {str(error).splitlines()[0]}", where=Where(file=str(path))
            ) from None
        if fitted.source.digest() != fitted.digest:
            raise RecipeError(
                "the recipe in it was edited after it was fitted", where=Where(file=str(path)), hint="Fit it again."
            )
        return fitted

    @classmethod
    def load_for(cls, recipe: Recipe, path: str | Path) -> FittedRecipe:
        """The fitted recipe in a JSON file, which has to be this one.

        Raises:
            RecipeError: it cannot be read, or its values belong to another recipe.
        """
        values = cls.load(path)
        if values.digest != recipe.digest():
            raise RecipeError(
                f"these values were fitted for another recipe ({values.recipe['name']} v{values.recipe['version']})",
                where=Where(file=str(path)),
                hint=f"Fit it again: sanitizer fit RECIPE SOURCE -o {path}",
            )
        return values

    @property
    def types(self) -> dict[str, DataType]:
        """The types of the input's columns, by name."""
        nameless: dict[str, DataType] = {kind: DataType(kind) for kind in NAMELESS}
        return {name: nameless[word] if word in nameless else type_named(word) for name, word in self.columns.items()}

    @property
    def source(self) -> Recipe:
        """The recipe that was fitted."""
        return Recipe.loads(json.dumps(self.recipe), "fitted.json")

    def dump(self, path: str | Path) -> None:
        """Writes it as JSON."""
        Path(path).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")


def measure_step(chain: Chain, stats: Sequence[Stat], when: str | None, fetch: Fetch) -> Fitted:
    """The values of a step's statistics on the table as the chain leaves it; one scan for all that go together."""
    condition = chain.resolve(condition_of(when, chain.table.schema)) if when is not None else None
    values: dict[str, Any] = {}
    unique = list(dict.fromkeys(stats))
    for by in dict.fromkeys(stat.by for stat in unique):
        together = [stat for stat in unique if stat.by == by and not _is_listing(stat)]
        values |= _aggregates(chain, together, by, condition, fetch)
    for stat in filter(_is_listing, unique):
        values[stat.key] = _listing(chain, stat, condition, fetch)
    return Fitted(values)


def _is_listing(stat: Stat) -> bool:
    return stat.measure in ("values", "mode", "shapes")


@dataclass(frozen=True)
class _Ask:
    """An aggregate, and the statistics it gives: the quantiles of a column are cheaper together than one by one."""

    tree: exp.Expr
    stats: tuple[Stat, ...]

    def values(self, got: Any) -> list[Any]:
        """What each statistic is."""
        each = [got] if len(self.stats) == 1 and self.stats[0].measure not in _FRACTIONS else got
        return [_plain(stat, value) for stat, value in zip(self.stats, each or [None] * len(self.stats), strict=True)]


_FRACTIONS = ("median", "quantile")


def _aggregates(
    chain: Chain, stats: Sequence[Stat], by: tuple[str, ...], condition: exp.Expr | None, fetch: Fetch
) -> dict[str, Any]:
    if not stats:
        return {}
    groups = [column(chain.table.slot(name).now.name) for name in by]
    found: dict[str, Any] = {stat.key: [] for stat in stats}
    for together in _together(_asks(chain, stats)):
        query = chain.select(*groups, *(ask.tree for ask in together), where=condition)
        if not groups:
            found |= _told(together, fetch(query)[0])
            continue
        for row in fetch(query.group_by(*groups).order_by(*groups)):
            for key, value in _told(together, row[len(by) :]).items():
                found[key].append([*map(plain, row[: len(by)]), value])
    return found


def _told(asks: Sequence[_Ask], row: Sequence[Any]) -> dict[str, Any]:
    return {
        stat.key: value
        for ask, got in zip(asks, row, strict=True)
        for stat, value in zip(ask.stats, ask.values(got), strict=True)
    }


def _together(asks: Sequence[_Ask]) -> list[list[_Ask]]:
    """What is measured in one scan.

    What has to hold all numbers of a column at once has a scan to itself, which reads no other column: with several
    together the memory would grow with their number.
    """
    alone = [[ask] for ask in asks if ask.stats[0].measure in (*_FRACTIONS, "mad")]
    light = [ask for ask in asks if ask.stats[0].measure not in (*_FRACTIONS, "mad")]
    return [*([light] if light else []), *alone]


def _asks(chain: Chain, stats: Sequence[Stat]) -> list[_Ask]:
    asks = [
        _Ask(_aggregate(chain, stat, stat.measure, stat.argument), (stat,))
        for stat in stats
        if stat.measure not in _FRACTIONS
    ]
    quantiles = [stat for stat in stats if stat.measure in _FRACTIONS]
    for name in dict.fromkeys(stat.column for stat in quantiles):
        together = tuple(stat for stat in quantiles if stat.column == name)
        fractions = tuple(0.5 if stat.measure == "median" else float(stat.argument) for stat in together)
        asks.append(_Ask(_aggregate(chain, together[0], "quantiles", fractions), together))
    return asks


def _aggregate(chain: Chain, stat: Stat, name: str, argument: Any) -> exp.Expr:
    if not stat.column:
        return measure(name, column(ROW), argument, chain.dialect)
    now = chain.table.slot(stat.column).now
    return measure(name, column(now.name), argument, chain.dialect, now.type)


def _listing(chain: Chain, stat: Stat, condition: exp.Expr | None, fetch: Fetch) -> Any:
    """Values with their counts, the commonest first and ties by value; or the first of each group alone."""
    value = column(chain.table.slot(stat.column).now.name)
    if stat.measure == "shapes":
        return [
            list(row) for row in fetch(shapes_query(chain.select(where=condition), value, stat.argument, chain.dialect))
        ]
    groups = [column(chain.table.slot(name).now.name) for name in stat.by]
    items = [exp.alias_(tree, f"@{index}", quoted=True) for index, tree in enumerate([*groups, value])]
    count = exp.alias_(exp.Count(this=exp.Star()), "@count", quoted=True)
    where = all_of([*_present(chain, stat, value), *([condition] if condition is not None else [])])
    counted = chain.select(*items, count, where=where).group_by(*groups, value)
    names = [column(f"@{index}") for index in range(len(items))]
    rank = [
        exp.Ordered(this=column("@count"), desc=True, nulls_first=False),
        exp.Ordered(this=names[-1], nulls_first=False),
    ]
    if stat.measure == "values":
        query = counted.order_by(*rank)
        rows = fetch(query.limit(stat.argument) if stat.argument else query)
        return [[plain(cell) for cell in row] for row in rows]
    if not groups:
        rows = fetch(counted.order_by(*rank).limit(1))
        return plain(rows[0][0]) if rows else None
    place = exp.Window(
        this=exp.RowNumber(), partition_by=[each.copy() for each in names[:-1]], order=exp.Order(expressions=rank)
    )
    ranked = exp.select(*names, exp.alias_(place, "@place", quoted=True)).from_(counted.subquery("counted"))
    first = exp.EQ(this=column("@place"), expression=literal(1))
    query = exp.select(*names).from_(ranked.subquery("ranked")).where(first).order_by(*names[:-1])
    return [[plain(cell) for cell in row] for row in fetch(query)]


def _present(chain: Chain, stat: Stat, value: exp.Expr) -> list[exp.Expr]:
    """Which cells count: those that hold something, and of floats those that are numbers."""
    conditions = [negated(is_null(value))]
    if chain.table.slot(stat.column).type.kind == "float":
        conditions.append(lower(call("is_finite", value), chain.dialect))
    if stat.argument == "filled":
        conditions.append(negated(lower(call("is_blank", value), chain.dialect)))
    return conditions


def _plain(stat: Stat, value: Any) -> Any:
    return plain(settled(stat.measure, value))


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
