"""Data Sanitizer: recipes that clean, contracts that say what clean means, and a log of every changed cell."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanitizer_core.audit.asking import ask
    from sanitizer_core.contract import Contract
    from sanitizer_core.fitted import FittedRecipe
    from sanitizer_core.pipeline.contracts import check_source as check
    from sanitizer_core.pipeline.diffing import diff
    from sanitizer_core.pipeline.fitting import fit
    from sanitizer_core.pipeline.restoring import restore
    from sanitizer_core.pipeline.running import RunResult, run
    from sanitizer_core.recipe import Recipe
    from sanitizer_core.record import RunRecord

_PLACES = {
    "ask": ("audit.asking", "ask"),
    "Contract": ("contract", "Contract"),
    "FittedRecipe": ("fitted", "FittedRecipe"),
    "Recipe": ("recipe", "Recipe"),
    "RunRecord": ("record", "RunRecord"),
    "check": ("pipeline.contracts", "check_source"),
    "diff": ("pipeline.diffing", "diff"),
    "fit": ("pipeline.fitting", "fit"),
    "restore": ("pipeline.restoring", "restore"),
    "RunResult": ("pipeline.running", "RunResult"),
    "run": ("pipeline.running", "run"),
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
