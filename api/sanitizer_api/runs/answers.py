"""What the files of a run answer, as the API gives it."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel

from sanitizer_api.pages import MOST
from sanitizer_api.problems import ApiError
from sanitizer_core.audit.asking import Part, Question

Word = Annotated[str | None, Query(max_length=10_000)]
Number = Annotated[int | None, Query(ge=0, lt=2**63)]


class ChangeView(BaseModel):
    """A changed cell: one step's doing. Rows count from 0; `old` and `new` are canonical texts, or null."""

    step: int
    step_id: str | None
    op: str
    row: int
    column: str
    old: str | None
    new: str | None
    reason: str
    confidence: float


class GoneView(BaseModel):
    """A row that a run took away, whole.

    Args:
        row: its number in the input; `null` for a line that could not be read, which has `line` and `text` instead.
        cells: as they were read, as canonical texts; those of masked columns are left out.
    """

    row: int | None
    line: int | None = None
    text: str | None = None
    step: int | None
    step_id: str | None
    op: str
    reasons: list[str]
    cells: dict[str, str | None]

    @classmethod
    def of(cls, entry: dict[str, Any]) -> GoneView:
        """The view of an entry."""
        told = dict(entry)
        reasons = told.pop("reasons", None) or [told.pop("reason")]
        return cls(**told, reasons=reasons)


class FilePaging(BaseModel):
    """How much of a file is wanted, and from where on."""

    limit: int
    after: int


async def file_paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="The most items of a page.")] = 50,
    cursor: Annotated[str | None, Query(description="`next` of the page before.", max_length=200)] = None,
) -> FilePaging:
    """The query parameters of lists that are read from a file, in its order.

    A page may hold fewer than it could, or none, and still have a `next`: what was asked for is rare, and each page
    looks for half a second or so at most.
    """
    return FilePaging(limit=limit, after=_place(cursor))


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(
            base64.urlsafe_b64decode(
                cursor.encode(),
            )
            .decode("ascii")
            .removeprefix("at ")
        )
    except (ValueError, binascii.Error):
        raise ApiError("the cursor is none that a list gave", hint="Begin again without 'cursor'.") from None


def cursor_of(part: Part) -> str | None:
    """The cursor of the page after one."""
    return None if part.after is None else base64.urlsafe_b64encode(f"at {part.after}".encode()).decode()


async def question(
    column: Annotated[str | None, Query(max_length=1000, description="Its name in the input or the output.")] = None,
    row: Annotated[int | None, Query(ge=0, lt=2**63, description="Of the input, from 0.")] = None,
    step: Number = None,
    op: Word = None,
    old: Word = None,
    new: Word = None,
    missing: Annotated[
        Literal["old", "new"] | None, Query(description="Cells that held nothing before, or hold nothing now.")
    ] = None,
) -> Question:
    """The query parameters that say which changes."""
    return Question(column, row, step, op, old, new, missing)


async def row_question(row: Number = None, step: Number = None, op: Word = None) -> Question:
    """The query parameters that say which rows that went."""
    return Question(row=row, step=step, op=op)
