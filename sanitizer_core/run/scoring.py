"""The scores of a run, before and after."""

from __future__ import annotations

from typing import Any


from sanitizer_core.quality import Subject, score
from sanitizer_core.run.clean import BASE
from sanitizer_core.run.session import Session
from sanitizer_core.run.writing import KEPT


def scores(session: Session) -> dict[str, Any]:
    """The scores of the input as it was read and of what is written, as plain JSON data."""
    cleaned = session.cleaned
    assert cleaned is not None
    weights = session.recipe.quality.weights
    raw = [Subject(each.name, each.name, each.type) for each in cleaned.schema]
    clean = [Subject(slot.name, slot.name, slot.type) for slot in cleaned.chain.table.slots]
    broken = session.verdict.cells_failed_per_column if session.verdict is not None else {}
    return {
        "before": score(session.engine, BASE, raw, weights).to_json(),
        "after": score(session.engine, KEPT, clean, weights, broken).to_json(),
    }


