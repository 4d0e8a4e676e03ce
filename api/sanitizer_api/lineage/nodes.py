"""Ids of nodes: ``job:NAMESPACE:NAME``, ``dataset:NAMESPACE:NAME``, ``datasetField:NAMESPACE:NAME:FIELD``.

Namespaces, names and fields may hold colons themselves, so that an id can be read in several ways: the one that names
what is there counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.lineage import repository
from sanitizer_api.lineage.keys import dataset_key, job_key
from sanitizer_api.lineage.models import LineageDataset, LineageJob
from sanitizer_api.problems import ApiError, NotFoundError

FORMS = "job:NAMESPACE:NAME, dataset:NAMESPACE:NAME, datasetField:NAMESPACE:NAME:FIELD"


@dataclass(frozen=True)
class Node:
    """What an id names: a job, or a dataset, perhaps one column of it."""

    job: LineageJob | None = None
    dataset: LineageDataset | None = None
    field: str | None = None


def job_id(row: LineageJob) -> str:
    """The id of a job's node."""
    return f"job:{row.namespace}:{row.name}"


def dataset_id(row: LineageDataset) -> str:
    """The id of a dataset's node."""
    return f"dataset:{row.namespace}:{row.name}"


def field_id(row: LineageDataset, field: str) -> str:
    """The id of a column's node."""
    return f"datasetField:{row.namespace}:{row.name}:{field}"


async def found(session: AsyncSession, organisation: uuid.UUID, text: str) -> Node:
    """The node of an id; a version (``#…``) at its end is passed over.

    Raises:
        ApiError: it is no id of a node.
        NotFoundError: there is no such node.
    """
    kind, _, rest = text.partition(":")
    if kind not in ("job", "dataset", "datasetField") or ":" not in rest:
        raise ApiError(f"{text!r} is no id of a node", hint=f"It looks like: {FORMS}.")
    for each in dict.fromkeys((rest, _without_version(rest))):
        node = await _found(session, organisation, kind, each)
        if node is not None:
            return node
    raise NotFoundError("there is no such node", hint="See /search for what there is.")


def _without_version(rest: str) -> str:
    name, _, version = rest.rpartition("#")
    try:
        uuid.UUID(version)
    except ValueError:
        return rest
    return name


async def _found(session: AsyncSession, organisation: uuid.UUID, kind: str, rest: str) -> Node | None:
    if kind == "job":
        jobs = await repository.jobs_by_key(session, {job_key(organisation, *pair) for pair in _pairs(rest)})
        return Node(job=next(iter(jobs.values()))) if jobs else None
    if kind == "dataset":
        rows = await repository.datasets_by_key(session, {dataset_key(organisation, *pair) for pair in _pairs(rest)})
        return Node(dataset=next(iter(rows.values()))) if rows else None
    ways = {
        (dataset_key(organisation, *pair), field): field for name, field in _pairs(rest) for pair in _pairs(name)
    }  # fmt: skip
    rows = await repository.datasets_by_key(session, {dataset for dataset, _ in ways})
    there = [Node(dataset=rows[dataset], field=field) for dataset, field in ways if dataset in rows]
    return next((each for each in there if _has(each)), there[0] if there else None)


def _has(node: Node) -> bool:
    return node.dataset is not None and any(each["name"] == node.field for each in node.dataset.fields)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Every way to read a text as two that a colon holds apart."""
    parts = text.split(":")
    for at in range(1, len(parts)):
        yield ":".join(parts[:at]), ":".join(parts[at:])
