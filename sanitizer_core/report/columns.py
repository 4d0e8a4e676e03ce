"""What the report shows of each column, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.quality import Subject, sample_of

BARS = 12
STRIPES = 40


@dataclass(frozen=True)
class Bar:
    """One bar of a distribution: what it counts, how many, and its height from 0 to 1."""

    label: str
    count: int
    height: float


@dataclass(frozen=True)
class Box:
    """A box plot: quartiles, whiskers (the last values within 1.5 interquartile ranges), and what lies beyond."""

    low: float
    q1: float
    median: float
    q3: float
    high: float
    minimum: float
    maximum: float
    beyond: int


@dataclass(frozen=True)
class Profile:
    """A column as the sample shows it; ``stripes`` are shares of nulls along the rows, from first to last."""

    name: str
    type: str
    filled: int
    distinct: int
    bars: tuple[Bar, ...]
    box: Box | None
    stripes: tuple[float, ...]


def profiles(engine: DuckDBEngine, relation: str, subjects: Sequence[Subject]) -> dict[str, Profile]:
    """A profile per column, of the rows that were looked at for the score."""
    sample = exp.to_identifier(sample_of(relation), quoted=True)
    if not engine.has(sample_of(relation)):
        return {}
    return {each.name: _profile(engine, sample, index, each) for index, each in enumerate(subjects)}


def _profile(engine: DuckDBEngine, sample: exp.Identifier, index: int, subject: Subject) -> Profile:
    cell = exp.column(f"c{index}")
    text = exp.cast(cell.copy(), "TEXT")
    counts = exp.select(exp.Count(this=cell.copy()), exp.Count(this=exp.Distinct(expressions=[text]))).from_(
        sample.copy()
    )
    filled, distinct = engine.fetch(counts)[0]
    box = _box(engine, sample, cell, subject) if filled else None
    bars = _histogram(engine, sample, cell, box) if box is not None else _commonest(engine, sample, cell)
    return Profile(subject.name, str(subject.type), filled, distinct, bars, box, _stripes(engine, sample, cell))


def _number(cell: exp.Expr) -> exp.Expr:
    return exp.TryCast(this=cell.copy(), to=exp.DataType.build("DOUBLE"))


def _box(engine: DuckDBEngine, sample: exp.Identifier, cell: exp.Expr, subject: Subject) -> Box | None:
    """The box plot of a column of numbers, or of text that is mostly numbers."""
    if not (subject.type.is_numeric or subject.type.is_text):
        return None
    numbers = (
        exp.select(exp.alias_(_number(cell), "x"))
        .from_(sample.copy())
        .where(exp.Not(this=exp.Is(this=cell.copy(), expression=exp.Null())))
    )
    finite = exp.select("*").from_(numbers.subquery("numbers")).where("isfinite(x)")
    asked = ("count(*)", "min(x)", "max(x)", *(f"quantile_cont(x, {q})" for q in (0.25, 0.5, 0.75)))
    row = engine.fetch(exp.select(*asked).from_(finite.subquery("finite")))[0]
    every = engine.fetch(exp.select("count(*)").from_(numbers.subquery("numbers")))[0][0]
    if row[0] < 5 or row[0] < 0.9 * every:
        return None
    minimum, maximum, q1, median, q3 = row[1:]
    low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    inner = engine.fetch(
        exp.select(f"min(x) FILTER (x >= {low!r})", f"max(x) FILTER (x <= {high!r})", f"count(*) FILTER (x < {low!r} OR x > {high!r})", dialect="duckdb")
        .from_(finite.subquery("finite"))
    )[0]  # fmt: skip
    return Box(inner[0], q1, median, q3, inner[1], minimum, maximum, inner[2])


def _histogram(engine: DuckDBEngine, sample: exp.Identifier, cell: exp.Expr, box: Box) -> tuple[Bar, ...]:
    """Equal bins between the extremes; one that is far out leaves the others thin, which is what is to be seen."""
    width = (box.maximum - box.minimum) / BARS
    if not width:
        return (Bar(_short(box.minimum), 1, 1.0),)
    place = f"least({BARS - 1}, cast(floor((x - {box.minimum!r}) / {width!r}) AS INT))"
    numbers = exp.select(exp.alias_(_number(cell), "x")).from_(sample.copy())
    rows = dict(
        engine.fetch(
            exp.select(exp.alias_(place, "bin", dialect="duckdb"), "count(*)")
            .from_(numbers.subquery("n"))
            .where("isfinite(x)")
            .group_by("bin")
        )
    )
    top = max(rows.values(), default=1)
    edges = [box.minimum + width * index for index in range(BARS + 1)]
    return tuple(
        Bar(f"{_short(edges[index])} to {_short(edges[index + 1])}", rows.get(index, 0), rows.get(index, 0) / top)
        for index in range(BARS)
    )


def _short(number: float) -> str:
    return f"{number:,.4g}"


def _commonest(engine: DuckDBEngine, sample: exp.Identifier, cell: exp.Expr) -> tuple[Bar, ...]:
    text = exp.Anonymous(this="left", expressions=[exp.cast(cell.copy(), "TEXT"), exp.Literal.number(60)])
    there = exp.Not(this=exp.Is(this=cell.copy(), expression=exp.Null()))
    shown = exp.select(exp.alias_(text, "shown")).from_(sample.copy()).where(there)
    query = (
        exp.select("shown", "count(*)")
        .from_(shown.subquery("s"))
        .group_by("shown")
        .order_by("count(*) DESC", "shown")
        .limit(6)
    )
    rows = engine.fetch(query)
    top = rows[0][1] if rows else 1
    return tuple(Bar(value, count, count / top) for value, count in rows)


def _stripes(engine: DuckDBEngine, sample: exp.Identifier, cell: exp.Expr) -> tuple[float, ...]:
    empty = exp.Case(
        ifs=[exp.If(this=exp.Is(this=cell.copy(), expression=exp.Null()), true=exp.Literal.number(1))],
        default=exp.Literal.number(0),
    )
    rows = exp.select(exp.alias_(empty, "empty"), exp.alias_(exp.column("rowid"), "place")).from_(sample.copy())
    size = exp.select("count(*)").from_(sample.copy())
    stripe = f"cast(floor(place * {STRIPES} / greatest(1, size)) AS INT)"
    counted = exp.select(exp.alias_(stripe, "stripe", dialect="duckdb"), "avg(empty)").from_(rows.subquery("r")).join(
        exp.select(exp.alias_(size.subquery(), "size")).subquery("s"), join_type="cross"
    )  # fmt: skip
    return tuple(share for _, share in sorted(engine.fetch(counted.group_by("stripe"))))
