"""The score of a table that stays where it is, as one SELECT."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce

from sqlglot import exp

from sanitizer_core.errors import CompileError
from sanitizer_core.quality.numbers import beyond, number_of
from sanitizer_core.quality.scores import DIMENSIONS, FAR_OUT
from sanitizer_core.quality.shapes import NAMES, NUMBERS, shape_counts, shape_of
from sanitizer_core.recipe import Weights
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.fence import fenced
from sanitizer_core.sql.logic import all_of, choose
from sanitizer_core.sql.quartiles import quartiles_query
from sanitizer_core.sql.unpivoted import Line, unpivoted


def score_query(schema: Schema, relation: exp.Expr | str, dialect: str, weights: Weights | None = None) -> exp.Select:
    """The score as rows of ``dimension``, ``column_name`` and ``score`` (0 to 100, two decimals).

    First ``overall`` and the four dimensions of the whole table, whose ``column_name`` is null; then completeness,
    consistency and integrity of each column. Every row is counted, whatever the size; no contract is known.

    Args:
        schema: the columns of the relation.
        relation: a table or subquery, or the name of a table.
        weights: of the dimensions; 40, 30, 20 and 10 per cent where they are left out.

    Raises:
        CompileError: the dialect cannot say what a score asks.
    """
    table = exp.Table(this=exp.to_identifier(relation, quoted=True)) if isinstance(relation, str) else relation
    try:
        return _Statement(schema, table, dialect, weights or Weights()).query()
    except CompileError as error:
        raise CompileError(f"{dialect} cannot say a score: {error.message}", hint=error.hint) from None


@dataclass(frozen=True)
class _Statement:
    """The layers: ``f0`` filled cells of column 0, ``k0_2`` cells of its third shape, ``o0`` outliers, ``n`` rows."""

    schema: Schema
    table: exp.Expr
    dialect: str
    weights: Weights

    @cached_property
    def _columns(self) -> list[tuple[int, Column]]:
        return list(enumerate(self.schema))

    def query(self) -> exp.Select:
        if not self._columns:
            lines: list[Line] = [(literal(name), exp.null(), literal(100.0)) for name in ("overall", *DIMENSIONS)]
            return unpivoted(_NAMES, lines, exp.select(_named(literal(1), "n")))
        names = ("overall", *DIMENSIONS)
        lines = [(literal(name), exp.null(), _shown(column(name))) for name in names]
        for letter, dimension in (("c", "completeness"), ("s", "consistency"), ("i", "integrity")):
            lines += [
                (literal(dimension), literal(each.name), _shown(column(f"{letter}{place}")))
                for place, each in self._columns
            ]
        return unpivoted(_NAMES, lines, self._overall())

    def _overall(self) -> exp.Select:
        """The weighted mean beside all that it is made of."""
        total = sum(getattr(self.weights, name) for name in DIMENSIONS)
        parts = [
            exp.Mul(this=_present(column(name)), expression=literal(float(getattr(self.weights, name))))
            for name in DIMENSIONS
        ]
        mean = exp.Div(this=exp.Paren(this=_sum(parts)), expression=literal(float(total)))
        return exp.select(exp.Star(), _named(mean, "overall")).from_(self._dimensions().subquery("dimensions"))

    def _dimensions(self) -> exp.Select:
        """The four of the whole table beside those of each column."""
        width = len(self._columns)
        cells = exp.Mul(this=column("n"), expression=literal(width))
        filled = _share(_sum(column(f"f{place}") for place, _ in self._columns), cells)
        unique = exp.Sub(this=literal(1.0), expression=_share(column("repeats"), column("n")))
        consistent = exp.Div(
            this=exp.Paren(this=_sum(column(f"s{place}") for place, _ in self._columns)),
            expression=literal(float(width)),
        )
        sound = exp.Div(
            this=exp.Div(
                this=exp.Paren(this=_sum(_percent(column(f"i{place}")) for place, _ in self._columns)),
                expression=literal(float(width)),
            ),
            expression=literal(100.0),
        )
        parts = (filled, unique, consistent, sound)
        told = [_named(part, name) for part, name in zip(parts, DIMENSIONS, strict=True)]
        return exp.select(exp.Star(), *told).from_(self._of_columns().subquery("of_columns"))

    def _of_columns(self) -> exp.Select:
        """The shares of each column: ``c0`` completeness, ``s0`` consistency, ``i0`` integrity."""
        told: list[exp.Expr] = []
        for place, each in self._columns:
            told.append(_named(_share(column(f"f{place}"), column("n")), f"c{place}"))
            told.append(_named(self._consistency(place, each), f"s{place}"))
            told.append(_named(exp.Sub(this=literal(1.0), expression=self._spoilt(place, each)), f"i{place}"))
        return exp.select(exp.Star(), *told).from_(self._counted().subquery("counted"))

    def _consistency(self, place: int, each: Column) -> exp.Expr:
        if not each.type.is_text:
            return literal(1.0)
        return exp.Coalesce(this=_share(_most(place), column(f"f{place}")), expressions=[literal(1.0)])

    def _spoilt(self, place: int, each: Column) -> exp.Expr:
        """The share of outliers; of text only where it is mostly numbers."""
        if not self._has_numbers(each):
            return literal(0.0)
        share = _share(column(f"o{place}"), column("n"))
        if not each.type.is_text:
            return share
        most = _most(place)
        before = [name for name in NAMES if name < min(NUMBERS)]
        numeric = [exp.EQ(this=_shape(place, name), expression=most.copy()) for name in NUMBERS]
        mostly = [exp.LT(this=_shape(place, name), expression=most.copy()) for name in before]
        return choose((all_of([exp.or_(*numeric), *mostly]), share), otherwise=literal(0.0))

    @staticmethod
    def _has_numbers(each: Column) -> bool:
        return each.type.is_text or each.type.is_numeric

    def _counted(self) -> exp.Select:
        """All that is counted, as one row."""
        parts = [self._totals().subquery("totals"), self._different().subquery("different")]
        if any(self._has_numbers(each) for _, each in self._columns):
            parts.append(self._outliers().subquery("outliers"))
        query = exp.select(exp.Star()).from_(parts[0])
        for part in parts[1:]:
            query = query.join(part, join_type="CROSS")
        repeats = exp.Sub(this=column("n"), expression=column("d"))
        return exp.select(exp.Star(), _named(repeats, "repeats")).from_(query.subquery("together"))

    def _cells(self) -> exp.Select:
        items = [_named(column(each.name), f"c{place}") for place, each in self._columns]
        return exp.select(*items).from_(self.table.copy())

    def _totals(self) -> exp.Select:
        """Rows, filled cells and shapes, of one scan."""
        cells: list[exp.Expr] = []
        counts: list[exp.Expr] = [_named(exp.Count(this=exp.Star()), "n")]
        for place, each in self._columns:
            cells.append(column(f"c{place}"))
            counts.append(_named(exp.Count(this=column(f"c{place}")), f"f{place}"))
            if each.type.is_text:
                cells.append(_named(lower(shape_of(column(f"c{place}")), self.dialect), f"s{place}"))
                shapes = shape_counts(f"s{place}")
                counts += [_named(count, f"k{place}_{number}") for number, count in enumerate(shapes)]
        shaped = fenced(exp.select(*cells).from_(self._cells().subquery("cells")), self.dialect)
        return exp.select(*counts).from_(shaped.subquery("shaped"))

    def _different(self) -> exp.Select:
        """How many different rows there are."""
        items = [
            exp.cast(column(each.name), "TEXT") if each.type.kind == "other" else column(each.name)
            for _, each in self._columns
        ]
        rows = exp.select(*(_named(item, f"c{place}") for place, item in enumerate(items))).distinct()
        return exp.select(_named(exp.Count(this=exp.Star()), "d")).from_(
            rows.from_(self.table.copy()).subquery("rows_")
        )

    def _outliers(self) -> exp.Select:
        asked = [(place, each) for place, each in self._columns if self._has_numbers(each)]
        numbers = [
            _named(lower(number_of(column(f"c{place}"), each.type), self.dialect), f"n{place}") for place, each in asked
        ]
        rows = fenced(exp.select(*numbers).from_(self._cells().subquery("cells")), self.dialect)
        quartiles = quartiles_query(rows.copy(), [f"n{place}" for place, _ in asked], self.dialect)
        both = exp.select(exp.Star()).from_(rows.subquery("numbers"))
        both = both.join(quartiles.subquery("quartiles"), join_type="CROSS")
        counts = [_named(exp.Count(this=_outside(place)), f"o{place}") for place, _ in asked]
        return exp.select(*counts).from_(both.subquery("fenced"))


_NAMES = ("dimension", "column_name", "score")


def _named(value: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


def _outside(place: int) -> exp.Expr:
    """1 where a number is beyond the fences that the quartiles make; none are made where both are one value."""
    low, high = column(f"lown{place}"), column(f"highn{place}")
    reach = exp.Mul(this=literal(FAR_OUT), expression=exp.Paren(this=exp.Sub(this=high, expression=low)))
    least, most = exp.Sub(this=low.copy(), expression=reach), exp.Add(this=high.copy(), expression=reach.copy())
    outside = beyond(column(f"n{place}"), least, most)
    return choose((exp.LT(this=low.copy(), expression=high.copy()), outside))


def _shape(place: int, name: str) -> exp.Expr:
    return column(f"k{place}_{NAMES.index(name)}")


def _most(place: int) -> exp.Expr:
    """How many cells have the commonest shape."""
    first, *more = (_shape(place, name) for name in NAMES)
    return exp.Greatest(this=first, expressions=more)


def _sum(parts: Iterable[exp.Expr]) -> exp.Expr:
    """From left to right, as Python adds: another order would be another last digit."""
    return reduce(lambda left, right: exp.Add(this=left, expression=right), parts)


def _double(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, "DOUBLE")


def _share(part: exp.Expr, whole: exp.Expr) -> exp.Expr:
    """Null of nothing."""
    return exp.Div(this=_double(part), expression=exp.Nullif(this=_double(whole), expression=literal(0.0)))


def _present(share: exp.Expr) -> exp.Expr:
    """A share of nothing has nothing against it."""
    return exp.Coalesce(this=share, expressions=[literal(1.0)])


def _percent(share: exp.Expr) -> exp.Expr:
    """As ``scores.percent``."""
    scaled = exp.Add(this=exp.Mul(this=_present(share), expression=literal(10000.0)), expression=literal(0.5))
    return exp.Div(this=_double(exp.Floor(this=scaled)), expression=literal(100.0))


def _shown(share: exp.Expr) -> exp.Expr:
    return _percent(share)
