"""Whether a figure is a sudden change, judged by its own history.

The robust z-score of Iglewicz and Hoaglin (1993): 0.6745 · (x − median) / MAD; beyond 3.5 a figure is taken for an outlier.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

LEAST = 7
"""Figures that a history needs before anything is judged by it."""
LEAST_OF_WEEKDAY = 4
"""Figures of the same weekday that are enough to be judged by alone: four weeks."""
MOST = 100
"""Figures that are looked back at."""
THRESHOLD = 3.5
NORMAL = 0.6745
"""The 0.75 quantile of the normal distribution: by it the MAD of normal figures is their standard deviation."""
LEAST_SPREAD = 0.5
"""Points of a score that are taken for the MAD where it is smaller: a score that never moved is not alarmed by a tenth."""

Basis = Literal["every run", "same weekday"]


@dataclass(frozen=True)
class Point:
    """A figure, and when it was taken."""

    at: datetime
    value: float


@dataclass(frozen=True)
class Judgement:
    """What a history says of a figure.

    Args:
        basis: which of the earlier figures it was held against.
        history: those figures, the oldest first.
        median: of them.
        mad: the median of their distances from the median.
        spread: what the distance was measured in: the MAD, or the least spread where that is larger.
        z: the robust z-score; below 0 where the figure is smaller than usual.
    """

    value: float
    basis: Basis
    history: tuple[float, ...]
    median: float
    mad: float
    spread: float
    z: float
    threshold: float = THRESHOLD

    @property
    def is_sudden(self) -> bool:
        """Whether the figure is beyond the threshold."""
        return abs(self.z) > self.threshold

    def to_json(self) -> dict[str, Any]:
        """The judgement as plain JSON data."""
        return asdict(self) | {"history": list(self.history)}


def judge(
    point: Point, earlier: Sequence[Point], *, threshold: float = THRESHOLD, least_spread: float = LEAST_SPREAD
) -> Judgement | None:
    """A figure against those before it; ``None`` where there are too few.

    Where weeks repeat themselves, a Monday is judged by Mondays: figures of the same weekday alone are used as soon as
    there are enough of them and they lie closer together than all do.

    Args:
        earlier: in any order; later ones than the point are left out.
        least_spread: in the figure's own unit.
    """
    before = sorted((each for each in earlier if each.at < point.at), key=lambda each: each.at)[-MOST:]
    if len(before) < LEAST:
        return None
    every = _judged(point.value, "every run", [each.value for each in before], threshold, least_spread)
    alike = [each.value for each in before if each.at.weekday() == point.at.weekday()]
    others = len({each.at.weekday() for each in before}) > 1
    if len(alike) < LEAST_OF_WEEKDAY or not others:
        return every
    seasonal = _judged(point.value, "same weekday", alike, threshold, least_spread)
    return seasonal if seasonal.mad < every.mad else every


def _judged(value: float, basis: Basis, history: list[float], threshold: float, least_spread: float) -> Judgement:
    median = statistics.median(history)
    mad = statistics.median(abs(each - median) for each in history)
    spread = max(mad, least_spread)
    z = NORMAL * (value - median) / spread
    return Judgement(value, basis, tuple(history), median, mad, spread, round(z, 4), threshold)
