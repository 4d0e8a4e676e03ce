"""The operation ``replace_pattern``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from sqlglot import exp

from sanitizer_core.ops.base import AnyCase, CellOp, Needs
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Column
from sanitizer_core.sql import call
from sanitizer_core.sql.pattern import (
    PatternError,
    check_pattern,
    check_replacement,
    check_whole_pattern,
    fits_anywhere,
    groups_of,
    pattern,
    replacement,
)


class ReplacePattern(CellOp):
    r"""Replaces what fits a regular expression.

    ```yaml
    - op: replace_pattern
      params: {columns: [phone], pattern: '[^0-9+]', replacement: ""}
    - op: replace_pattern
      params: {columns: [name], pattern: '^(\w+), (\w+)$', replacement: '\2 \1'}
    ```

    **Patterns** are those that every engine reads alike: characters, `.` (all but a line feed), classes, `\d` (`[0-9]`),
    `\w` (`[0-9A-Za-z_]`), `\s` (every white space of Unicode), groups, `|`, `* + ? {2,5}`, `^` and `$` (the ends of the
    text), `\b`. Lazy repeats, references back inside a pattern, looking ahead or behind, and flags are refused, with what
    to write instead. Of branches the first that fits is taken, and repeats take as much as they can.

    **Replacements** are text, in which `\1` to `\9` stand for the groups, `\0` for all that fitted, and `\\` for a backslash.

    `which: all` replaces every place that fits, from left to right; `first` the first; `whole` only a cell that fits
    from end to end. With `ignore_case`, letters stand for both of their cases, beyond ASCII too.

    **Nulls** stay null; a cell of which nothing is left is an empty text. **Undo** gives back each cell as it was.

    Cleaning twice is not cleaning once here where the replacement fits the pattern (`a` by `aa`).
    """

    op: ClassVar[str] = "replace_pattern"
    family: ClassVar[str] = "text"
    needs: ClassVar[Needs] = "text"
    idempotent: ClassVar[bool] = False

    pattern: str = Field(min_length=1, description="The regular expression.")
    replacement: str = Field(default="", description="What takes the place of what fits; groups as \\1.")
    which: Annotated[Literal["all", "first", "whole"], AnyCase] = Field(
        default="all", description="Every place that fits, the first, or only a cell that fits as a whole."
    )
    ignore_case: bool = Field(default=False, description="Whether letters stand for both of their cases.")

    @model_validator(mode="after")
    def _is_portable(self) -> ReplacePattern:
        if self.which == "whole":
            check_whole_pattern(self.pattern)
        else:
            check_pattern(self.pattern)
            if fits_anywhere(self.pattern):
                raise PatternError(
                    f"the pattern {self.pattern!r} fits where there is nothing, so it would fit between all characters."
                    " Write + instead of *, or bind it to a place with ^, $ or \\b."
                )
        check_replacement(self.replacement, groups_of(self.pattern, whole=self.which == "whole"))
        return self

    def rewrite(self, cell: Column, value: exp.Expr, fitted: Fitted) -> exp.Expr:
        name = "replace_pattern" if self.which == "all" else "replace_first_pattern"
        searched = pattern(self.pattern, ignore_case=self.ignore_case, whole=self.which == "whole")
        return call(name, value, searched, replacement(self.replacement))

    def reason(self, cell: Column, fitted: Fitted) -> str:
        where = {"all": "every part that fits", "first": "the first part that fits", "whole": "a cell that fits"}[
            self.which
        ]
        by = f"replaced by {self.replacement!r}" if self.replacement else "removed"
        return f"{where} {self.pattern!r} was {by}"
