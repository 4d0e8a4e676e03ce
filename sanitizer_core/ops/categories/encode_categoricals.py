"""The operation ``encode_categoricals``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator
from sqlglot import exp

from sanitizer_core.errors import PlanError, Where
from sanitizer_core.ops.base import AnyCase, ColumnsOperation, Needs
from sanitizer_core.ops.categories.known import Choice, Known, named
from sanitizer_core.ops.categories.one_hot import Names, OneHot
from sanitizer_core.ops.constant import Scalar
from sanitizer_core.ops.effects import AddColumn, DropColumn, Effect, Note, RemoveRows, Rewrite
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.ops.spelling import spelled
from sanitizer_core.ops.stat import UNKNOWN, Fitted, Stat
from sanitizer_core.schema import FLOAT, INTEGER, Column, DataType, Schema
from sanitizer_core.sql import cast_to, column, literal
from sanitizer_core.sql.logic import choose, is_null
from sanitizer_core.sql.lookup import Lookup, found, hit
from sanitizer_core.sql.measures import rounded

Method = Annotated[
    Literal["onehot", "ordinal", "label", "frequency"],
    spelled({"one_hot": "onehot", "dummy": "onehot", "dummies": "onehot", "count": "frequency"}),
]

MOST_COLUMNS = 1_000
"""One-hot encoding of more categories is a mistake more often than it is meant."""

_OWN = {
    "drop_first": ("onehot",), "nulls": ("onehot",), "normalize": ("frequency",),
    "min_frequency": ("onehot", "label"), "max_categories": ("onehot", "label"),
}  # fmt: skip
"""Which methods a parameter belongs to."""


class EncodeCategoricals(ColumnsOperation):
    """Makes numbers of categories: a column for each, their place in an order, or how often they are there.

    | method | what becomes of the column |
    |---|---|
    | `onehot` | a column of 0 and 1 for each category, named `gender_male`; the column itself goes, unless `keep_original` |
    | `ordinal` | the place, from 0, in the order that `categories` gives |
    | `label` | the place, from 0, in the sorted order of the categories that the data has |
    | `frequency` | the share of the cells (not counting null) that hold the category; with `normalize: false` their number |

    ```yaml
    - op: encode_categoricals
      params: {columns: [gender], method: onehot}
    - op: encode_categoricals
      params: {method: ordinal, categories: {size: [S, M, L]}, unknown: reject}
    ```

    Where no columns are named it works on all columns of text (for `ordinal`, on those under `categories`). Text is a
    category as it stands: clean it before, or ` Male` and `male` are two.

    **Names.** A column of `onehot` is named after the column and the category, in which everything but letters,
    digits and `_` becomes `_` (`job_self_employed`; `job_blank` for a category of blank text). A name that is taken,
    in whatever case, gets a number: `job_C_2`. The new columns stand where the old one was, in sorted order.

    **Null.** Under `onehot` null is 0 in every column; with `nulls: column` there is a column `gender_missing`, and with
    `nulls: null` it stays null in every column. Under the other methods null stays null.

    **Rare categories** are put together by `min_frequency` (a number of cells from 1, or a fraction below 1) and
    `max_categories` (the commonest so many; of equally common ones the first in sorted order): under `onehot` in a column
    `gender_other`, under `label` as the place behind the last.

    **Unknown categories**, which a fitted recipe did not see when it was fitted or which `categories` does not name: with
    `unknown: ignore` they are 0 in every column of `onehot`, null under `ordinal` and `label`, and 0 under `frequency`.
    With `other` they are one more category (`gender_other`, the place behind the last). With `reject` their row goes
    to the rejected ones. Where rare categories are put together, unknown ones are with them, unless they are rejected.

    Categories are fitted, so each batch has the same columns and the same places. More than 1,000 categories are
    refused for `onehot`, and more than 100,000 for the others.

    Undo gives the old column back. **Cleaning twice is not cleaning once here**: codes are no categories of the kind
    that was encoded.
    """

    op: ClassVar[str] = "encode_categoricals"
    family: ClassVar[str] = "categories"
    idempotent: ClassVar[bool] = False

    method: Method = Field(default="onehot", description="What categories become.")
    categories: dict[str, Annotated[tuple[Scalar, ...], Field(min_length=1)]] = Field(
        default={}, description="The categories of a column, in their order, instead of those that the data has."
    )
    min_frequency: Annotated[int, Field(ge=1)] | Annotated[float, Field(gt=0, lt=1)] | None = Field(
        default=None, description="Rarer categories are put together: a number of cells, or a fraction."
    )
    max_categories: int | None = Field(
        default=None, ge=1, description="Only so many keep a place of their own, the commonest."
    )
    unknown: Annotated[Literal["ignore", "other", "reject"], AnyCase] = Field(
        default="ignore", description="What becomes of categories that are not known."
    )
    nulls: Annotated[Literal["zero", "column", "null"], spelled({"null": "null"})] = Field(
        default="zero", description="For `onehot`: what becomes of null."
    )
    drop_first: bool = Field(default=False, description="For `onehot`: leave out the first category's column.")
    keep_original: bool = Field(
        default=False, description="Keep the column; codes stand behind it in `<name>_code` or `<name>_frequency`."
    )
    normalize: bool = Field(default=True, description="For `frequency`: a share rather than a number.")

    @model_validator(mode="after")
    def _parameters_fit_the_method(self) -> EncodeCategoricals:
        for name in sorted(self.model_fields_set & set(_OWN)):
            if self.method not in _OWN[name]:
                raise ValueError(f"{name!r} belongs to the method {_OWN[name][0]!r}, not to {self.method!r}")
        if self.method == "ordinal" and not self.categories:
            raise ValueError("the method 'ordinal' needs 'categories': the values of each column in their order")
        if self.method == "frequency" and (self.categories or self.unknown == "other"):
            raise ValueError(
                "the method 'frequency' counts what is there: it takes no 'categories', and no unknown 'other'"
            )
        return self

    def chosen(self, schema: Schema) -> tuple[Column, ...]:
        """The columns to encode; unless some are named, those of text."""
        missing = [name for name in self.categories if name not in schema]
        if missing:
            raise PlanError("columns are missing", found=[no_such_column(name, schema) for name in missing])
        found_columns = self.columns.resolve(schema)
        if self.columns.is_all and self.method == "ordinal":
            return tuple(cell for cell in found_columns if cell.name in self.categories)
        if self.columns.is_all:
            return tuple(cell for cell in found_columns if cell.type.is_text or cell.name in self.categories)
        return found_columns

    def demands(self, schema: Schema) -> dict[str, Needs]:
        words = {name: all(isinstance(each, str) for each in given) for name, given in self.categories.items()}
        return {cell.name: "text" if words.get(cell.name) else "any" for cell in self.chosen(schema)}

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        measured = [cell for cell in self.chosen(schema) if cell.name not in self.categories]
        stats = [stat for cell in measured for stat in self._choice.stats(cell)]
        if self.method == "frequency" and self.normalize:
            stats += [Stat(cell.name, "count") for cell in measured]
        return tuple(stats)

    def outline(self, schema: Schema) -> tuple[Effect, ...] | None:
        unnamed = [cell for cell in self.chosen(schema) if cell.name not in self.categories]
        if self.method == "onehot" and unnamed:
            return None
        return self.effects(schema, UNKNOWN)

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        names = Names(schema)
        return tuple(
            effect for cell in self.chosen(schema) for effect in self._encoded(self._known(cell, fitted), names, fitted)
        )

    @property
    def _choice(self) -> Choice:
        limit = MOST_COLUMNS if self.method == "onehot" else 100_000
        return Choice(self.max_categories, self.min_frequency, limit, seen=self.unknown == "reject")

    def _known(self, cell: Column, fitted: Fitted) -> Known:
        if cell.name in self.categories:
            return named(cell, self.categories[cell.name])
        if cell.type.kind in ("binary", "other"):
            raise PlanError(
                f"{cell.name!r} is {cell.type.native or cell.type}, which has no categories",
                where=Where(column=cell.name),
            )
        if self.method == "ordinal":
            raise PlanError(
                f"the method 'ordinal' does not know the order of {cell.name!r}",
                where=Where(column=cell.name),
                hint=f"Write it: categories: {{{cell.name}: [...]}}.",
            )
        return self._choice.of(cell, fitted)

    def _has_other(self, cell: Column) -> bool:
        return self.unknown == "other" or (self._choice.merges and cell.name not in self.categories)

    def _encoded(self, known: Known, names: Names, fitted: Fitted) -> Iterator[Effect]:
        if self.unknown == "reject":
            told = exp.DPipe(
                this=literal(f"{known.cell.name!r} holds an unknown category: "),
                expression=exp.cast(column(known.cell.name), "TEXT"),
            )
            yield RemoveRows(
                known.is_unknown(), f"{known.cell.name!r} holds an unknown category", rejected=True, told=told
            )
        if self.method == "onehot":
            yield from self._spread(known, names)
        elif self.method == "frequency":
            yield self._counted(known, names, fitted)
        else:
            yield self._placed(known, names)

    def _spread(self, known: Known, names: Names) -> Iterator[Effect]:
        cell = known.cell
        if not known.kept:
            yield Note(f"{cell.name!r} holds no categories")
        one_hot = OneHot(self._has_other(cell), self.nulls == "column", self.nulls == "null", self.drop_first)
        yield from one_hot.columns(known, names)
        if not self.keep_original:
            yield DropColumn(cell.name, f"encoded as {len(known.kept)} categories")

    def _placed(self, known: Known, names: Names) -> Effect:
        rows = tuple((category, place) for place, category in enumerate(known.kept))
        last = cast_to(literal(len(rows)), INTEGER) if self._has_other(known.cell) else None
        order = "sorted" if self.method == "label" and known.cell.name not in self.categories else "given"
        reason = f"encoded: its place among {len(rows)} categories in {order} order"
        return self._looked_up(known, rows, INTEGER, last, reason, names)

    def _counted(self, known: Known, names: Names, fitted: Fitted) -> Effect:
        counts = dict(fitted[self._choice.stats(known.cell)[0]] or ())
        if not self.normalize:
            none = cast_to(literal(0), INTEGER)
            return self._looked_up(
                known, tuple(counts.items()), INTEGER, none, "encoded: how many cells hold it", names
            )
        total = fitted.get(known.cell.name, "count") or 1
        shares = tuple((value, rounded(count / total)) for value, count in counts.items())
        return self._looked_up(known, shares, FLOAT, literal(0.0), f"encoded: its share of {total} cells", names)

    def _looked_up(
        self,
        known: Known,
        rows: tuple[tuple[Any, Any], ...],
        kind: DataType,
        unknown: exp.Expr | None,
        reason: str,
        names: Names,
    ) -> Effect:
        cell = known.cell
        lookup = Lookup((column(cell.name),), (cell.type,), kind, rows)
        value: exp.Expr = found()
        if unknown is not None:
            value = choose((hit(), found()), (is_null(column(cell.name)), exp.Null()), otherwise=unknown)
        if not self.keep_original:
            return Rewrite(cell.name, (value,), kind, reason, lookup=lookup)
        name = names.free(f"{cell.name}_{'frequency' if self.method == 'frequency' else 'code'}")
        return AddColumn(name, value, kind, (cell.name,), reason, after=cell.name, lookup=lookup)
