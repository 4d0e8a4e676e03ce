"""Data Sanitizer: recipes that clean, contracts that say what clean means, and a log of every changed cell."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanitizer_core.audit.asking import ask
    from sanitizer_core.contract import Contract
    from sanitizer_core.fit import FittedRecipe
    from sanitizer_core.recipe import Recipe
    from sanitizer_core.record import RunRecord
    from sanitizer_core.run.contracts import check_source as check
    from sanitizer_core.run.diffing import diff
    from sanitizer_core.run.fitting import fit
    from sanitizer_core.run.restoring import restore
    from sanitizer_core.run.running import RunResult, run

_PLACES = {
    "ask": ("audit.asking", "ask"),
    "Contract": ("contract", "Contract"),
    "FittedRecipe": ("fit", "FittedRecipe"),
    "Recipe": ("recipe", "Recipe"),
    "RunRecord": ("record", "RunRecord"),
    "check": ("run.contracts", "check_source"),
    "diff": ("run.diffing", "diff"),
    "fit": ("run.fitting", "fit"),
    "restore": ("run.restoring", "restore"),
    "RunResult": ("run.running", "RunResult"),
    "run": ("run.running", "run"),
}


def __getattr__(name: str) -> Any:
    """The library's names are imported when they are asked for, for a whole import takes as long as a small run."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PLACES[name]
    value = getattr(import_module(f"{__name__}.{module}"), attribute)
    globals()[name] = value
    return value


__all__ = [
    "Contract",
    "FittedRecipe",
    "Recipe",
    "RunRecord",
    "RunResult",
    "ask",
    "check",
    "diff",
    "fit",
    "restore",
    "run",
]
