"""Numbers rounded away from zero, to what a person would have said."""

from __future__ import annotations

import math
from decimal import Decimal


def outward(value: float | Decimal) -> int | float:
    """The nearest of 1, 2 and 5 times a power of ten that is as far from zero or farther; 0 stays 0.

    Whole where it can be: 0.7 gives 1, 73 gives 100, -130 gives -200.
    """
    size = abs(float(value))
    if size == 0 or math.isinf(size):
        return 0 if size == 0 else float(value)
    power = Decimal(10) ** math.floor(math.log10(size))
    exact = Decimal(str(size))
    rounded = next(step * power for step in (1, 2, 5, 10, 20) if step * power >= exact)
    signed = rounded if value > 0 else -rounded
    return int(signed) if signed == signed.to_integral_value() else float(signed)
