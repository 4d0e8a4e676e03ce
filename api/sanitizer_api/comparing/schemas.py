"""What comes out of the route of comparisons."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class ChangeOf(BaseModel):
    """A figure in A and in B.

    Args:
        percent: the change as a share of A's; null where A's is 0 and B's is not, or one is not there.
        significant: whether it is beyond 20 per cent, or comes from 0.
    """

    a: float | None
    b: float | None
    percent: float | None
    significant: bool


class BinView(BaseModel):
    """A part of a distribution: its share of the rows of A and of B."""

    label: str
    a: float
    b: float


class PairView(BaseModel):
    """A column of A and the one of B that was held against it.

    Args:
        significant: whether the mean changed by more than 20 per cent.
        psi: population stability index: from 0.1 on the distribution has shifted, from 0.25 on it is another.
    """

    a: str
    b: str
    type_a: str
    type_b: str
    missing: ChangeOf
    distinct: ChangeOf
    numbers: dict[str, ChangeOf]
    significant: bool
    psi: float
    drift: Literal["none", "moderate", "major"]
    bins: list[BinView]


class LikenessView(BaseModel):
    """Two names that may mean the same column; `score` is of 100."""

    a: str
    b: str
    score: float


class ComparisonView(BaseModel):
    """How a table B has drifted from a table A."""

    rows: ChangeOf
    columns: list[PairView]
    added: list[str]
    removed: list[str]
    types_changed: dict[str, tuple[str, str]]
    reordered: bool
    alike: list[LikenessView]
