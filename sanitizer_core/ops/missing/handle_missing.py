"""The operation ``handle_missing``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from sanitizer_core.errors import PlanError, Where
from sanitizer_core.ops.base import FITS, AnyCase, ColumnsOperation, Needs, select, wrong_type
from sanitizer_core.ops.constant import Scalar, fits
from sanitizer_core.ops.effects import Effect, Note
from sanitizer_core.ops.flag import flag
from sanitizer_core.ops.measured import Measured
from sanitizer_core.ops.missing.dropped import incomplete_rows
from sanitizer_core.ops.missing.fill import CARRIED, MEASURED, Fill, Strategy
from sanitizer_core.ops.order import Order
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.ops.wording import listed
from sanitizer_core.schema import Column, Schema


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("NaN and infinity fill nothing")
    return value


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Constant = Annotated[Scalar, AfterValidator(_finite)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


class ColumnFill(BaseModel):
    """What is done about one column's missing cells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: Strategy = Field(description="As of the step.")
    value: Constant | None = Field(default=None, description="What `constant` fills in.")
    by: Names | None = Field(default=None, description="As of the step, unless it is said here.")
    order: Order | None = Field(default=None, description="As of the step, unless it is said here.")

    @model_validator(mode="after")
    def _constant_has_value(self) -> ColumnFill:
        _check_value(self.strategy, self.value)
        return self


def _check_value(strategy: str | None, value: Scalar | None) -> None:
    if strategy == "constant" and value is None:
        raise ValueError("the strategy 'constant' needs a 'value'")
    if strategy != "constant" and value is not None:
        raise ValueError(f"'value' belongs to the strategy 'constant', not to {strategy!r}")


def _kind_of_custom(value: Any) -> str:
    return "strategy" if isinstance(value, (dict, ColumnFill)) else "constant"


Custom = Annotated[
    Annotated[ColumnFill, Tag("strategy")] | Annotated[Constant | None, Tag("constant")], Discriminator(_kind_of_custom)
]


