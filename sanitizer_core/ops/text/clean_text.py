"""The operation ``clean_text``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from sanitizer_core.ops.base import AnyCase, CellOp, Needs
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Column
from sanitizer_core.sql import call, value_of


class CleanText(CellOp):
    """Strips, collapses white space and sets the case of text."""

    op: ClassVar[str] = "clean_text"
    family: ClassVar[str] = "text"
    needs: ClassVar[Needs] = "text"

    strip: bool = Field(default=True, description="Take white space off both ends.")
    collapse_space: bool = Field(default=True, description="Make one blank of every run of white space.")
    case: Annotated[Literal["lower", "upper", "keep"], AnyCase] = Field(default="lower", description="The case.")

    def rewrite(self, cell: Column, value: exp.Expression, fitted: Fitted) -> tuple[exp.Expression, ...]:
        functions = [name for name in ("strip", "collapse_space") if getattr(self, name)]
        functions += [self.case] if self.case != "keep" else []
        return tuple(call(name, value if first else value_of()) for first, name in zip([True, *[False] * 9], functions, strict=False))

    def reason(self, cell: Column, fitted: Fitted) -> str:
        return "text cleaned"
