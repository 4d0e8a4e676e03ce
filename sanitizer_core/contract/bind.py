"""The columns of a contract, bound to the columns of a table."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.contract.coercion import coerced, resulting, when
from sanitizer_core.contract.comparable import NotComparable, constant, is_null
from sanitizer_core.contract.conditions import Cell
from sanitizer_core.contract.dtypes import Expected, expected_of, kind_of
from sanitizer_core.contract.spec import ColumnSpec
from sanitizer_core.errors import ContractError, Where
from sanitizer_core.schema import Column, DataType
from sanitizer_core.sql import column as reference
from sanitizer_core.sql import literal

_BITS = {"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64, "HUGEINT": 128}
_OPAQUE = frozenset({"binary", "other"})


@dataclass(frozen=True)
class BoundColumn:
    """A column of the table as the checks see it.

    Args:
        position: among the columns of the table; the names in SQL come from it.
        spec: what the contract asks, nothing for a column that it does not name.
        mistyped: whether its type is not the contract's and cannot become it.
        value: the cell as it is judged; pandas' nulls (NaN) are nulls, the contract's default fills them.
        lost: true where the cell could not become the contract's type.
    """

    name: str
    position: int
    actual: DataType
    judged: DataType
    spec: ColumnSpec | None
    expected: Expected | None
    mistyped: bool
    value: exp.Expression
    lost: exp.Expression | None

    @property
    def cell(self) -> Cell:
        """How conditions refer to it."""
        kind = kind_of(self.judged)
        zone = self.expected.zone if self.expected else None
        return Cell(exp.column(f"v{self.position}"), "other" if kind in _OPAQUE else kind, zone)

    @property
    def lost_flag(self) -> exp.Expression | None:
        """How conditions refer to what could not be converted."""
        return exp.column(f"u{self.position}") if self.lost is not None else None

    def projections(self) -> list[exp.Expression]:
        """What the inner query has to give of it."""
        flags = [self.lost.copy().as_(f"u{self.position}")] if self.lost is not None else []
        return [self.value.copy().as_(f"v{self.position}"), *flags]

    def outside(self) -> exp.Expression | None:
        """Whether an integer lies outside of what the contract's narrower type holds; nothing where none can."""
        bounds = self.expected.bounds if self.expected else None
        if bounds is None or self.mistyped or kind_of(self.judged) != "integer":
            return None
        low, high = _range_of(self.judged.native or "BIGINT")
        if bounds[0] <= low and high <= bounds[1]:
            return None
        value = self.cell.value
        return exp.or_(
            exp.LT(this=value.copy(), expression=literal(bounds[0])), exp.GT(this=value, expression=literal(bounds[1]))
        )


def bind(column: Column, position: int, spec: ColumnSpec | None, *, coerce: bool) -> BoundColumn:
    """A column of the table with what the contract asks of it.

    Raises:
        ContractError: the contract's type is unknown, or its default is not of that type.
    """
    expected = _expected(spec)
    raw: exp.Expression = reference(column.name)
    if (column.type.native or "").upper().startswith("ENUM"):
        raw = exp.cast(raw, "VARCHAR")
    accepted = expected is None or expected.accepts(column.type)
    became = coerced(raw, column.type, expected) if expected and coerce and not accepted else None
    judged = resulting(column.type, expected, coerce=became is not None)
    lost = None
    if became is not None:
        lost = exp.and_(exp.not_(exp.Is(this=raw.copy(), expression=exp.Null())), exp.Is(this=became.copy(), expression=exp.Null()))
    value = _filled(became if became is not None else raw, judged, lost, spec)
    return BoundColumn(
        column.name, position, column.type, judged, spec, expected, not accepted and became is None, value, lost
    )


def _expected(spec: ColumnSpec | None) -> Expected | None:
    if spec is None or spec.dtype is None:
        return None
    expected = expected_of(spec.dtype)
    if expected is None:
        raise ContractError(f"the type {spec.dtype!r} has no counterpart in a table", where=Where(column=spec.name))
    return expected


def _filled(value: exp.Expression, judged: DataType, lost: exp.Expression | None, spec: ColumnSpec | None) -> exp.Expression:
    if judged.kind == "float":
        value = exp.Nullif(this=value, expression=literal(float("nan")))
    if spec is None or is_null(spec.default):
        return value
    try:
        default = constant(spec.default, kind_of(judged))
    except NotComparable as error:
        raise ContractError(f"the default {spec.default!r} is not of the column's type: {error}", where=Where(column=spec.name)) from None
    filled = exp.Coalesce(this=value, expressions=[default])
    return when(exp.not_(lost.copy()), filled) if lost is not None else filled


def _range_of(native: str) -> tuple[int, int]:
    name = native.upper()
    bits = _BITS.get(name.removeprefix("U"), 64)
    return (0, 2**bits - 1) if name.startswith("U") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
