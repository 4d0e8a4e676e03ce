"""Quality scores: how complete, unique, consistent and sound a table is, from 0 to 100.

* completeness = cells that are not null / cells
* uniqueness = rows that are not repeats of an earlier row / rows
* consistency = mean over the columns of the share of filled cells that are of the column's commonest shape
* integrity = 1 - (outliers + cells that break the contract) / cells

The overall score is their weighted mean (40, 30, 20 and 10 per cent unless the recipe says otherwise). A table
without rows or without filled cells has nothing against it: it scores 100.

Completeness and uniqueness are counted on every row. Shapes and outliers are counted on every row of a table of at
most ``SAMPLE_ROWS`` rows, and on that many rows at even distances of a larger one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from sanitizer_core.chain import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.plan import ROW
from sanitizer_core.recipe import Weights
from sanitizer_core.schema import DataType
from sanitizer_core.sql import column, literal

SAMPLE_ROWS = 50_000

_SHAPES: tuple[tuple[str, str], ...] = (
    ("integer", r"[+-]?[0-9]+"),
    ("number", r"[+-]?[0-9]*[.,][0-9]+|[+-]?[0-9]{1,3}(?:[.,' ][0-9]{3})+(?:[.,][0-9]+)?|[+-]?[0-9.]+[eE][+-]?[0-9]+"),
    ("date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?"),
    ("other date", r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}(?: [0-9:]+)?"),
    ("amount", r"[$€£¥]\s?[0-9.,]+|[0-9.,]+\s?(?:[$€£¥%]|[A-Za-z]{1,4}\.?)"),
    ("e-mail", r"[^@\s]+@[^@\s]+\.[^@\s.]+"),
    ("address", r"https?://\S+|www\.\S+"),
)
"""Shapes of text, tried in this order; what has none of them is ``text``, with blanks around it ``padded text``."""

COLUMNS_A_SCAN = 50

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
    """The dimensions that a single column has, from 0 to 100."""

    completeness: float
    consistency: float
    integrity: float
    shape: str | None


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
        told = {
            name: getattr(self, name) for name in ("overall", "completeness", "uniqueness", "consistency", "integrity")
        }
        columns = {name: vars(each) for name, each in self.columns.items()}
        return told | {"rows": self.rows, "sampled": self.sampled, "columns": columns}


def score(
    engine: DuckDBEngine,
    relation: str,
    subjects: Sequence[Subject],
    weights: Weights,
    broken: Mapping[str, int] | None = None,
) -> Score:
    """Scores a relation that has ``@row``.

    Args:
        broken: cells that break the contract, by column.
    """
    filled, rows = _filled(engine, relation, subjects)
    if not rows or not subjects:
        return Score(100.0, 100.0, 100.0, 100.0, 100.0, rows, 0)
    sampled, shapes, outliers = _sampled(engine, relation, subjects, rows)
    columns: dict[str, ColumnScore] = {}
    for index, subject in enumerate(subjects):
        spoilt = min(1.0, outliers[index] + (broken or {}).get(subject.name, 0) / rows)
        columns[subject.name] = ColumnScore(
            _percent(filled[index] / rows), _percent(shapes[index][1]), _percent(1 - spoilt), shapes[index][0]
        )
    width = len(subjects)
    return _weighted(
        weights,
        sum(filled) / (rows * width),
        1 - _repeats(engine, relation, subjects, [count == rows for count in filled]) / rows,
        sum(share for _, share in shapes) / width,
        sum(each.integrity for each in columns.values()) / width / 100,
        rows,
        sampled,
        columns,
    )


def _weighted(
    weights: Weights, completeness: float, uniqueness: float, consistency: float, integrity: float,
    rows: int, sampled: int, columns: Mapping[str, ColumnScore],
) -> Score:  # fmt: skip
    parts = {"completeness": completeness, "uniqueness": uniqueness, "consistency": consistency, "integrity": integrity}
    total = sum(getattr(weights, name) for name in parts)
    overall = sum(value * getattr(weights, name) for name, value in parts.items()) / total
    shown = {name: _percent(value) for name, value in parts.items()}
    return Score(overall=_percent(overall), rows=rows, sampled=sampled, columns=columns, **shown)


def _percent(share: float) -> float:
    return round(100 * share, 2)


def _filled(engine: DuckDBEngine, relation: str, subjects: Sequence[Subject]) -> tuple[list[int], int]:
    counts = [exp.Count(this=column(subject.holds)) for subject in subjects]
    row = engine.fetch(exp.select(exp.Count(this=exp.Star()), *counts).from_(exp.to_identifier(relation, quoted=True)))[
        0
    ]
    return list(row[1:]), row[0]


def _repeats(engine: DuckDBEngine, relation: str, subjects: Sequence[Subject], whole: Sequence[bool]) -> int:
    """Rows that repeat an earlier one: rows are compared by a 64-bit hash, whose collisions change no digit shown."""
    key = exp.Anonymous(this="hash", expressions=[column(subject.holds) for subject in subjects])
    hashed = exp.select(exp.alias_(key, "key")).from_(exp.to_identifier(relation, quoted=True))
    telling = _most_telling(engine, relation, subjects, whole)
    if telling is not None:
        # Rows that agree in everything agree in this column: only where a value comes again are whole rows compared.
        again = exp.select(telling.copy()).from_(exp.to_identifier(relation, quoted=True)).group_by(telling.copy())
        again = again.having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1)))
        hashed = hashed.where(exp.In(this=telling, query=again.subquery()))
    sizes = exp.select("count(*) - 1 AS more").from_(hashed.subquery("hashed")).group_by("key").having("count(*) > 1")
    return int(engine.fetch(exp.select("coalesce(sum(more), 0)").from_(sizes.subquery("sizes")))[0][0])


def _most_telling(
    engine: DuckDBEngine, relation: str, subjects: Sequence[Subject], whole: Sequence[bool]
) -> exp.Expr | None:
    """The column (without nulls) with the most values in the sample, when nearly every row has one of its own."""
    sample = exp.to_identifier(sample_of(relation), quoted=True)
    places = [index for index in range(len(subjects)) if whole[index]][:COLUMNS_A_SCAN]
    if not places:
        return None
    counts = [exp.Count(this=exp.Distinct(expressions=[exp.column(f"c{index}")])) for index in places]
    size, *values = engine.fetch(exp.select(exp.Count(this=exp.Star()), *counts).from_(sample))[0]
    most, best = max(zip(values, places, strict=True))
    return column(subjects[best].holds) if most > 0.9 * size and size > 1000 else None


def _sampled(
    engine: DuckDBEngine, relation: str, subjects: Sequence[Subject], rows: int
) -> tuple[int, list[tuple[str | None, float]], list[float]]:
    """The rows looked at, each column's commonest shape with its share, and its share of outliers."""
    step = max(1, rows // SAMPLE_ROWS)
    even = exp.EQ(this=exp.Mod(this=column(ROW), expression=exp.Literal.number(step)), expression=exp.Literal.number(0))
    items = [exp.alias_(column(subject.holds), f"c{index}") for index, subject in enumerate(subjects)]
    source = exp.select(*items).from_(exp.to_identifier(relation, quoted=True))
    sample = exp.to_identifier(sample_of(relation), quoted=True)
    engine.create(Relation(sample_of(relation), source.where(even) if step > 1 else source, stored=True))
    size = int(engine.fetch(exp.select(exp.Count(this=exp.Star())).from_(sample))[0][0])
    shapes = _shapes(engine, sample, subjects)
    return size, shapes, _outliers(engine, sample, subjects, shapes, size)


def sample_of(relation: str) -> str:
    """The name of the rows that were looked at: a table of ``c0``, ``c1``, ... in the order of the subjects."""
    return f"{relation}.sample"


def _chunks(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many columns go into one scan; thousands would make one statement too long."""
    for start in range(0, len(places), COLUMNS_A_SCAN):
        yield places[start : start + COLUMNS_A_SCAN]


def _shapes(
    engine: DuckDBEngine, sample: exp.Identifier, subjects: Sequence[Subject]
) -> list[tuple[str | None, float]]:
    """The commonest shape of each column, with its share; columns that are not text are all of one type."""
    found: list[tuple[str | None, float]] = [(None, 1.0)] * len(subjects)
    texts = [index for index, subject in enumerate(subjects) if subject.type.is_text]
    for places in _chunks(texts):
        counts = [exp.Anonymous(this="histogram", expressions=[_shape(exp.column(f"c{index}"))]) for index in places]
        for index, counted in zip(places, engine.fetch(exp.select(*counts).from_(sample.copy()))[0], strict=True):
            if counted:
                best = max(sorted(counted), key=lambda shape: counted[shape])
                found[index] = best, counted[best] / sum(counted.values())
    return found


def _shape(cell: exp.Expr) -> exp.Expr:
    shape = exp.Case(default=_text_shape(cell))
    shape = shape.when(exp.Is(this=cell.copy(), expression=exp.Null()), exp.Null())
    for name, pattern in _SHAPES:
        matches = exp.Anonymous(this="regexp_full_match", expressions=[cell.copy(), exp.Literal.string(pattern)])
        shape = shape.when(matches, exp.Literal.string(name))
    return shape


def _text_shape(cell: exp.Expr) -> exp.Expr:
    padded = exp.NEQ(this=exp.Trim(this=cell.copy()), expression=cell.copy())
    return exp.Case(
        ifs=[exp.If(this=padded, true=exp.Literal.string("padded text"))], default=exp.Literal.string("text")
    )


def _outliers(
    engine: DuckDBEngine,
    sample: exp.Identifier,
    subjects: Sequence[Subject],
    shapes: Sequence[tuple[str | None, float]],
    size: int,
) -> list[float]:
    """The share of cells beyond the outer fences; of numbers, and of text that is mostly numbers."""
    found = [0.0] * len(subjects)
    asked = [
        index
        for index, subject in enumerate(subjects)
        if subject.type.is_numeric or shapes[index][0] in ("integer", "number")
    ]
    for places in _chunks(asked if size else []):
        quartiles = engine.fetch(exp.select(*(_quartiles(index) for index in places)).from_(sample.copy()))[0]
        fences = {index: _fences(*quarters) for index, quarters in zip(places, quartiles, strict=True) if quarters}
        reached = {index: fence for index, fence in fences.items() if fence[0] < fence[1]}
        if reached:
            row = engine.fetch(
                exp.select(*(_beyond(index, *fence) for index, fence in reached.items())).from_(sample.copy())
            )[0]
            found = [
                row[list(reached).index(index)] / size if index in reached else share
                for index, share in enumerate(found)
            ]
    return found


def _number(index: int) -> exp.Expr:
    """The cell as a finite number, else null."""
    number = exp.TryCast(this=exp.column(f"c{index}"), to=exp.DataType.build("DOUBLE"))
    finite = exp.Anonymous(this="isfinite", expressions=[number])
    return exp.Case(ifs=[exp.If(this=finite, true=number.copy())])


def _quartiles(index: int) -> exp.Expr:
    quarters = exp.Array(expressions=[exp.Literal.number("0.25"), exp.Literal.number("0.75")])
    return exp.Anonymous(this="quantile_cont", expressions=[_number(index), quarters])


def _fences(first: float, third: float) -> tuple[float, float]:
    reach = FAR_OUT * (third - first)
    return (first - reach, third + reach) if reach else (0.0, 0.0)


def _beyond(index: int, low: float, high: float) -> exp.Expr:
    number = _number(index)
    outside = exp.or_(
        exp.LT(this=number, expression=literal(low)), exp.GT(this=number.copy(), expression=literal(high))
    )
    return exp.Count(this=exp.Case(ifs=[exp.If(this=outside, true=exp.Literal.number(1))]))
