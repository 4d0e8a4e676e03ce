"""Which row comes before which, as users say it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlglot import exp

from sanitizer_core.errors import PlanError
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.schema import Schema
from sanitizer_core.sql import column


class OrderBy(BaseModel):
    """A column to order by: its name, ``name desc``, or ``{column: name, desc: true}``.

    Nulls come last either way; text is compared by its code points.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str = Field(description="The column.")
    desc: bool = Field(default=False, description="Whether the greatest comes first.")

    def ordered(self, schema: Schema) -> exp.Ordered:
        """The order as a tree.

        Raises:
            PlanError: there is no such column.
        """
        name, word = self.column, ""
        if name not in schema:
            name, _, word = self.column.rpartition(" ")
        if name not in schema or word.lower() not in ("", "asc", "desc"):
            raise PlanError("columns are missing", found=[no_such_column(self.column, schema)])
        return exp.Ordered(this=column(name), desc=self.desc or word.lower() == "desc", nulls_first=False)


def _from_words(value: Any) -> Any:
    listed = [value] if isinstance(value, (str, dict)) else value
    return (
        [{"column": each} if isinstance(each, str) else each for each in listed]
        if isinstance(listed, (list, tuple))
        else listed
    )


Order = Annotated[tuple[OrderBy, ...], BeforeValidator(_from_words)]
"""The type of a parameter that says an order: one column, or a list of them."""
