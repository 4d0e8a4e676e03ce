"""The portable functions: what each means, and how each dialect says it.

A lowering is a template in the dialect's own SQL, in which ``:name`` stands for a parameter or a constant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sanitizer_core.sql import (
    arithmetic,
    conditions,
    date_parts,
    dates,
    hashing,
    judging,
    masking,
    numbers,
    text,
    tidying,
)
from sanitizer_core.sql.dialects import LOWERINGS
from sanitizer_core.sql.function import Function


def _with_every_dialect(functions: Iterable[Function]) -> dict[str, Function]:
    return {
        function.name: replace(
            function,
            lowerings={
                **function.lowerings,
                **{dialect: said[function.name] for dialect, said in LOWERINGS.items() if function.name in said},
            },
        )
        for function in functions
    }


FUNCTIONS: dict[str, Function] = _with_every_dialect(
    function
    for family in (
        text.FUNCTIONS,
        tidying.FUNCTIONS,
        numbers.FUNCTIONS,
        arithmetic.FUNCTIONS,
        dates.FUNCTIONS,
        date_parts.FUNCTIONS,
        conditions.FUNCTIONS,
        hashing.FUNCTIONS,
        masking.FUNCTIONS,
        judging.FUNCTIONS,
    )
    for function in family
)
"""Every portable function by its name."""

__all__ = ["FUNCTIONS", "Function"]
