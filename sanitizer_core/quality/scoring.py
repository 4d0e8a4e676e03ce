"""The score of a relation of a run: all rows are counted, and shapes and outliers on a sample of a large table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from sqlglot import exp

from sanitizer_core.chain import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.plan import ROW
from sanitizer_core.quality.numbers import Fence, beyond, fence_of, number_of
from sanitizer_core.quality.repeats import different_rows, repeats_of
from sanitizer_core.quality.scores import Counted, Score, Subject, score_of
from sanitizer_core.quality.shapes import NAMES, NUMBERS, commonest, shape_counts, shape_of
from sanitizer_core.recipe import Weights
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.fence import fenced
from sanitizer_core.sql.quartiles import quartiles_query

SAMPLE_ROWS = 50_000

BLOCKS = 128
"""A sample is so many runs of rows that follow each other: a table is read in blocks, and not row by row."""

COLUMNS_A_SCAN = 50


def score(
    engine: Engine,
    relation: str,
    subjects: Sequence[Subject],
    weights: Weights,
    broken: Mapping[str, int] | None = None,
) -> Score:
    """Scores a relation that has ``@row``.

    Args:
        broken: cells that break the contract, by column.

    Raises:
        CompileError: the engine cannot say what a score asks.
    """
    held = [_comparable(engine, subject) for subject in subjects]
    filled, rows, last, different = _counted(engine, relation, subjects, held)
    names = [subject.name for subject in subjects]
    if not rows or not subjects:
        return score_of(Counted(rows, filled, 0, 0, (), ()), names, weights, {})
    _store_sample(engine, relation, subjects, rows, last)
    sample = exp.to_identifier(sample_of(relation), quoted=True)
    sampled = int(engine.fetch(exp.select(exp.Count(this=exp.Star())).from_(sample))[0][0])
    shapes = _shapes(engine, sample, subjects)
    outliers = _outliers(engine, sample, subjects, shapes) if sampled else [0] * len(subjects)
    if isinstance(engine, DuckDBEngine):
        telling = _most_telling(engine, sample, subjects, [count == rows for count in filled])
        different = rows - repeats_of(engine, relation, held, telling, rows)
    return score_of(Counted(rows, filled, rows - different, sampled, shapes, outliers), names, weights, broken or {})


def _comparable(engine: Engine, subject: Subject) -> exp.Expr:
    """The cell, or its text where an engine has types, such as Postgres' json, that it cannot compare."""
    cell = column(subject.holds)
    return cell if isinstance(engine, DuckDBEngine) or subject.type.kind != "other" else exp.cast(cell, "TEXT")


def sample_of(relation: str) -> str:
    """The name of the rows that were looked at: a table of ``c0``, ``c1``, ... in the order of the subjects."""
    return f"{relation}.sample"


def _cell(place: int) -> exp.Column:
    return column(f"c{place}")


def _counted(
    engine: Engine, relation: str, subjects: Sequence[Subject], held: Sequence[exp.Expr]
) -> tuple[list[int], int, int, int]:
    """The cells that are not null by column, the rows, the number of the last row, and how many rows differ.

    DuckDB is not asked for the rows that differ: ``repeats_of`` takes less time there.
    """
    counts = [exp.Count(this=column(subject.holds)) for subject in subjects]
    differ = different_rows(held, engine.dialect) if held and not isinstance(engine, DuckDBEngine) else literal(0)
    asked = exp.select(exp.Count(this=exp.Star()), exp.Max(this=column(ROW)), differ, *counts)
    rows, last, different, *filled = engine.fetch(asked.from_(exp.to_identifier(relation, quoted=True)))[0]
    return [int(each) for each in filled], int(rows), int(last or 0), int(different)


def _store_sample(engine: Engine, relation: str, subjects: Sequence[Subject], rows: int, last: int) -> None:
    items = [exp.alias_(column(subject.holds), f"c{place}", quoted=True) for place, subject in enumerate(subjects)]
    source = exp.select(*items).from_(exp.to_identifier(relation, quoted=True))
    if rows > SAMPLE_ROWS:
        source = source.where(_in_blocks(engine, rows, last))
    engine.create(Relation(sample_of(relation), source, stored=True))


