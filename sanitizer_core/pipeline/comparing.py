"""Two tables side by side: what became of their columns, their numbers, and how their values are spread."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlglot import exp

from sanitizer_core.chain import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import MissingExtraError, PlanError, did_you_mean
from sanitizer_core.pipeline.diffing import stored_table, table_of
from sanitizer_core.quality.numbers import number_of
from sanitizer_core.schema import Column, DataType, Schema
from sanitizer_core.sources import open_source
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sql import column, lower
from sanitizer_core.sql.canonical import canonical_text

ALIKE = 85
"""From which likeness of 100 on two names may mean the same column."""
SIGNIFICANT = 20.0
"""Per cent, beyond which a change of a number is significant."""
BINS = 10
MOST_VALUES = 20
"""Values of a column without numbers that are counted one by one; the others are counted together."""
SMALLEST_SHARE = 1e-4
"""A share that is taken for that of an empty bin, of which there is no logarithm."""
SAMPLED = 1_000_000
"""Rows of a larger table that medians and tenths are taken of: they keep every number in memory at once."""
MODERATE, MAJOR = 0.1, 0.25
"""From which PSI on a distribution has shifted, and from which it is another (Siddiqi, Credit Risk Scorecards, 2006)."""

Drift = Literal["none", "moderate", "major"]


@dataclass(frozen=True)
class Change:
    """A statistic in A and in B.

    Args:
        percent: the change as a share of A's; ``None`` where A's is 0 and B's is not, or one is not there.
        significant: whether it is beyond 20 per cent, or comes from 0.
    """

    a: float | None
    b: float | None
    percent: float | None
    significant: bool

    @classmethod
    def of(cls, a: float | None, b: float | None) -> Change:
        """The change from one number to another."""
        if a is None or b is None:
            return cls(a, b, None, (a is None) != (b is None))
        if a == 0:
            return cls(a, b, 0.0 if b == 0 else None, b != 0)
        percent = (b - a) / abs(a) * 100
        return cls(a, b, round(percent, 6), abs(percent) > SIGNIFICANT)


@dataclass(frozen=True)
class Bin:
    """A part of a distribution: its share of the rows of A and of B."""

    label: str
    a: float
    b: float


@dataclass(frozen=True)
class ColumnPair:
    """A column of A and the one of B that is held against it.

    Args:
        missing, distinct: shares of cells without a value, and numbers of different values.
        numbers: statistics of a column of numbers, by name: mean, median, sum, minimum, maximum, deviation.
        significant: whether the mean changed by more than 20 per cent.
        psi: population stability index of the two distributions, over tenths of A or its commonest values.
    """

    a: str
    b: str
    type_a: str
    type_b: str
    missing: Change
    distinct: Change
    numbers: Mapping[str, Change]
    significant: bool
    psi: float
    drift: Drift
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Likeness:
    """Two names that may mean the same, for somebody to confirm; ``score`` is of 100."""

    a: str
    b: str
    score: float


@dataclass(frozen=True)
class Comparison:
    """How a table B has drifted from a table A.

    Args:
        added, removed: columns of B alone, of A alone.
        types_changed: the type in A and in B, by the column of A.
        reordered: whether the shared columns stand in another order.
        alike: pairs among those of A alone and of B alone that may be one column under two names.
    """

    rows: Change
    columns: tuple[ColumnPair, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    types_changed: Mapping[str, tuple[str, str]]
    reordered: bool
    alike: tuple[Likeness, ...]

    def to_json(self) -> dict[str, Any]:
        """The comparison as plain JSON data."""
        return asdict(self)


def compare(
    a: Any,
    b: Any,
    pairs: Mapping[str, str] | None = None,
    *,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> Comparison:
    """Holds two sources, or what two runs wrote, against each other, column by column.

    Args:
        pairs: columns of A and what they are called in B, where that differs. Others are matched by name.

    Raises:
        SourceError: one cannot be read.
        PlanError: a column of the pairs is not there.
    """
    with DuckDBEngine.open(memory_limit=memory_limit, threads=threads) as engine:
        return compare_in(engine, (a, ReadOptions()), (b, ReadOptions()), pairs or {})


def compare_in(
    engine: DuckDBEngine, a: tuple[Any, ReadOptions], b: tuple[Any, ReadOptions], pairs: Mapping[str, str]
) -> Comparison:
    """The same by an engine that is open, with how each source is read.

    Parquet is read where it lies, of each column what is asked of it; anything else is stored first, on the disk where
    memory does not hold it. Medians and tenths of a table of more than ``SAMPLED`` rows are those of so many of them.
    """
    with _table(engine, a, "a") as left, _table(engine, b, "b") as right:
        return _compared(engine, left, right, pairs)


@contextmanager
def _table(engine: DuckDBEngine, source: tuple[Any, ReadOptions], name: str) -> Iterator[Schema]:
    opened = open_source(table_of(source[0]), engine.connection, source[1], scratch=engine.scratch)
    if opened.facts.get("format") != "parquet":
        yield stored_table(engine, opened, name)
        return
    try:
        engine.create(Relation(name, exp.select("*").from_(exp.to_identifier(opened.view, quoted=True))))
        yield opened.schema
    finally:
        opened.close()


def _compared(engine: DuckDBEngine, left: Schema, right: Schema, pairs: Mapping[str, str]) -> Comparison:
    matched = _matched(left, right, pairs)
    rows = [_count(engine, table) for table in "ab"]
    columns = tuple(_pair(engine, left[one], right[other], rows) for one, other in matched.items())
    removed = tuple(name for name in left.names if name not in matched)
    added = tuple(name for name in right.names if name not in set(matched.values()))
    kinds = {one: (str(left[one].type), str(right[other].type)) for one, other in matched.items()}
    return Comparison(
        rows=Change.of(rows[0], rows[1]),
        columns=columns,
        added=added,
        removed=removed,
        types_changed={name: both for name, both in kinds.items() if both[0] != both[1]},
        reordered=_reordered(right, matched),
        alike=tuple(alike(removed, added)),
    )


def alike(a: Sequence[str], b: Sequence[str]) -> Iterator[Likeness]:
    """Pairs of names that may mean the same, the likeliest first, no name twice.

    Raises:
        MissingExtraError: rapidfuzz is not installed.
    """
    if not a or not b:
        return
    try:
        from rapidfuzz import fuzz, utils
    except ImportError:
        raise MissingExtraError("rapidfuzz", "api") from None
    found = [
        Likeness(one, other, round(fuzz.WRatio(_plain(one), _plain(other), processor=utils.default_process), 1))
        for one in a
        for other in b
    ]
    used: set[tuple[str, str]] = set()
    for each in sorted((each for each in found if each.score >= ALIKE), key=lambda each: (-each.score, each.a, each.b)):
        if ("a", each.a) not in used and ("b", each.b) not in used:
            used |= {("a", each.a), ("b", each.b)}
            yield each


def _plain(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").replace(".", " ")


def _matched(left: Schema, right: Schema, pairs: Mapping[str, str]) -> dict[str, str]:
    """What each column of A is called in B, in the order of A."""
    for name, schema, table in [(one, left, "A") for one in pairs] + [(other, right, "B") for other in pairs.values()]:
        if name not in schema:
            raise PlanError(f"{table} has no column {name!r}", hint=did_you_mean(name, schema.names))
    taken = set(pairs.values())
    if len(taken) < len(pairs):
        raise PlanError("two columns of A are held against the same column of B", hint="Pair each column once.")
    by_name = {name: name for name in left.names if name in right and name not in taken}
    return {name: pairs.get(name, by_name.get(name, "")) for name in left.names if name in pairs or name in by_name}


def _reordered(right: Schema, matched: Mapping[str, str]) -> bool:
    places = [right.names.index(name) for name in matched.values()]
    return places != sorted(places)


def _count(engine: DuckDBEngine, table: str) -> int:
    return int(engine.fetch(exp.select(exp.Count(this=exp.Star())).from_(exp.to_table(table)))[0][0])


def _pair(engine: DuckDBEngine, one: Column, other: Column, rows: Sequence[int]) -> ColumnPair:
    sides = (("a", one), ("b", other))
    cells = [engine.fetch(exp.select(*_counts(cell)).from_(exp.to_table(table)))[0] for table, cell in sides]
    missing = [_share(rows[place] - int(counts[0]), rows[place]) for place, counts in enumerate(cells)]
    numeric = one.type.is_numeric and other.type.is_numeric
    numbers = _numbers(engine, sides, rows) if numeric else {}
    bins = _tenths(engine, sides, rows) if numeric else _values(engine, sides, rows)
    psi = stability(bins)
    return ColumnPair(
        a=one.name,
        b=other.name,
        type_a=str(one.type),
        type_b=str(other.type),
        missing=Change.of(*missing),
        distinct=Change.of(*(float(counts[1]) for counts in cells)),
        numbers=numbers,
        significant="mean" in numbers and numbers["mean"].significant,
        psi=psi,
        drift="major" if psi >= MAJOR else "moderate" if psi >= MODERATE else "none",
        bins=tuple(bins),
    )


def stability(bins: Sequence[Bin]) -> float:
    """The population stability index: the sum of (b − a) · ln(b / a) over the bins."""
    shares = [(max(each.a, SMALLEST_SHARE), max(each.b, SMALLEST_SHARE)) for each in bins if each.a or each.b]
    return round(math.fsum((b - a) * math.log(b / a) for a, b in shares), 6)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _counts(cell: Column) -> list[exp.Expr]:
    value = column(cell.name)
    return [exp.Count(this=value), exp.Count(this=exp.Distinct(expressions=[value.copy()]))]


def _number(cell: Column) -> exp.Expr:
    return lower(number_of(column(cell.name), cell.type), "duckdb")


_STATISTICS = {"mean": "avg", "sum": "sum", "minimum": "min", "maximum": "max", "deviation": "stddev_samp"}


def _numbers(engine: DuckDBEngine, sides: Sequence[tuple[str, Column]], rows: Sequence[int]) -> dict[str, Change]:
    told = []
    for (table, cell), size in zip(sides, rows, strict=True):
        items = [exp.Anonymous(this=function, expressions=[_number(cell)]) for function in _STATISTICS.values()]
        whole = engine.fetch(exp.select(*items).from_(exp.to_table(table)))[0]
        middle = exp.select(exp.Anonymous(this="median", expressions=[_number(cell)])).from_(_some(table, size))
        told.append((*whole, engine.fetch(middle)[0][0]))
    return {
        name: Change.of(*(_finite(each[place]) for each in told)) for place, name in enumerate((*_STATISTICS, "median"))
    }


def _some(table: str, rows: int) -> exp.Expr:
    """A table, or so many of its rows, always the same ones, that memory holds a column of them."""
    if rows <= SAMPLED:
        return exp.to_table(table)
    sample = exp.TableSample(method=exp.var("RESERVOIR"), size=exp.Literal.number(SAMPLED), seed=exp.Literal.number(1))
    some = exp.select(exp.Star()).from_(exp.to_table(table))
    some.set("sample", sample)
    return some.subquery("some")


def _finite(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _tenths(engine: DuckDBEngine, sides: Sequence[tuple[str, Column]], rows: Sequence[int]) -> list[Bin]:
    """Bins between the tenths of A, and one for what is missing."""
    edges = _edges(engine, _some(sides[0][0], rows[0]), sides[0][1])
    counted = [_binned(engine, table, _bin_of(_number(cell), edges)) for table, cell in sides]
    labels = [f"≤ {edge:g}" for edge in edges] + [f"> {edges[-1]:g}" if edges else "any"]
    named = [*enumerate(labels), (None, "missing")]
    return [Bin(label, *(_share(counts.get(place, 0), size) for counts, size in zip(counted, rows, strict=True)))
            for place, label in named]  # fmt: skip


def _edges(engine: DuckDBEngine, table: exp.Expr, cell: Column) -> list[float]:
    places = exp.Array(expressions=[exp.Literal.number(str(place / BINS)) for place in range(1, BINS)])
    quantiles = exp.Anonymous(this="quantile_cont", expressions=[_number(cell), places])
    found = engine.fetch(exp.select(quantiles).from_(table))[0][0]
    return sorted(set(found or ()))


def _bin_of(number: exp.Expr, edges: Sequence[float]) -> exp.Expr:
    """The place of the bin of a number; null for none."""
    ifs = [exp.If(this=exp.Is(this=number.copy(), expression=exp.Null()), true=exp.Null())]
    for place, edge in enumerate(edges):
        below = exp.LTE(this=number.copy(), expression=exp.cast(exp.Literal.number(repr(edge)), "DOUBLE"))
        ifs.append(exp.If(this=below, true=exp.Literal.number(place)))
    return exp.Case(ifs=ifs, default=exp.Literal.number(len(edges)))


def _binned(engine: DuckDBEngine, table: str, place: exp.Expr) -> dict[Any, int]:
    query = exp.select(exp.alias_(place, "place"), exp.Count(this=exp.Star())).from_(exp.to_table(table))
    return {found: int(count) for found, count in engine.fetch(query.group_by(exp.column("place")))}


def _values(engine: DuckDBEngine, sides: Sequence[tuple[str, Column]], rows: Sequence[int]) -> list[Bin]:
    """The commonest values of A and of B one by one, all others together, and what is missing."""
    texts = [(table, _text(cell)) for table, cell in sides]
    common = dict.fromkeys(value for table, text in texts for value in _commonest(engine, table, text))
    counted = [_binned(engine, table, _value_of(text, list(common))) for table, text in texts]
    named = [*((place, value) for place, value in enumerate(common)), (len(common), "others"), (None, "missing")]
    return [Bin(label, *(_share(counts.get(place, 0), size) for counts, size in zip(counted, rows, strict=True)))
            for place, label in named]  # fmt: skip


def _text(cell: Column) -> exp.Expr:
    kind = cell.type if cell.type.kind != "other" else DataType("other", native=cell.type.native)
    return lower(canonical_text(column(cell.name), kind), "duckdb")


def _commonest(engine: DuckDBEngine, table: str, text: exp.Expr) -> list[str]:
    counted = exp.select(exp.alias_(text, "value"), exp.alias_(exp.Count(this=exp.Star()), "times"))
    counted = counted.from_(exp.to_table(table)).group_by(exp.column("value"))
    there = exp.Not(this=exp.Is(this=exp.column("value"), expression=exp.Null()))
    query = exp.select("value").from_(counted.subquery("counted")).where(there)
    return [str(row[0]) for row in engine.fetch(query.order_by("times DESC", "value").limit(MOST_VALUES))]


def _value_of(text: exp.Expr, common: Sequence[str]) -> exp.Expr:
    ifs = [exp.If(this=exp.Is(this=text.copy(), expression=exp.Null()), true=exp.Null())]
    ifs += [
        exp.If(this=exp.EQ(this=text.copy(), expression=exp.Literal.string(value)), true=exp.Literal.number(place))
        for place, value in enumerate(common)
    ]
    return exp.Case(ifs=ifs, default=exp.Literal.number(len(common)))
