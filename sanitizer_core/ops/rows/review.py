"""The operation ``review``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlglot import exp

from sanitizer_core.errors import PlanError
from sanitizer_core.ops.base import Needs, TableOp
from sanitizer_core.ops.constant import Scalar, constant, value_of_type
from sanitizer_core.ops.effects import Effect, RemoveRows, Rewrite
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import BOOLEAN, INTEGER, Column, Schema
from sanitizer_core.sql import column
from sanitizer_core.sql.logic import choose
from sanitizer_core.sql.lookup import Lookup, found, hit

NUMBER = "@row"


class SetCell(BaseModel):
    """One cell and its new value; null empties it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int = Field(ge=0, description="The row of the input, from 0.")
    column: str
    value: Scalar | None


class Review(TableOp):
    """Sets single cells and takes single rows away, by the number of the row: what somebody decided who looked at them.

    ```yaml
    - op: review
      params:
        reason: "typing error, confirmed by telephone"
        set:
          - {row: 17, column: age, value: 40}
          - {row: 23, column: city, value: null}
        remove: [31]
    ```

    Rows are numbered from 0, as the input of the run has them; a row that is not there (any more) is passed over. The
    numbers speak of one table as it is: the step belongs into a recipe for that table alone, and cleaning its output a
    second time is not the same where rows were removed. The registry writes such recipes, when the decisions on a run
    are applied.

    `reason` is the sentence in the log; for several reasons, write several steps. A value that is not of the column's
    type is an error. Undo gives every old value and row back.

    A table of a database has row numbers only when the recipe declares the order of its rows (`input: {order: [...]}`).
    """

    op: ClassVar[str] = "review"
    family: ClassVar[str] = "rows"
    idempotent: ClassVar[bool] = False

    reason: str = Field(min_length=1, description="Why, as one sentence for the log.")
    cells: tuple[SetCell, ...] = Field(default=(), alias="set", description="Cells and their new values.")
    remove: tuple[int, ...] = Field(default=(), description="Numbers of rows that go.")

    @model_validator(mode="after")
    def _decides_once(self) -> Review:
        if not self.cells and not self.remove:
            raise ValueError("say which cells to 'set', or which rows to 'remove'")
        if any(row < 0 for row in self.remove):
            raise ValueError(f"rows are counted from 0, got {min(self.remove)}")
        places = [(each.row, each.column) for each in self.cells]
        twice = (
            next((place for place in places if places.count(place) > 1), None)
            if len(set(places)) < len(places)
            else None
        )
        if twice is not None:
            raise ValueError(f"row {twice[0]}, column {twice[1]!r} is set twice")
        return self

    def demands(self, schema: Schema) -> dict[str, Needs]:
        numbers = {each.column for each in self.cells if _is_number(each.value)}
        return {name: "numeric" if name in numbers else "any" for name in self._columns if name in schema}

    @property
    def _columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.column for each in self.cells))

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        missing = [name for name in self._columns if name not in schema]
        if missing:
            raise PlanError("columns are missing", found=[no_such_column(name, schema) for name in missing])
        return tuple(self._effects(schema))

    def _effects(self, schema: Schema) -> Iterator[Effect]:
        for name in self._columns:
            yield self._set(schema[name])
        if self.remove:
            rows = tuple((row, True) for row in dict.fromkeys(self.remove))
            lookup = Lookup((column(NUMBER),), (INTEGER,), BOOLEAN, rows)
            yield RemoveRows(hit(), self.reason, lookup=lookup)

    def _set(self, cell: Column) -> Rewrite:
        rows = tuple((each.row, _plain(each, cell)) for each in self.cells if each.column == cell.name)
        lookup = Lookup((column(NUMBER),), (INTEGER,), cell.type, rows)
        value: exp.Expr = choose((hit(), found()), otherwise=column(cell.name))
        return Rewrite(cell.name, (value,), cell.type, self.reason, lookup=lookup)


def _is_number(value: Scalar | None) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(each: SetCell, cell: Column) -> object:
    if each.value is None:
        return None
    constant(each.value, cell)  # refuses what is no value of the column's type
    return value_of_type(each.value, cell.type)