def _in_blocks(engine: Engine, rows: int, last: int) -> exp.Expr:
    """Whether a row is in one of the blocks of the sample, which are longer where numbers of rows are missing."""
    distance = max(1, (last + 1) // BLOCKS)
    size = min(distance, ceil(SAMPLE_ROWS / BLOCKS * (last + 1) / rows))
    if isinstance(engine, DuckDBEngine):
        return exp.In(this=column(ROW), query=_numbers(distance, size, last).subquery())
    place = exp.Mod(this=column(ROW), expression=literal(distance))
    return exp.LT(this=place, expression=literal(size))


def _numbers(distance: int, size: int, last: int) -> exp.Select:
    """The numbers of the rows as a table: DuckDB then reads only the blocks that hold them."""
    starts = exp.Anonymous(this="range", expressions=[literal(0), literal(last + 1), literal(distance)])
    steps = exp.Anonymous(this="range", expressions=[literal(size)])
    blocks = exp.alias_(exp.Anonymous(this="unnest", expressions=[starts]), "start")
    places = exp.alias_(exp.Anonymous(this="unnest", expressions=[steps]), "step")
    both = exp.select(blocks).subquery("blocks")
    number = exp.Add(this=exp.column("start"), expression=exp.column("step"))
    return exp.select(number).from_(both).join(exp.select(places).subquery("places"), join_type="CROSS")


def _most_telling(
    engine: DuckDBEngine, sample: exp.Identifier, subjects: Sequence[Subject], whole: Sequence[bool]
) -> exp.Expr | None:
    """The column (without nulls) with the most values in the sample, when nearly every row has one of its own."""
    places = [place for place in range(len(subjects)) if whole[place]][:COLUMNS_A_SCAN]
    if not places:
        return None
    counts = [exp.Count(this=exp.Distinct(expressions=[_cell(place)])) for place in places]
    size, *values = engine.fetch(exp.select(exp.Count(this=exp.Star()), *counts).from_(sample.copy()))[0]
    most, best = max(zip(values, places, strict=True))
    return column(subjects[best].holds) if most > 0.9 * size and size > 1000 else None


def _chunks(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many columns go into one scan; thousands would make one statement too long."""
    for start in range(0, len(places), COLUMNS_A_SCAN):
        yield places[start : start + COLUMNS_A_SCAN]


def _shapes(engine: Engine, sample: exp.Identifier, subjects: Sequence[Subject]) -> list[Sequence[int]]:
    """How many cells of each column have each shape; columns that are not text are all of one type."""
    found: list[Sequence[int]] = [()] * len(subjects)
    texts = [place for place, subject in enumerate(subjects) if subject.type.is_text]
    for places in _chunks(texts):
        shaped = [
            exp.alias_(lower(shape_of(_cell(place)), engine.dialect, copy=False), f"s{place}", quoted=True, copy=False)
            for place in places
        ]
        counts = [count for place in places for count in shape_counts(f"s{place}")]
        shapes = exp.select(*shaped, copy=False).from_(sample.copy(), copy=False)
        rows = fenced(shapes, engine.dialect).subquery("shaped", copy=False)
        asked = exp.select(*counts, copy=False).from_(rows, copy=False)
        row = [int(each) for each in engine.fetch(asked)[0]]
        for number, place in enumerate(places):
            found[place] = row[number * len(NAMES) : (number + 1) * len(NAMES)]
    return found


def _outliers(
    engine: Engine, sample: exp.Identifier, subjects: Sequence[Subject], shapes: Sequence[Sequence[int]]
) -> list[int]:
    """The cells beyond the outer fences; of numbers, and of text that is mostly numbers."""
    found = [0] * len(subjects)
    asked = [
        place
        for place, subject in enumerate(subjects)
        if subject.type.is_numeric or commonest(shapes[place])[0] in NUMBERS
    ]
    for places in _chunks(asked):
        numbers = [
            exp.alias_(lower(number_of(_cell(place), subjects[place].type), engine.dialect), f"n{place}", quoted=True)
            for place in places
        ]
        rows = fenced(exp.select(*numbers, copy=False).from_(sample.copy(), copy=False), engine.dialect)
        quartiles = engine.fetch(quartiles_query(rows, [f"n{place}" for place in places], engine.dialect))[0]
        fences = {
            place: fence
            for number, place in enumerate(places)
            if (fence := fence_of(*quartiles[2 * number : 2 * number + 2])) is not None
        }
        for place, count in _beyond(engine, rows, fences).items():
            found[place] = count
    return found


def _beyond(engine: Engine, rows: exp.Select, fences: Mapping[int, Fence]) -> dict[int, int]:
    if not fences:
        return {}
    counts = [
        exp.Count(this=beyond(column(f"n{place}"), literal(low), literal(high)))
        for place, (low, high) in fences.items()
    ]
    row = engine.fetch(exp.select(*counts, copy=False).from_(rows.subquery("numbers", copy=False), copy=False))[0]
    return {place: int(count) for place, count in zip(fences, row, strict=True)}
