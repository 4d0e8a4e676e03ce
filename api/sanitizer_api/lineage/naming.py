"""What an event names: jobs, runs and datasets with their keys, before anything is looked up."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sanitizer_api.lineage.keys import dataset_key, job_key, key, namespace_key, run_key
from sanitizer_api.lineage.spec import AnyEvent, Dataset, DatasetEvent, Job, JobEvent, RunEvent

Direction = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Name:
    """A job or dataset by its names and keys."""

    id: uuid.UUID
    namespace_id: uuid.UUID
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedRun:
    """A run by its id and key."""

    id: uuid.UUID
    run_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Edge:
    """That a column comes from another."""

    output_field: str
    source: Name
    input_field: str
    transformations: list[Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A dataset as an event has it.

    Args:
        use, link: the keys of using it; ``None`` in an event of the dataset alone.
        version: the key of the version that the event writes or describes; ``None`` when it does neither.
        lineage: where its columns come from, as the facet has it; ``None`` when the event says nothing of it.
    """

    name: Name
    told: Dataset
    direction: Direction | None
    use: uuid.UUID | None
    link: uuid.UUID | None
    version: uuid.UUID | None
    fields: list[dict[str, Any]] | None
    lineage: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event and all that it names."""

    event: AnyEvent
    job: Name | None
    run: NamedRun | None
    parent_job: Name | None
    parent_run: NamedRun | None
    datasets: list[Named]

    @property
    def moment(self) -> datetime:
        return self.event.moment

    @property
    def owner(self) -> uuid.UUID | None:
        """The key under which uses are kept: of the run, or of the job when there is none."""
        return self.run.id if self.run else (self.job.id if self.job else None)


def named(organisation: uuid.UUID, event: AnyEvent) -> NamedEvent:
    """An event with the keys of what it names."""
    if isinstance(event, DatasetEvent):
        return NamedEvent(event, None, None, None, None, [_dataset(organisation, event.dataset, None, None, None)])
    job = job_name(organisation, event.job.namespace, event.job.name)
    run = NamedRun(run_key(organisation, event.run.run_id), event.run.run_id) if isinstance(event, RunEvent) else None
    parent_job, parent_run = _parent(organisation, event)
    datasets = list(_used(organisation, event, job, run))
    return NamedEvent(event, job, run, parent_job, parent_run, datasets)


def _used(organisation: uuid.UUID, event: JobEvent, job: Name, run: NamedRun | None) -> Iterator[Named]:
    owner = run.id if run else job.id
    yield from (_dataset(organisation, each, "input", owner, job) for each in event.inputs)
    yield from (_dataset(organisation, each, "output", owner, job) for each in event.outputs)


@lru_cache(maxsize=10_000)
def job_name(organisation: uuid.UUID, namespace: str, name: str) -> Name:
    """A job with its keys."""
    return Name(job_key(organisation, namespace, name), namespace_key(organisation, namespace), namespace, name)


@lru_cache(maxsize=10_000)
def dataset_name(organisation: uuid.UUID, namespace: str, name: str) -> Name:
    """A dataset with its keys."""
    return Name(dataset_key(organisation, namespace, name), namespace_key(organisation, namespace), namespace, name)


def _dataset(
    organisation: uuid.UUID, told: Dataset, direction: Direction | None, owner: uuid.UUID | None, job: Name | None
) -> Named:
    name = dataset_name(organisation, told.namespace, told.name)
    fields = _fields(told)
    return Named(
        name, told, direction,
        key(owner, name.id, direction) if owner else None,
        key(job.id, name.id, direction) if job else None,
        _version(name, direction, owner, fields),
        fields, _lineage(told) if direction == "output" else None,
    )  # fmt: skip


def _version(
    name: Name, direction: Direction | None, owner: uuid.UUID | None, fields: list[dict[str, Any]] | None
) -> uuid.UUID | None:
    """Each run that writes a dataset makes a version; who only describes it makes one for each set of fields."""
    if direction == "output":
        return key(owner, name.id, "version")
    return key(name.id, "described", digest_of(fields)) if fields is not None else None


def _fields(told: Dataset) -> list[dict[str, Any]] | None:
    fields = told.facets.get("schema", {}).get("fields")
    if not isinstance(fields, list):
        return None
    return [each for each in fields if isinstance(each, dict) and isinstance(each.get("name"), str)]


def _lineage(told: Dataset) -> dict[str, Any] | None:
    fields = told.facets.get("columnLineage", {}).get("fields")
    return fields if isinstance(fields, dict) else None


def edges(organisation: uuid.UUID, lineage: dict[str, Any]) -> Iterator[Edge]:
    """The column lineage of a facet as edges; what is of no known shape is passed over."""
    for name, field in lineage.items():
        yield from _edges_of(organisation, name, field)


def _edges_of(organisation: uuid.UUID, output: str, field: Any) -> Iterator[Edge]:
    told = field if isinstance(field, dict) else {}
    # How it was said before transformations stood with each input field.
    plain = {"type": told.get("transformationType"), "description": told.get("transformationDescription")}
    for each in told.get("inputFields") or []:
        texts = [each.get(part) for part in ("namespace", "name", "field")] if isinstance(each, dict) else []
        if len(texts) == 3 and all(isinstance(text, str) for text in texts):
            namespace, name, column = texts
            how = each.get("transformations") or ([plain] if any(plain.values()) else [])
            yield Edge(output, dataset_name(organisation, str(namespace), str(name)), str(column), how)


def _parent(organisation: uuid.UUID, event: JobEvent) -> tuple[Name | None, NamedRun | None]:
    """The job and run that a run is a part of; a facet of another shape than we know says nothing."""
    told = event.run.facets.get("parent") if isinstance(event, RunEvent) else None
    if not isinstance(told, dict):
        return None, None
    job, run = told.get("job"), told.get("run")
    try:
        of = Job.model_validate(job)
        run_id = uuid.UUID(str((run or {}).get("runId")))
    except (ValueError, AttributeError):
        return None, None
    return job_name(organisation, of.namespace, of.name), NamedRun(run_key(organisation, run_id), run_id)


def digest_of(told: Any) -> str:
    """SHA-256 (hex) of plain data."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
