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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from sanitizer_core.compile import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.plan import ROW
from sanitizer_core.recipe import Weights
from sanitizer_core.schema import DataType
from sanitizer_core.sql import column

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
        told = {name: getattr(self, name) for name in ("overall", "completeness", "uniqueness", "consistency", "integrity")}
        columns = {name: vars(each) for name, each in self.columns.items()}
        return told | {"rows": self.rows, "sampled": self.sampled, "columns": columns}


def score(
    engine: DuckDBEngine, relation: str, subjects: Sequence[Subject], weights: Weights, broken: Mapping[str, int] | None = None
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
        1 - _repeats(engine, relation, subjects) / rows,
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
    row = engine.fetch(exp.select(exp.Count(this=exp.Star()), *counts).from_(exp.to_identifier(relation, quoted=True)))[0]
    return list(row[1:]), row[0]


def _repeats(engine: DuckDBEngine, relation: str, subjects: Sequence[Subject]) -> int:
    """Rows that repeat an earlier one: rows are compared by a 64-bit hash, whose collisions change no digit shown."""
    key = exp.Anonymous(this="hash", expressions=[column(subject.holds) for subject in subjects])
    hashed = exp.select(exp.alias_(key, "key")).from_(exp.to_identifier(relation, quoted=True))
    sizes = exp.select("count(*) - 1 AS more").from_(hashed.subquery("hashed")).group_by("key").having("count(*) > 1")
    return int(engine.fetch(exp.select("coalesce(sum(more), 0)").from_(sizes.subquery("sizes")))[0][0])


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
    shapes = [_shape(engine, sample, index, subject) for index, subject in enumerate(subjects)]
    outliers = [_outliers(engine, sample, index, subject, shapes[index][0], size) for index, subject in enumerate(subjects)]
    return size, shapes, outliers


def sample_of(relation: str) -> str:
    """The name of the rows that were looked at: a table of ``c0``, ``c1``, ... in the order of the subjects."""
    return f"{relation}.sample"


def _shape(engine: DuckDBEngine, sample: exp.Identifier, index: int, subject: Subject) -> tuple[str | None, float]:
    if not subject.type.is_text:
        return None, 1.0
    cell = exp.column(f"c{index}")
    shape = exp.Case(default=_text_shape(cell))
    for name, pattern in _SHAPES:
        matches = exp.Anonymous(this="regexp_full_match", expressions=[cell.copy(), exp.Literal.string(pattern)])
        shape = shape.when(matches, exp.Literal.string(name))
    shaped = exp.select(exp.alias_(shape, "shape")).from_(sample.copy()).where(exp.Not(this=exp.Is(this=cell.copy(), expression=exp.Null())))
    counted = exp.select("shape", "count(*)").from_(shaped.subquery("shaped")).group_by("shape").order_by("count(*) DESC", "shape")
    found = engine.fetch(counted)
    return (found[0][0], found[0][1] / sum(count for _, count in found)) if found else (None, 1.0)


def _text_shape(cell: exp.Expression) -> exp.Expression:
    padded = exp.NEQ(this=exp.Trim(this=cell.copy()), expression=cell.copy())
    return exp.Case(ifs=[exp.If(this=padded, true=exp.Literal.string("padded text"))], default=exp.Literal.string("text"))


def _outliers(
    engine: DuckDBEngine, sample: exp.Identifier, index: int, subject: Subject, shape: str | None, size: int
) -> float:
    """The share of cells beyond the outer fences; of numbers, and of text that is mostly numbers."""
    if not size or not (subject.type.is_numeric or shape in ("integer", "number")):
        return 0.0
    number = exp.TryCast(this=exp.column(f"c{index}"), to=exp.DataType.build("DOUBLE"))
    numbers = exp.select(exp.alias_(number, "x")).from_(sample.copy()).where("isfinite(x)", dialect="duckdb")
    fences = engine.fetch(exp.select("quantile_cont(x, 0.25)", "quantile_cont(x, 0.75)").from_(numbers.subquery("numbers")))[0]
    low, high = fences
    if low is None or high == low:
        return 0.0
    reach = FAR_OUT * (high - low)
    beyond = exp.or_(exp.column("x") < low - reach, exp.column("x") > high + reach)
    return int(engine.fetch(exp.select("count(*)").from_(numbers.subquery("numbers")).where(beyond))[0][0]) / size
