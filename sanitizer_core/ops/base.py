"""What an operation is: a frozen model of its parameters that says what it measures and what it does."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlglot import exp

from sanitizer_core.errors import PlanError, Problem, Where
from sanitizer_core.ops.effects import Effect, RemoveRows, Rewrite
from sanitizer_core.ops.measured import Measured
from sanitizer_core.ops.selector import ALL, Columns, ColumnSelector
from sanitizer_core.ops.stat import UNKNOWN, Fitted, Stat
from sanitizer_core.schema import Column, DataType, Schema
from sanitizer_core.sql import column

Needs = Literal["any", "text", "numeric", "temporal", "ordered"]

FITS: dict[Needs, Callable[[DataType], bool]] = {
    "any": lambda _: True,
    "text": lambda kind: kind.is_text,
    "numeric": lambda kind: kind.is_numeric,
    "temporal": lambda kind: kind.is_temporal,
    "ordered": lambda kind: kind.is_numeric or kind.is_temporal,
}
"""Whether a type is what an operation needs."""


def _lower(word: Any) -> Any:
    return word.lower() if isinstance(word, str) else word


AnyCase = BeforeValidator(_lower)
"""For a parameter whose words are read whatever their case: ``Annotated[Literal["iqr"], AnyCase]``."""


class Operation(BaseModel):
    """The root of all operations. The class docstring is the operation's page in the docs.

    Class attributes:
        op: the name in recipes.
        family: the folder, and the heading in the docs.
        needs: what the columns it works on must be.
        refusals: what an engine refuses of it, by the engine's name, as a sentence for its page.
        selects: the name of the field that holds its column selector, when it has one.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        arbitrary_types_allowed=True,
        # An edge of a bucket may be infinite, and a stored recipe is to say so.
        ser_json_inf_nan="constants",
    )

    op: ClassVar[str]
    family: ClassVar[str]
    needs: ClassVar[Needs] = "any"
    idempotent: ClassVar[bool] = True
    refusals: ClassVar[Mapping[str, str]] = {}

    def demands(self, schema: Schema) -> dict[str, Needs]:
        """What the step needs each column it touches to be; from this a text file's columns get their types."""
        return {}

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        """What must be measured, on the table as earlier steps left it."""
        return ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The environment variables whose values the step's SQL needs and must not show."""
        return ()

    @abstractmethod
    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        """What the step does to a table with this schema.

        Raises:
            PlanError: it does not fit the columns or their types.
        """

    def outline(self, schema: Schema) -> tuple[Effect, ...] | None:
        """The effects as far as they are known before anything is measured, for planning only.

        Every fitted value is ``None`` then: an operation that cannot say its columns and their types so has
        to override this, and gives ``None`` when even the columns depend on the data.
        """
        return self.effects(schema, UNKNOWN)

    def measured(self, schema: Schema, values: Measured) -> tuple[Effect, ...] | None:
        """The effects where the statement that applies the step measures what it needs in itself.

        ``None`` when the values have to be known before the statement can be written: how many columns there are, say.
        """
        return None


class ColumnsOperation(Operation):
    """An operation on a selection of columns."""

    columns: Columns = Field(default=ALL, alias="cols", description="The columns it works on.")

    def chosen(self, schema: Schema) -> tuple[Column, ...]:
        """The selected columns; ``all`` picks those that the operation can work on.

        Raises:
            PlanError: a column that is not there, or is of a type that the operation cannot work on.
        """
        return select(self.columns, schema, self.needs)

    def demands(self, schema: Schema) -> dict[str, Needs]:
        fits, named = FITS[self.needs], self.columns.named
        chosen = self.columns.resolve(schema)
        return {found.name: self.needs for found in chosen if found.name in named or fits(found.type)}


def select(selector: ColumnSelector, schema: Schema, needs: Needs) -> tuple[Column, ...]:
    """The selector's columns that are of the needed type; one that was named and is not is an error."""
    fits = FITS[needs]
    chosen = selector.resolve(schema)
    wrong = [found for found in chosen if not fits(found.type) and found.name in selector.named]
    if wrong:
        raise PlanError("columns are of the wrong type", found=[wrong_type(found, needs) for found in wrong])
    return tuple(found for found in chosen if fits(found.type))


def wrong_type(found: Column, needs: Needs) -> Problem:
    """The finding that a column is not of the needed type, with how to make it so."""
    hints = {
        "text": f"Convert it with fix_dtypes {{columns: {{{found.name!r}: string}}}} in a step before.",
        "numeric": f"Convert it with fix_dtypes {{columns: {{{found.name!r}: float}}}} in a step before.",
        "ordered": f"Convert it with fix_dtypes {{columns: {{{found.name!r}: float}}}} in a step before.",
        "temporal": f"Convert it with parse_dates {{columns: [{found.name!r}]}} in a step before.",
    }
    return Problem(
        f"needs a {needs} column, but {found.name!r} is {found.type}", Where(column=found.name), hints.get(needs)
    )


class CellOp(ColumnsOperation):
    """Rewrites cells, each column by itself."""

    @abstractmethod
    def rewrite(self, cell: Column, value: exp.Expr, fitted: Fitted) -> exp.Expr | tuple[exp.Expr, ...]:
        """The new value of a cell; several trees are passes (see ``effects``)."""

    @abstractmethod
    def reason(self, cell: Column, fitted: Fitted) -> str:
        """One sentence for the log."""

    def result_type(self, cell: Column) -> DataType:
        """The column's type afterwards."""
        return cell.type

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        return tuple(self._rewrite(cell, fitted) for cell in self.chosen(schema))

    def _rewrite(self, cell: Column, fitted: Fitted) -> Rewrite:
        made = self.rewrite(cell, column(cell.name), fitted)
        passes = made if isinstance(made, tuple) else (made,)
        return Rewrite(cell.name, passes, self.result_type(cell), self.reason(cell, fitted))


class RowOp(Operation):
    """Removes rows by a condition."""

    @abstractmethod
    def keep(self, schema: Schema, fitted: Fitted) -> exp.Expr:
        """True for a row that stays; false and null go."""

    @abstractmethod
    def reason(self, fitted: Fitted) -> str:
        """One sentence for the removed rows."""

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        goes = exp.Not(this=exp.Paren(this=exp.Coalesce(this=self.keep(schema, fitted), expressions=[exp.false()])))
        return (RemoveRows(goes, self.reason(fitted)),)


class SchemaOp(Operation):
    """Maps columns to columns: renames, drops, adds or orders them."""


class TableOp(Operation):
    """Does what SQL cannot say, or what needs the whole table: repeats, order, Python."""


__all__ = [
    "Annotated",
    "AnyCase",
    "CellOp",
    "ColumnsOperation",
    "Needs",
    "Operation",
    "RowOp",
    "SchemaOp",
    "TableOp",
    "select",
]
