"""The operation ``split_column``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from sqlglot import exp

from sanitizer_core.ops.base import AnyCase, Needs, SchemaOp, select
from sanitizer_core.ops.columns.splitting import by_groups, by_pattern, by_separator
from sanitizer_core.ops.columns.taken import refuse_taken, refuse_unknown
from sanitizer_core.ops.effects import AddColumn, DropColumn, Effect, OrderColumns, Rewrite
from sanitizer_core.ops.selector import ColumnSelector
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import TEXT, Schema
from sanitizer_core.sql import call, column
from sanitizer_core.sql.pattern import PatternText, fits_anywhere, groups_of


class SplitColumn(SchemaOp):
    r"""Splits a column of text into several.

    ```yaml
    - op: split_column
      params: {column: name, separator: " ", into: [first_name, last_name]}
    - op: split_column
      params: {column: size, pattern: '^([0-9.]+) *([a-z]+)$', into: [amount, unit], keep: true}
    ```

    One of these says where:

    - `separator`: a text; the parts are what stands between.
    - `pattern` without groups: a regular expression for separators (`\s*[;,]\s*`).
    - `pattern` with groups: each group is a column; where the pattern does not fit, all of them are null.

    Where there are fewer parts than columns, the columns to the right are null. Where there are more, the last column
    takes all that is left, separators included (`rest: last`), or what is left is dropped (`rest: drop`). `strip` takes
    white space off the parts; an empty part is an empty text.

    The new columns stand where the column stood, which goes unless `keep` is set. One of them may have its name: then the
    column's cells are rewritten, and logged. **Nulls** give null in every column. **Undo** brings the column back.

    Running it twice is refused, since the column is gone or the new ones are there.
    """

    op: ClassVar[str] = "split_column"
    family: ClassVar[str] = "columns"
    idempotent: ClassVar[bool] = False

    column: str = Field(description="The column to split.")
    separator: str | None = Field(default=None, min_length=1, description="The text between the parts.")
    pattern: PatternText | None = Field(
        default=None, description="A regular expression: for separators, or with a group per part."
    )
    into: tuple[str, ...] = Field(min_length=1, description="The names of the new columns.")
    rest: Annotated[Literal["last", "drop"], AnyCase] = Field(
        default="last", description="What becomes of further parts."
    )
    strip: bool = Field(default=True, description="Take white space off both ends of each part.")
    keep: bool = Field(default=False, description="Whether the column stays.")

    @model_validator(mode="after")
    def _says_where(self) -> SplitColumn:
        if (self.separator is None) == (self.pattern is None):
            got = "both" if self.pattern is not None else "neither"
            raise ValueError(f"split_column takes either 'separator' or 'pattern', got {got}")
        if len({name.lower() for name in self.into}) < len(self.into) or "" in self.into:
            raise ValueError(
                f"the names in 'into' have to differ, in more than case, got {', '.join(map(repr, self.into))}"
            )
        if self.keep and self.column in self.into:
            raise ValueError(f"{self.column!r} cannot both stay and be one of the new columns")
        groups = groups_of(self.pattern) if self.pattern is not None else 0
        if groups and groups != len(self.into):
            raise ValueError(f"the pattern has {groups} groups, but 'into' names {len(self.into)} columns")
        if self.pattern is not None and not groups and fits_anywhere(self.pattern):
            raise ValueError(f"the pattern {self.pattern!r} fits where there is nothing. Write + instead of *.")
        return self

    def demands(self, schema: Schema) -> dict[str, Needs]:
        return {self.column: "text"}

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        refuse_unknown(self.column, schema)
        select(ColumnSelector(include=(self.column,)), schema, "text")
        refuse_taken([name for name in self.into if name != self.column], schema, "Choose another name in 'into'.")
        reason = f"part of {self.column!r}, split " + (
            f"at {self.separator!r}" if self.separator is not None else f"by {self.pattern!r}"
        )
        made: list[Effect] = []
        for name, part in zip(self.into, self._parts(), strict=True):
            tree = call("strip", part) if self.strip else part
            if name == self.column:
                made.append(Rewrite(name, (tree,), TEXT, reason))
            else:
                made.append(AddColumn(name, tree, TEXT, (self.column,), reason, after=self.column))
        if not self.keep and self.column not in self.into:
            made.append(DropColumn(self.column, f"split into {', '.join(map(repr, self.into))}"))
        return (*made, OrderColumns(self._order(schema)))

    def _parts(self) -> list[exp.Expr]:
        value, count, last = column(self.column), len(self.into), self.rest == "last"
        if self.separator is not None:
            return by_separator(value, self.separator, count, rest_to_last=last)
        pattern = self.pattern or ""
        if groups_of(pattern):
            return by_groups(value, pattern, count)
        return by_pattern(value, pattern, count, rest_to_last=last)

    def _order(self, schema: Schema) -> tuple[str, ...]:
        here = ((self.column,) if self.keep else ()) + self.into
        return tuple(name for each in schema.names for name in (here if each == self.column else (each,)))
