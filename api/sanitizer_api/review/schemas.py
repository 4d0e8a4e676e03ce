"""What goes in and out of the routes of reviews."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StrictBool, StrictInt

from sanitizer_core.audit.flagged import Kind

Action = Literal["keep", "remove", "set"]
Text = Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")]
Value = StrictBool | StrictInt | FiniteFloat | Text | None
Row = Annotated[int, Field(ge=0, lt=2**63)]
Name = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
MOST_AT_ONCE = 10_000


class CellDecision(BaseModel):
    """What is decided about one cell: `keep` it, `remove` its row, or `set` it to the value (`null` empties it)."""

    model_config = ConfigDict(extra="forbid")

    row: Row
    column: Name
    action: Action
    value: Value = None


class Every(BaseModel):
    """All open cells of a kind, of one column or of all."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    column: Name | None = None
    action: Action
    value: Value = None


class Decisions(BaseModel):
    """What is decided, one by one or for many cells at once, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"reason": "typing error", "cells": [{"row": 17, "column": "age", "action": "set", "value": 40}]},
                {"reason": "nobody knows", "every": {"kind": "missing", "column": "fax", "action": "keep"}},
            ]
        },
    )

    reason: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]
    cells: list[CellDecision] = Field(default=[], max_length=MOST_AT_ONCE)
    every: Every | None = None


class Decided(BaseModel):
    """How many cells were decided about."""

    decided: int


class DecisionView(BaseModel):
    """A decision: what, why, by whom and when."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    row: int
    column: str
    action: Action
    value: Value
    reason: str
    decided_by: uuid.UUID
    created_at: datetime


class ReviewItem(BaseModel):
    """A cell to look at.

    Args:
        row: of the clean table, from 0.
        value: the cell as canonical text; `cells` is the whole row.
        decision: the last decision about it; null while it is open.
    """

    row: int
    column: str
    kind: Kind
    value: str | None
    cells: dict[str, str | None]
    decision: DecisionView | None
