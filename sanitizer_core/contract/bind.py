"""The columns of a contract, bound to the columns of a table."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.contract.coercion import coerced, resulting
from sanitizer_core.contract.comparable import NotComparableError, constant, is_null
from sanitizer_core.contract.conditions import Cell
from sanitizer_core.contract.dtypes import Expected, expected_of, kind_of
from sanitizer_core.contract.fragments import named, ref, when
from sanitizer_core.contract.refusal import cannot_say
from sanitizer_core.contract.spec import ColumnSpec
from sanitizer_core.errors import CompileError, ContractError, Where
from sanitizer_core.schema import Column, DataType
from sanitizer_core.sql import call, literal, lower
from sanitizer_core.sql import column as reference

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
        present: null where the cell is, and cheap to find out; what could not be converted is not null.
        lost: true where the cell could not become the contract's type.
        dialect: whose SQL ``value``, ``present`` and ``lost`` are.
    """

    name: str
    position: int
    actual: DataType
    judged: DataType
    spec: ColumnSpec | None
    expected: Expected | None
    mistyped: bool
    value: exp.Expr
    present: exp.Expr
    lost: exp.Expr | None
    dialect: str

    @property
    def cell(self) -> Cell:
        """How conditions refer to it."""
        kind = kind_of(self.judged)
        zone = self.expected.zone if self.expected else None
        return Cell(ref(f"v{self.position}"), "other" if kind in _OPAQUE else kind, zone, self.dialect)

    @property
    def lost_flag(self) -> exp.Column | None:
        """How conditions refer to what could not be converted."""
        return ref(f"u{self.position}") if self.lost is not None else None

    @property
    def present_flag(self) -> exp.Column:
        """How counts refer to what is null."""
        return ref(f"p{self.position}")

    def projections(self) -> list[exp.Expr]:
        """What the inner query has to give of it."""
        parts = {"v": self.value, "p": self.present, "u": self.lost}
        return [named(part.copy(), f"{letter}{self.position}") for letter, part in parts.items() if part is not None]

    def outside(self) -> exp.Expr | None:
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


def bind(column: Column, position: int, spec: ColumnSpec | None, dialect: str = "duckdb") -> BoundColumn:
    """A column of the table with what the contract asks of it.

    Raises:
        ContractError: the contract's type is unknown, or its default is not of that type.
        CompileError: the dialect cannot make the contract's type of the cells.
    """
    expected = _expected(spec)
    raw: exp.Expr = reference(column.name)
    if (column.type.native or "").upper().startswith("ENUM"):
        raw = exp.cast(raw, "TEXT")
    accepted = expected is None or expected.accepts(column.type)
    became = coerced(raw, column.type, expected) if spec and spec.coerce and expected and not accepted else None
    judged = resulting(column.type, expected, coerce=became is not None)
    lost = None
    if became is not None:
        lost = exp.and_(
            exp.not_(exp.Is(this=raw.copy(), expression=exp.Null())), exp.Is(this=became.copy(), expression=exp.Null())
        )
    value = _filled(became if became is not None else raw, judged, lost, spec)
    present = _present(raw, value, lost, judged, spec)
    mistyped = not accepted and became is None
    said, there = _said(value, column.name, dialect), _said(present, column.name, dialect)
    unread = _said(lost, column.name, dialect) if lost is not None else None
    return BoundColumn(
        column.name, position, column.type, judged, spec, expected, mistyped, said, there, unread, dialect
    )


def _said(tree: exp.Expr, name: str, dialect: str) -> exp.Expr:
    """The tree in the dialect's words."""
    try:
        return lower(tree, dialect)
    except CompileError as error:
        raise cannot_say(f"{name}.dtype", dialect, error) from None


def _present(
    raw: exp.Expr, value: exp.Expr, lost: exp.Expr | None, judged: DataType, spec: ColumnSpec | None
) -> exp.Expr:
    """Null where the cell is null; a cell need not be converted for that, unless it is text that may say "nan"."""
    if lost is None:
        return value
    if spec is not None and not is_null(spec.default):
        return literal(1)
    if judged.kind != "float":
        return raw
    there = exp.not_(exp.Is(this=value.copy(), expression=exp.Null()))
    return when(exp.or_(lost.copy(), there), literal(1))


def _expected(spec: ColumnSpec | None) -> Expected | None:
    if spec is None or spec.dtype is None:
        return None
    expected = expected_of(spec.dtype)
    if expected is None:
        raise ContractError(f"the type {spec.dtype!r} has no counterpart in a table", where=Where(column=spec.name))
    return expected


def _filled(value: exp.Expr, judged: DataType, lost: exp.Expr | None, spec: ColumnSpec | None) -> exp.Expr:
    if judged.kind == "float":
        value = call("nan_is_null", value)
    if spec is None or is_null(spec.default):
        return value
    try:
        default = constant(spec.default, kind_of(judged))
    except NotComparableError as error:
        raise ContractError(
            f"the default {spec.default!r} is not of the column's type: {error}", where=Where(column=spec.name)
        ) from None
    filled = exp.Coalesce(this=value, expressions=[default])
    return when(exp.not_(lost.copy()), filled) if lost is not None else filled


def _range_of(native: str) -> tuple[int, int]:
    name = native.upper()
    bits = _BITS.get(name.removeprefix("U"), 64)
    return (0, 2**bits - 1) if name.startswith("U") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