class HandleMissing(ColumnsOperation):
    """Fills what is missing, or drops the rows in which something is missing.

    | strategy | fills a missing cell with | works on |
    |---|---|---|
    | `median`, `mean` | the column's median (interpolated between the two middle values) or arithmetic mean | numbers |
    | `mode` | the commonest value; of several, the smallest | every column |
    | `constant` | `value` | columns that can hold it |
    | `ffill`, `bfill` | the nearest value before or after it, in `order` or else in the order of the rows | every column |
    | `drop_rows` | nothing: the row is removed, when `any` or `all` of the columns are missing in it | every column |
    | `none` | nothing: only `custom` counts | |

    ```yaml
    - op: handle_missing
      params:
        strategy: median
        by: city
        custom: {city: unknown, grade: {strategy: mode}}
        indicator: true
    ```

    In `custom` a plain value is a constant: `city: unknown` fills in the word *unknown*, and `city: mode` the word
    *mode*. A strategy for one column is written `{strategy: mode}`.

    Null is missing, and so is NaN in a column of floats; with `empty_as_missing` also text that is empty or nothing
    but white space. (`nullify` makes null of `N/A` and the like.)

    Where no columns are named, a strategy works on those it can: `median` and `mean` on numbers, a `constant` on the
    columns of its own kind; the others are left, and the run notes it. A named column of the wrong type is an error.
    A column keeps its type: where whole numbers (or decimals) have a median or mean between two of them, it is
    rounded to the nearest, halves away from zero, and the log says so. A column that holds nothing at all is left as
    it is, which is noted.

    With `by`, a value is measured or carried within its group (null is a group too). A group that holds nothing is
    filled with the value over all rows, and so is, under a fitted recipe, a group that was not there when it was
    fitted. Nothing is carried over from another group.

    Medians, means and commonest values are fitted: a fitted recipe fills each batch with the same ones. `ffill`,
    `bfill` and `drop_rows` look at the rows at hand. In the log, a measured or carried value has the confidence 0.5:
    it is a guess, which a constant is not. Undo makes the cells missing again.
    """

    op: ClassVar[str] = "handle_missing"
    family: ClassVar[str] = "missing"

    strategy: Strategy | None = Field(
        default=None, description="What is done about missing cells; `none` where only `custom` is given."
    )
    value: Constant | None = Field(default=None, description="What `constant` fills in.")
    custom: dict[str, Custom] = Field(
        default={},
        description="Columns with a constant or a strategy of their own, whether or not `columns` chooses them.",
    )
    by: Names = Field(default=(), description="Columns that form groups, for measured and carried values.")
    order: Order = Field(default=(), description="For `ffill` and `bfill`: which row comes before which.")
    how: Annotated[Literal["any", "all"], AnyCase] = Field(
        default="any",
        description="For `drop_rows`: whether a row goes when any of its cells is missing, or when all are.",
    )
    indicator: bool = Field(
        default=False, description="Add a column `<name>_missing` for each filled column: true where it was missing."
    )
    empty_as_missing: bool = Field(default=False, description="Whether blank text counts as missing.")

    @model_validator(mode="after")
    def _says_something(self) -> HandleMissing:
        if self.strategy is None and not self.custom:
            raise ValueError("say a 'strategy', or what to fill in for each column under 'custom'")
        _check_value(self.strategy, self.value)
        return self

    def demands(self, schema: Schema) -> dict[str, Needs]:
        named = {cell.name: self._need for cell in self._by_strategy(schema)}
        return named | {name: _need_of(schema[name], self.custom[name]) for name in self.custom if name in schema}

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        return tuple(stat for fill in self._fills(schema) for stat in fill.stats())

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        fills = self._fills(schema)
        return self._together(schema, fills, [fill.effects(schema, fitted) for fill in fills])

    def measured(self, schema: Schema, values: Measured) -> tuple[Effect, ...] | None:
        fills = self._fills(schema)
        found = [fill.measured(schema, values) for fill in fills]
        known = [each for each in found if each is not None]
        return self._together(schema, fills, known) if len(known) == len(fills) else None

    def _together(
        self, schema: Schema, fills: Sequence[Fill], each: Sequence[tuple[Effect, ...]]
    ) -> tuple[Effect, ...]:
        effects: list[Effect] = []
        for fill, filled in zip(fills, each, strict=True):
            if self.indicator and fill.strategy not in ("drop_rows", "none"):
                effects.append(
                    flag(fill.cell, "missing", fill.missing, f"whether {fill.cell.name!r} was missing", schema)
                )
            effects += filled
        drops = [fill for fill in fills if fill.strategy == "drop_rows"]
        effects += incomplete_rows(drops, self.how)
        return (*effects, *self._left_out(schema))

    @property
    def _need(self) -> Needs:
        return "numeric" if self.strategy in ("median", "mean") else "any"

    def _by_strategy(self, schema: Schema) -> tuple[Column, ...]:
        """The columns that the step's own strategy is for."""
        if self.strategy in (None, "none"):
            return ()
        own = self.columns
        if self.custom:
            own = own.model_copy(update={"include": tuple(word for word in own.include if word not in self.custom)})
        cells = (
            [cell for cell in select(own, schema, self._need) if cell.name not in self.custom] if own.include else []
        )
        if self.strategy == "mode":
            cells = [cell for cell in cells if cell.name in own.named or _has_modes(cell)]
        if self.strategy == "constant" and self.value is not None:
            cells = [cell for cell in cells if cell.name in own.named or fits(self.value, cell.type)]
        return tuple(cells)

    def _fills(self, schema: Schema) -> tuple[Fill, ...]:
        missing = [name for name in (*self.custom, *self._groups()) if name not in schema]
        if missing:
            raise PlanError("columns are missing", found=[no_such_column(name, schema) for name in missing])
        own = {cell.name for cell in self._by_strategy(schema)}
        return tuple(
            self._fill(cell, cell.name in own) for cell in schema if cell.name in own or cell.name in self.custom
        )

    def _groups(self) -> tuple[str, ...]:
        customs = [each.by or () for each in self.custom.values() if isinstance(each, ColumnFill)]
        return tuple(dict.fromkeys((*self.by, *(name for by in customs for name in by))))

    def _fill(self, cell: Column, own: bool) -> Fill:
        blank = self.empty_as_missing
        custom = ColumnFill(strategy=self.strategy or "none", value=self.value) if own else self.custom[cell.name]
        if not isinstance(custom, ColumnFill):
            return Fill(cell, "constant", custom, blank=blank)
        if custom.strategy in ("median", "mean") and not FITS["numeric"](cell.type):
            raise PlanError("columns are of the wrong type", found=[wrong_type(cell, "numeric")])
        if custom.strategy == "mode" and not _has_modes(cell):
            raise PlanError(
                f"{cell.name!r} is {cell.type.native or cell.type}, of which no value can be kept",
                where=Where(column=cell.name),
            )
        by = tuple(name for name in (self.by if custom.by is None else custom.by) if name != cell.name)
        order = self.order if custom.order is None else custom.order
        return Fill(
            cell,
            custom.strategy,
            custom.value,
            by if custom.strategy in (*MEASURED, *CARRIED) else (),
            order if custom.strategy in CARRIED else (),
            blank,
        )

    def _left_out(self, schema: Schema) -> tuple[Note, ...]:
        if not self.columns.is_all or self.strategy in (None, "none"):
            return ()
        done = {cell.name for cell in self._by_strategy(schema)} | set(self.custom)
        left = [cell.name for cell in self.columns.resolve(schema) if cell.name not in done]
        return (
            (
                Note(
                    f"'{self.strategy}' does not suit {listed(left)}, left as {'it is' if len(left) == 1 else 'they are'}"
                ),
            )
            if left
            else ()
        )


def _has_modes(cell: Column) -> bool:
    """Whether a value of the column can be kept among the fitted ones, which are plain JSON."""
    return cell.type.kind not in ("binary", "other")


def _need_of(cell: Column, custom: Any) -> Needs:
    """What a column has to be for its custom fill: text for a word, so that ``zip: "00000"`` finds text."""
    if isinstance(custom, ColumnFill):
        if custom.strategy in ("median", "mean"):
            return "numeric"
        custom = custom.value
    if isinstance(custom, str):
        return "temporal" if cell.type.is_temporal and fits(custom, cell.type, named=True) else "text"
    return (
        "numeric"
        if isinstance(custom, (int, float)) and not isinstance(custom, bool) and cell.type.is_numeric
        else "any"
    )
