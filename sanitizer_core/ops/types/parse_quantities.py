"""The operation ``parse_quantities``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator
from sqlglot import exp

from sanitizer_core.errors import FitError, PlanError, Problem, Where
from sanitizer_core.ops.base import AnyCase, ColumnsOperation, Needs
from sanitizer_core.ops.effects import AddColumn, Effect
from sanitizer_core.ops.selector import Columns
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.ops.types.failing import ON_FAILURE, OnFailure, Reading, reading_effects
from sanitizer_core.ops.types.reading_numbers import MOST_SHAPES, DecimalMark, NumberReading, Rounding, ThousandsMarks
from sanitizer_core.ops.types.reading_quantities import QuantityReading
from sanitizer_core.ops.types.units import Unit, Units
from sanitizer_core.schema import TEXT, Column, DataType, Schema
from sanitizer_core.sql import column
from sanitizer_core.types_by_name import TypeName, type_named


def _numeric(name: str) -> str:
    if not type_named(name).is_numeric:
        raise ValueError(f"a quantity is an integer, a float or a decimal(p,s), not {name!r}")
    return name


class ParseQuantities(ColumnsOperation):
    """Reads numbers with units: takes the unit off, converts it, or keeps it in a column of its own.

    ```yaml
    - op: parse_quantities
      params: {columns: ounces, unit: oz, rest: ignore}       # 12.0 oz., 12 OUNCES, 12.0 oz. Silo Can: all 12
    - op: parse_quantities
      params: {columns: weight, unit: kg, decimal: ","}       # 1,2 kg is 1.2; 500 g is 0.5; 1 lb is 0.45359237
    - op: parse_quantities
      params: {columns: size, unit_column: size_unit}         # 5 ml: 5 and ml; 3 boxes: 3 and boxes
    ```

    With `unit` every cell becomes a number in that unit. A unit is known by its symbol and its names, singular and plural, in
    any case and with or without a point; only bits and bytes are told apart by case (`Mb`, `MB`). Cells in another unit of the
    same dimension are converted by exact factors (`convert: false` makes them failures), cells in a unit of another
    dimension fail, and a number without a unit is in the unit already (unless `bare: fail`).

    Without `unit` and with `unit_column` the numbers stay as they are written, and the column holds the unit of each: its
    symbol where it is known, else the words as they stand. Without both, the unit that most cells of the whole column are
    written in is taken, and the log says so.

    Known are units of mass, length, volume (US pints and gallons; `imp gal`), time, data and shares (`%`, `‰`, `bp`, `ratio`:
    with `unit: ratio`, 5 % is 0.05), with the factors of the International System, the international pound and yard, and NIST
    Handbook 44. Currencies (`$`, `EUR`) stand before or behind the number and are never converted into each other. Further
    units are defined by known or new ones: `units: {case: 24 can, stone: 14 lb}`. `oz` is an ounce of mass; one of volume is
    `fl oz`.

    Numbers are written as in `fix_dtypes` (without exponents), and too many digits fail in the same way; a value that was
    converted into a decimal is rounded half up to its scale. Null stays null, a blank cell becomes null, and columns that are
    numbers already stay. The log holds each cell's own text, so the run can be undone.
    """

    op: ClassVar[str] = "parse_quantities"
    family: ClassVar[str] = "types"

    columns: Columns = Field(alias="cols", description="The columns it works on.")
    unit: str | None = Field(
        default=None, description="The unit of the result; the commonest one of the column when left out."
    )
    convert: bool = Field(
        default=True, description="Convert cells in other units of the same dimension, rather than failing."
    )
    unit_column: str | None = Field(
        default=None,
        min_length=1,
        description="A new column for the unit that each number is in; `{column}` stands for the column's name.",
    )
    units: dict[str, str] = Field(
        default={}, description="Further units: a name, and how many of which other unit it is."
    )
    bare: Annotated[Literal["accept", "fail"], AnyCase] = Field(
        default="accept", description="What a number without a unit is."
    )
    rest: Annotated[Literal["fail", "ignore"], AnyCase] = Field(
        default="fail", description="What words behind the unit are."
    )
    type: Annotated[TypeName, AfterValidator(_numeric)] = Field(
        default="float", description="`integer`, `float` or `decimal(p,s)`."
    )
    decimal: DecimalMark = Field(
        default=".", description="The decimal mark: `.`, `,`, or `auto` to find it in the data."
    )
    thousands: ThousandsMarks = Field(
        default=None,
        description="Marks that may stand between thousands: of `,`, `.`, blank, `'` and `_`; `none`, or `any` but the decimal mark.",
    )
    rounding: Annotated[Rounding, AnyCase] = Field(
        default="fail",
        description="More digits than an integer or decimal holds are a failure, or are rounded half up.",
    )
    on_failure: OnFailure = Field(default="null", description=ON_FAILURE)

    @model_validator(mode="after")
    def _units_are_known(self) -> ParseQuantities:
        units = Units(self.units)
        if self.unit is not None:
            units.named(self.unit)
        return self

    def demands(self, schema: Schema) -> dict[str, Needs]:
        return {found.name: "text" for found in self.columns.resolve(schema)}

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        measured = self.decimal == "auto" or (self.unit is None and self.unit_column is None)
        return tuple(Stat(found.name, "shapes", MOST_SHAPES) for found in self._texts(schema)) if measured else ()

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        kind = type_named(self.type)
        texts = self._texts(schema)
        readings = [self._reading(found, kind, fitted) for found in texts]
        effects = list(reading_effects([reading for reading, _ in readings], self.on_failure))
        if self.unit_column is not None:
            self._refuse_one_name_for_many(texts)
            effects += [self._unit_column(reading, quantity) for reading, quantity in readings]
        return tuple(effects)

    def _texts(self, schema: Schema) -> tuple[Column, ...]:
        """The columns of text; those of numbers stay."""
        chosen = self.chosen(schema)
        wrong = [found for found in chosen if not (found.type.is_text or found.type.is_numeric)]
        if wrong:
            problems = [
                Problem(f"{found.name!r} is {found.type}, which is no quantity", Where(column=found.name))
                for found in wrong
            ]
            raise PlanError("columns hold no quantities", found=problems)
        return tuple(found for found in chosen if found.type.is_text)

    def _reading(self, found: Column, kind: DataType, fitted: Fitted) -> tuple[Reading, QuantityReading]:
        shapes = fitted.values.get(Stat(found.name, "shapes", MOST_SHAPES).key) or []
        numbers = NumberReading(self.decimal, self.thousands, (), "refuse", self.rounding)
        numbers = numbers.by_shapes([(_number_part(str(shape[0])), *shape[1:]) for shape in shapes])
        unit, how = self._unit(found, shapes)
        others = Units(self.units).of_dimension(unit) if unit is not None and self.convert else ()
        quantity = QuantityReading(
            numbers, unit, others, self.bare == "accept", self.rest == "ignore", self.unit_column is not None
        )
        parsed = quantity.number(column(found.name), kind)
        notes = "; ".join(note for note in (how, numbers.marks.note) if note)
        told = f"read as a quantity{f' in {unit.symbol}' if unit else ''}" + (f" ({notes})" if notes else "")
        what = f"a quantity in {unit.symbol}" if unit else "a quantity"
        confidence = 1.0 if numbers.marks.sure else 0.5
        return Reading(found, parsed, kind, told, what, confidence, numbers.marks.decimal), quantity

    def _unit(self, found: Column, shapes: Sequence[Sequence[Any]]) -> tuple[Unit | None, str]:
        units = Units(self.units)
        if self.unit is not None:
            return units.named(self.unit), ""
        if self.unit_column is not None:
            return None, ""
        counts: dict[Unit, int] = {}
        for shape, cells, *_ in shapes:
            unit = _unit_part(str(shape), units)
            if unit is not None:
                counts[unit] = counts.get(unit, 0) + int(cells)
        if not counts:
            self._refuse_unknown(found, shapes)
            return None, "no cell has a unit"
        unit = min(counts, key=lambda each: (-counts[each], each.symbol))
        return unit, f"the unit of {counts[unit]} cells"

    def _refuse_unknown(self, found: Column, shapes: Sequence[Sequence[Any]]) -> None:
        unknown = next((str(shape[0]) for shape in shapes if re.search(r"0[^0]*[^\W\d_]", str(shape[0]))), None)
        if unknown is not None:
            raise FitError(
                f"no unit is known that {found.name!r} is written in; its commonest shape is {unknown!r} (digits as 0)",
                hint="Define it under units, or keep the units as they stand: unit_column: '{column}_unit'.",
                where=Where(column=found.name),
            )

    def _unit_column(self, reading: Reading, quantity: QuantityReading) -> AddColumn:
        found = reading.cell
        name = (self.unit_column or "").replace("{column}", found.name)
        value: exp.Expr = quantity.unit_symbol(column(found.name), reading.parsed, tuple(Units(self.units).known()))
        return AddColumn(name, value, TEXT, (found.name,), f"the unit of {found.name!r}", after=found.name)

    def _refuse_one_name_for_many(self, texts: tuple[Column, ...]) -> None:
        if len(texts) > 1 and self.unit_column and "{column}" not in self.unit_column:
            problem = Problem(
                f"{len(texts)} columns cannot share the unit column {self.unit_column!r}",
                hint="Write '{column}_unit', for a column each.",
            )
            raise PlanError("a column of units is for one column", found=[problem])


_NUMBER_PART = re.compile(r"\s*[-+\u2212]?\s*(0[0.,' _]*0|0)")


def _number_part(shape: str) -> str:
    """The number of a shape, without its unit."""
    found = _NUMBER_PART.match(shape)
    return found[1] if found else shape


def _unit_part(shape: str, units: Units) -> Unit | None:
    """The unit behind a shape's number (or its first word or two), or the currency in front of it."""
    found = _NUMBER_PART.match(shape)
    if found is None:
        return units.find(re.split(r"[\s0]", shape.strip(), maxsplit=1)[0]) if re.search("0", shape) else None
    behind = shape[found.end() :].strip()
    words = behind.split()
    return next(
        (unit for part in (behind, " ".join(words[:2]), *words[:1]) if part and (unit := units.find(part))), None
    )
