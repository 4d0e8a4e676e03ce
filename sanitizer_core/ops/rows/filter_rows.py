"""The operation ``filter_rows``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator
from sqlglot import exp

from sanitizer_core.ops.base import Needs, Operation
from sanitizer_core.ops.effects import Effect, RemoveRows
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Schema
from sanitizer_core.sql.expression import ExpressionText, condition
from sanitizer_core.sql.logic import negated
from sanitizer_core.sql.needs import needs_of


class FilterRows(Operation):
    """Keeps the rows for which a condition is true, or drops them.

    ```yaml
    - op: filter_rows
      params: {keep: "age >= 18 AND country IN ('DE', 'AT')"}
    - op: filter_rows
      params: {drop: "email IS NULL OR email LIKE '%@example.com'"}
    ```

    Exactly one of `keep` and `drop` is given, as a portable expression: SQL's comparisons, logic and functions over
    one row, with columns by name and text in single quotes.

    **Nulls.** A condition is true, false or, where a null is compared, unknown. `keep` keeps the rows for which it is
    true, so an unknown one goes; `drop` drops the rows for which it is true, so an unknown one stays. Ask for null where
    it matters: `keep: "age >= 18 OR age IS NULL"`.

    With `when`, only rows for which that is true are looked at; the others stay.

    The rows that go are kept whole among the removed rows, with the condition as their reason, and undo puts them back
    in their places.
    """

    op: ClassVar[str] = "filter_rows"
    family: ClassVar[str] = "rows"

    keep: ExpressionText | None = Field(default=None, description="Rows for which this is not true go.")
    drop: ExpressionText | None = Field(default=None, description="Rows for which this is true go.")

    @model_validator(mode="after")
    def _one_of_both(self) -> FilterRows:
        if (self.keep is None) == (self.drop is None):
            got = "both" if self.keep is not None else "neither"
            raise ValueError(f"filter_rows takes either 'keep' or 'drop', got {got}")
        return self

    def demands(self, schema: Schema) -> dict[str, Needs]:
        return dict(needs_of(self.keep or self.drop, schema))

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        if self.drop is not None:
            return (RemoveRows(condition(self.drop, schema), f"dropped, since {self.drop} is true"),)
        tree = condition(self.keep or "", schema)
        goes = negated(exp.Coalesce(this=tree, expressions=[exp.false()]))
        return (RemoveRows(goes, f"not kept, since {self.keep} is not true"),)
