"""The operation ``sample_rows``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator
from sqlglot import exp

from sanitizer_core.ops.base import Operation
from sanitizer_core.ops.effects import Effect, RemoveRows
from sanitizer_core.ops.selector import ALL, Columns
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sql import call, column, literal
from sanitizer_core.sql.canonical import canonical_text

_DIGITS = 12
_NULL = "\x1e"
_END = "\x1f"


class SampleRows(Operation):
    """Keeps a part of the rows: the same part on every run and on every engine.

    ```yaml
    - op: sample_rows
      params: {fraction: 0.1, by: [customer_id], salt: "2024"}
    ```

    **Which rows.** The cells of the `by` columns (all columns when left out), as text and with the `salt` in front, are
    hashed with MD5; a row stays when the first 12 hexadecimal digits, as a fraction of 16¹², are below `fraction`. So
    rows that agree in these columns stay or go together: all orders of a customer, both of two repeated rows. A table
    sampled in slices gives what the whole gives, a larger fraction keeps all that a smaller one keeps, and another salt
    takes another sample. `fraction` is met on average, not exactly.

    `count` asks for about so many rows: the fraction is `count` over the number of rows, which is measured and kept
    with the fitted recipe.

    **Nulls** are a value like any other. The rows that go are kept among the removed rows, and undo brings them back.
    """

    op: ClassVar[str] = "sample_rows"
    family: ClassVar[str] = "rows"

    fraction: float | None = Field(
        default=None, ge=0, le=1, description="The part of the rows that stays, from 0 to 1."
    )
    count: int | None = Field(default=None, ge=0, description="About how many rows stay, instead of a fraction.")
    by: Columns = Field(
        default=ALL, description="The columns whose cells decide; rows that agree in them stay together."
    )
    salt: str = Field(default="", description="Any text; another one takes another sample.")

    @model_validator(mode="after")
    def _one_of_both(self) -> SampleRows:
        if (self.fraction is None) == (self.count is None):
            got = "both" if self.count is not None else "neither"
            raise ValueError(f"sample_rows takes either 'fraction' or 'count', got {got}")
        return self

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        return (Stat("", "rows"),) if self.count is not None else ()

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        fraction = self._fraction(fitted)
        chosen = self.by.resolve(schema)
        if fraction >= 1:
            return ()
        limit = literal(f"{int(fraction * 16**_DIGITS):0{_DIGITS}x}")
        digest = call("left", call("md5", _key(chosen, self.salt)), literal(_DIGITS))
        return (RemoveRows(exp.GTE(this=digest, expression=limit), f"not in the sample of {_percent(fraction)}"),)

    def _fraction(self, fitted: Fitted) -> float:
        if self.fraction is not None:
            return self.fraction
        rows = fitted.get("", "rows") or 0
        return min((self.count or 0) / rows, 1.0) if rows else 1.0


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.4g} %"


def _key(columns: tuple[Column, ...], salt: str) -> exp.Expr:
    """The salt and the cells, each behind a mark, so that no two rows share a text because of where a cell ends."""
    tree: exp.Expr = literal(salt)
    for each in columns:
        text = exp.Coalesce(this=_text(each), expressions=[literal(_NULL)])
        tree = exp.DPipe(this=exp.DPipe(this=tree, expression=literal(_END)), expression=text)
    return tree


def _text(each: Column) -> exp.Expr:
    return canonical_text(column(each.name), each.type)
