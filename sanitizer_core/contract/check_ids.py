"""The ids that checks are called by: ``column.check``, and ``table.check`` for the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sanitizer_core.contract.canonical import canonical_id
from sanitizer_core.contract.spec import CheckSpec, TableSpec
from sanitizer_core.contract.vocabulary import TABLE, numbered
from sanitizer_core.errors import did_you_mean

Unknown = tuple[str, str, str, str | None]
"""Which part of the contract, the name in it, a message, and a hint."""


def column_check_ids(column: str, checks: Iterable[CheckSpec]) -> list[str]:
    """The ids of a column's checks, in their order; the second of a name gets ``#2``."""
    return numbered([f"{column}.{check.label or check.name}" for check in checks])


def table_check_ids(checks: Iterable[CheckSpec]) -> list[str]:
    """The ids of the checks of the whole table."""
    return column_check_ids(TABLE, checks)


def unique_ids(count: int) -> list[str]:
    """The ids of sets of columns that are unique together."""
    return numbered([f"{TABLE}.unique"] * count)


def ids_of(spec: TableSpec) -> list[str]:
    """Every id that a severity or threshold may name."""
    ids = (
        [f"{TABLE}.{part}" for part in ("strict", "ordered")]
        + unique_ids(len(spec.unique))
        + table_check_ids(spec.checks)
    )
    for column in spec.columns:
        ids += [f"{column.name}.{part}" for part in ("required", "dtype", "nullable", "unique")]
        ids += column_check_ids(column.name, column.checks)
    return ids


def unknown_names(
    spec: TableSpec, severities: Mapping[str, Any], thresholds: Mapping[str, Any], table: Sequence[str] | None = None
) -> Iterator[Unknown]:
    """Names that no check has.

    Args:
        table: the ids of an actual table, where there is one: only there a pattern of names has its columns.
    """
    if any(column.regex for column in spec.columns) and table is None:
        return
    ids = {*ids_of(spec), *(table or ())}
    columns = {column.name for column in spec.columns} | {each.rpartition(".")[0] for each in table or ()}
    for part, given, known in (("severities", severities, ids | columns), ("thresholds", thresholds, ids)):
        for name in given:
            if name not in known and canonical_id(name) not in known:
                yield (
                    part,
                    name,
                    f"{part!r} names the check {name!r}, which is not in the schema",
                    did_you_mean(name, known),
                )
