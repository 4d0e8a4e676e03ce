"""The canonical form of what affects a verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sanitizer_core.contract.schema_problems import table_spec
from sanitizer_core.contract.spec import ColumnSpec, TableSpec
from sanitizer_core.contract.vocabulary import canonical_check


def digest_of(
    *,
    schema: Mapping[str, Any] | None,
    python: str | None,
    on_violation: str,
    severities: Mapping[str, Any],
    thresholds: Mapping[str, Any],
) -> str:
    """SHA-256 (hex); the order of columns counts only where the schema asks for it."""
    affects = {
        "schema": _canonical(table_spec(schema)) if schema is not None else None,
        "python": python,
        "on_violation": on_violation,
        "severities": {canonical_id(name): value for name, value in severities.items()},
        "thresholds": {canonical_id(name): value for name, value in thresholds.items()},
    }
    text = json.dumps(affects, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_id(name: str) -> str:
    """The id of a check with its full name, where it was given by its alias (``age.ge``)."""
    column, dot, check = name.rpartition(".")
    base, mark, number = check.partition("#")
    return f"{column}{dot}{canonical_check(base)}{mark}{number}"


def _canonical(spec: TableSpec) -> dict[str, Any]:
    columns = spec.columns if spec.ordered else tuple(sorted(spec.columns, key=lambda column: column.name))
    return asdict(replace(spec, columns=tuple(map(_without_words, columns)), checks=spec.checks, ignored=()))


def _without_words(column: ColumnSpec) -> ColumnSpec:
    """The column without the sentences for its checks, which no verdict depends on."""
    return replace(column, checks=tuple(replace(check, error=None) for check in column.checks))
