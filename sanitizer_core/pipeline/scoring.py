"""The scores of a run, before and after."""

from __future__ import annotations

from typing import Any

from sanitizer_core.pipeline.clean import BASE
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.writing import KEPT
from sanitizer_core.quality import Subject, score


def scores(session: Session) -> dict[str, Any]:
    """The scores of the input as it was read and of what is written, as plain JSON data."""
    weights = session.recipe.quality.weights
    broken = session.verdict.cells_failed_per_column if session.verdict is not None else {}
    return {
        "before": score(session.engine, BASE, raw_subjects(session), weights).to_json(),
        "after": score(session.engine, KEPT, clean_subjects(session), weights, broken).to_json(),
    }


def raw_subjects(session: Session) -> list[Subject]:
    """The columns of the input."""
    return [Subject(each.name, each.name, each.type) for each in session.cleaned.schema]


def clean_subjects(session: Session) -> list[Subject]:
    """The columns of the output."""
    return [Subject(slot.name, slot.name, slot.type) for slot in session.cleaned.chain.table.slots]
