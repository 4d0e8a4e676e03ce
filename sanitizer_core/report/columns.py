"""What the report shows of each column, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.quality import COLUMNS_A_SCAN, Subject, sample_of
from sanitizer_core.sql import literal

BARS = 12
STRIPES = 40


DRAWABLE = 1e307
"""Numbers beyond are not drawn: what lies between two of them is no number any more."""


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


@dataclass(frozen=True)
class _Facts:
    """What one scan of the sample tells of a column."""

    filled: int
    distinct: int
    numbers: int
    minimum: float | None
    maximum: float | None
    quartiles: Sequence[float] | None

    @property
    def has_box(self) -> bool:
        """Whether nearly all of its cells are numbers, whose distances are numbers too."""
        within = all(abs(each or 0.0) < DRAWABLE for each in (self.minimum, self.maximum))
        return self.numbers >= 5 and self.numbers >= 0.9 * self.filled and within


def profiles(engine: DuckDBEngine, relation: str, subjects: Sequence[Subject]) -> dict[str, Profile]:
    """A profile per column, of the rows that were looked at for the score."""
    if not engine.has(sample_of(relation)):
        return {}
    sample = exp.to_identifier(sample_of(relation), quoted=True)
    found: dict[str, Profile] = {}
    for start in range(0, len(subjects), COLUMNS_A_SCAN):
        places = range(start, min(start + COLUMNS_A_SCAN, len(subjects)))
        found |= _profiles(engine, sample, {place: subjects[place] for place in places})
    return found


def _profiles(engine: DuckDBEngine, sample: exp.Identifier, subjects: Mapping[int, Subject]) -> dict[str, Profile]:
    """Profiles of so many columns as share a scan, by name."""
    size, facts = _facts(engine, sample, subjects)
    boxes = _boxes(engine, sample, {place: each for place, each in facts.items() if each.has_box})
    stripes = _stripes(engine, sample, subjects, size)
    found = {}
    for place, subject in subjects.items():
        known, (box, bars) = facts[place], boxes.get(place, (None, ()))
        if box is None:
            bars = _commonest(engine, sample, _cell(place)) if known.filled else ()
        found[subject.name] = Profile(
            subject.name, str(subject.type), known.filled, known.distinct, bars, box, stripes[place]
        )
    return found


def _cell(place: int) -> exp.Expr:
    return exp.column(f"c{place}")


def _number(place: int) -> exp.Expr:
    return exp.column(f"x{place}")


def _with_numbers(sample: exp.Identifier, places: Iterable[int]) -> exp.Subquery:
    """The sample with the finite numbers of columns beside their cells."""
    numbers = []
    for place in places:
        number = exp.TryCast(this=_cell(place), to=exp.DataType.build("DOUBLE"))
        finite = exp.If(this=exp.Anonymous(this="isfinite", expressions=[number]), true=number.copy())
        numbers.append(exp.alias_(exp.Case(ifs=[finite]), f"x{place}"))
    told = exp.select("*", *numbers, copy=False).from_(sample.copy(), copy=False)
    return told.subquery("numbers", copy=False)


def _facts(
    engine: DuckDBEngine, sample: exp.Identifier, subjects: Mapping[int, Subject]
) -> tuple[int, dict[int, _Facts]]:
    """The rows of the sample, and what one scan tells of each column."""
    numeric = [place for place, each in subjects.items() if each.type.is_numeric or each.type.is_text]
    asked: list[exp.Expr] = [exp.Count(this=exp.Star())]
    for place in subjects:
        text = exp.cast(_cell(place), "TEXT")
        asked += [exp.Count(this=_cell(place)), exp.Count(this=exp.Distinct(expressions=[text]))]
        asked += _of_numbers(place) if place in numeric else [exp.Null() for _ in range(4)]
    size, *told = engine.fetch(exp.select(*asked, copy=False).from_(_with_numbers(sample, numeric), copy=False))[0]
    rows = zip(subjects, zip(*[iter(told)] * 6, strict=True), strict=True)
    return size, {place: _Facts(row[0], row[1], row[2] or 0, row[3], row[4], row[5]) for place, row in rows}


def _of_numbers(place: int) -> list[exp.Expr]:
    quarters = exp.Array(expressions=[exp.Literal.number(each) for each in ("0.25", "0.5", "0.75")])
    quartiles = exp.Anonymous(this="quantile_cont", expressions=[_number(place), quarters])
    return [exp.Count(this=_number(place)), exp.Min(this=_number(place)), exp.Max(this=_number(place)), quartiles]


def _boxes(
    engine: DuckDBEngine, sample: exp.Identifier, facts: Mapping[int, _Facts]
) -> dict[int, tuple[Box, tuple[Bar, ...]]]:
    """The box plots and distributions of columns of numbers, or of text that is mostly numbers."""
    asked = [tree for place, known in facts.items() for tree in _whiskers(place, known)]
    if not asked:
        return {}
    told = engine.fetch(exp.select(*asked, copy=False).from_(_with_numbers(sample, facts), copy=False))[0]
    found = {}
    for place, (low, high, beyond, bins) in zip(facts, zip(*[iter(told)] * 4, strict=True), strict=True):
        q1, median, q3 = facts[place].quartiles or ()
        box = Box(low, q1, median, q3, high, facts[place].minimum or 0.0, facts[place].maximum or 0.0, beyond)
        found[place] = box, _bars(box, bins or {})
    return found


def _whiskers(place: int, known: _Facts) -> list[exp.Expr]:
    """The last values within the whiskers, how many lie beyond, and how many fall into each bin."""
    q1, _, q3 = known.quartiles or ()
    low, high = literal(q1 - 1.5 * (q3 - q1)), literal(q3 + 1.5 * (q3 - q1))
    number = _number(place)
    above = exp.GTE(this=number, expression=low)
    below = exp.LTE(this=number, expression=high)
    outside = exp.or_(exp.LT(this=number, expression=low), exp.GT(this=number, expression=high))
    return [
        _where(exp.Min(this=number), above),
        _where(exp.Max(this=number), below),
        _where(exp.Count(this=exp.Star()), outside),
        exp.Anonymous(this="histogram", expressions=[_bin(number, known.minimum or 0.0, known.maximum or 0.0)]),
    ]


def _where(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=aggregate.copy(), expression=exp.Where(this=condition.copy()))


def _bin(number: exp.Expr, minimum: float, maximum: float) -> exp.Expr:
    """Equal bins between the extremes; one that is far out leaves the others thin, which is what is to be seen."""
    above = exp.Paren(this=exp.Sub(this=number.copy(), expression=literal(minimum)))
    width = literal((maximum - minimum) / BARS or 1.0)
    place = exp.cast(exp.Floor(this=exp.Div(this=above, expression=width)), "INT")
    return exp.Least(this=literal(BARS - 1), expressions=[place])


def _bars(box: Box, bins: Mapping[int, int]) -> tuple[Bar, ...]:
    width = (box.maximum - box.minimum) / BARS
    if not width:
        return (Bar(_short(box.minimum), 1, 1.0),)
    top = max(bins.values(), default=1)
    edges = [box.minimum + width * index for index in range(BARS + 1)]
    return tuple(
        Bar(f"{_short(edges[index])} to {_short(edges[index + 1])}", bins.get(index, 0), bins.get(index, 0) / top)
        for index in range(BARS)
    )


def _short(number: float) -> str:
    return f"{number:,.4g}"


def _commonest(engine: DuckDBEngine, sample: exp.Identifier, cell: exp.Expr) -> tuple[Bar, ...]:
    text = exp.Anonymous(this="left", expressions=[exp.cast(cell.copy(), "TEXT"), exp.Literal.number(60)])
    there = exp.Not(this=exp.Is(this=cell.copy(), expression=exp.Null()))
    shown = exp.select(exp.alias_(text, "shown"), copy=False).from_(sample.copy(), copy=False).where(there, copy=False)
    size, label = exp.Count(this=exp.Star()), exp.column("shown")
    query = exp.select(label, size, copy=False).from_(shown.subquery("s", copy=False), copy=False)
    query = query.group_by(label.copy(), copy=False)
    query = query.order_by(exp.Ordered(this=size.copy(), desc=True), label.copy(), copy=False).limit(6, copy=False)
    rows = engine.fetch(query)
    top = rows[0][1] if rows else 1
    return tuple(Bar(value, count, count / top) for value, count in rows)


def _stripes(
    engine: DuckDBEngine, sample: exp.Identifier, places: Iterable[int], size: int
) -> dict[int, tuple[float, ...]]:
    """The shares of nulls along the rows, from first to last."""
    stripe = exp.cast(exp.Floor(this=exp.column("rowid") * STRIPES / max(1, size)), "INT")
    shares = [exp.Avg(this=exp.cast(exp.Is(this=_cell(place), expression=exp.Null()), "INT")) for place in places]
    query = exp.select(exp.alias_(stripe, "stripe"), *shares).from_(sample.copy()).group_by("stripe").order_by("stripe")
    rows = engine.fetch(query)
    return {place: tuple(row[index] for row in rows) for index, place in enumerate(places, 1)}
