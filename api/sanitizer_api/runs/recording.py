"""From the record of a run to rows."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sanitizer_api.problems import ApiError
from sanitizer_core.record import RunRecord

DIMENSIONS = ("overall", "completeness", "uniqueness", "consistency", "integrity")
TABLE = ""
"""The column under which the scores of a whole table are kept."""


@dataclass(frozen=True)
class ScoreRow:
    """A score of a run (see ``RunScore``)."""

    moment: str
    dimension: str
    column: str
    value: float


def run_row(record: RunRecord) -> dict[str, Any]:
    """The columns of a run that its record says.

    Raises:
        ApiError: its id is none, or its beginning is no moment.
    """
    content = record.model_dump(mode="json", by_alias=True)
    return {
        "id": _id(record.run_id),
        "started_at": _moment(record.started),
        "seconds": record.seconds,
        "status": record.status,
        "dataset": str(record.source.get("address", "")),
        "engine": record.engine,
        "recipe_name": record.recipe.name,
        "recipe_version": record.recipe.version,
        "recipe_digest": record.recipe.digest,
        "contract_name": _contract(record),
        "rows_in": record.rows.in_,
        "rows_out": record.rows.out,
        "rows_removed": record.rows.removed,
        "rows_rejected": record.rows.rejected,
        "cells_changed": record.cells_changed,
        "score_before": _overall(record, "before"),
        "score_after": _overall(record, "after"),
        "record": content,
        "record_digest": hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
        "parent": _id(record.parent) if record.parent is not None else None,
    }


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ApiError(f"the id of a run has to be a UUID, but is {text!r}") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(f"started has to be a moment (ISO 8601), but is {text!r}") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _contract(record: RunRecord) -> str | None:
    name = (record.contract or {}).get("contract") or (record.contract or {}).get("name")
    return str(name) if name is not None else None


def _overall(record: RunRecord, moment: str) -> float | None:
    value = record.score.get(moment, {}).get("overall")
    return float(value) if value is not None else None


def score_rows(record: RunRecord) -> Iterator[ScoreRow]:
    """The scores of a run, before and after, of the table and of its columns."""
    for moment, score in record.score.items():
        for column, values in {TABLE: score, **score.get("columns", {})}.items():
            for dimension, value in _numbers(values):
                yield ScoreRow(moment, dimension, column, value)


def _numbers(values: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for dimension in DIMENSIONS:
        value = values.get(dimension)
        if isinstance(value, (int, float)):
            yield dimension, float(value)
