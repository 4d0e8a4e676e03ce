"""The route that holds two runs or datasets against each other."""

from __future__ import annotations

import re
import uuid
from typing import Annotated

from fastapi import APIRouter, Query

from sanitizer_api.comparing.schemas import ComparisonView
from sanitizer_api.comparing.service import Side, compared, side_of
from sanitizer_api.identity.caller import Reader
from sanitizer_api.problems import ApiError
from sanitizer_api.state import StateOf

router = APIRouter(tags=["compare"])
_SIDE = re.compile(r"(run|dataset):([0-9a-fA-F-]{36})")
SideWord = Annotated[
    str, Query(max_length=50, description="`run:` and an id for its clean table, or `dataset:` and an id.")
]
Columns = Annotated[
    list[str], Query(default_factory=list, max_length=1000, description="Columns that are the same under two names.")
]


@router.get("/compare")
async def compare(
    known: Reader,
    state: StateOf,
    a: SideWord,
    b: SideWord,
    a_column: Columns,
    b_column: Columns,
) -> ComparisonView:
    """How B has drifted from A: its rows, columns, numbers and distributions.

    Columns are matched by name. Those left over whose names are alike come under `alike`, for somebody to confirm: ask
    again with their names, `a_column` and `b_column` once for each pair.
    """
    if len(a_column) != len(b_column) or len(set(a_column)) < len(a_column):
        raise ApiError("'a_column' and 'b_column' come in pairs, each column of A once")
    sides = [await _side(state, known.organisation, word) for word in (a, b)]
    pairs = dict(zip(a_column, b_column, strict=True))
    return ComparisonView.model_validate(await compared(state, sides[0], sides[1], pairs))


async def _side(state: StateOf, organisation: uuid.UUID, word: str) -> Side:
    found = _SIDE.fullmatch(word)
    if found is None:
        raise ApiError(f"{word!r} names neither a run nor a dataset", hint="Such as 'run:' and the id of a run.")
    try:
        return await side_of(state, organisation, found[1], uuid.UUID(found[2]))
    except ValueError:
        raise ApiError(f"{found[2]!r} is no id") from None
