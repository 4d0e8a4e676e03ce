"""From rows to what Marquez tells of jobs, runs and datasets."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.lineage import repository
from sanitizer_api.lineage.keys import key
from sanitizer_api.lineage.models import (
    LineageColumn,
    LineageDataset,
    LineageJob,
    LineageNamespace,
    LineageRun,
    LineageUse,
    LineageVersion,
)
from sanitizer_api.lineage.views import (
    ColumnLineageView,
    DatasetVersionView,
    DatasetView,
    FieldView,
    InputFieldView,
    JobView,
    NamespaceView,
    NameView,
    RunView,
    UsedVersion,
    VersionId,
)

SOURCE = "default"
"""What the source of a dataset is called when no event said."""
Tagged = Mapping[tuple[uuid.UUID, str], list[str]]


def namespace_view(row: LineageNamespace) -> NamespaceView:
    """A namespace."""
    return NamespaceView(
        name=row.name, created_at=row.created_at, updated_at=row.updated_at, owner_name=row.owner,
        description=row.description, is_hidden=row.hidden,
    )  # fmt: skip


def said(facets: Mapping[str, Any], facet: str, name: str) -> str | None:
    """A text of a facet, when it says one."""
    told = facets.get(facet)
    value = told.get(name) if isinstance(told, dict) else None
    return value if isinstance(value, str) else None


def run_view(row: LineageRun) -> RunView:
    """A run, without what it read and wrote."""
    took = (row.ended_at - row.started_at).total_seconds() if row.ended_at and row.started_at else None
    return RunView(
        id=row.run_id, created_at=row.created_at, updated_at=row.updated_at,
        nominal_start_time=said(row.facets, "nominalTime", "nominalStartTime"),
        nominal_end_time=said(row.facets, "nominalTime", "nominalEndTime"), state=row.state,
        started_at=row.started_at, ended_at=row.ended_at, duration_ms=None if took is None else int(took * 1000),
        facets=row.facets,
    )  # fmt: skip


async def run_views(session: AsyncSession, rows: Sequence[LineageRun]) -> list[RunView]:
    """Runs, with the versions of datasets that they read and wrote."""
    uses = await repository.uses(session, [row.id for row in rows])
    jobs = await repository.jobs_by_key(session, {row.job_id for row in rows})
    used = {use.dataset_id for each in uses.values() for use in each}
    datasets = await repository.datasets_by_key(session, used)
    return [_whole(row, jobs.get(row.job_id), uses[row.id], datasets) for row in rows]


def _whole(
    row: LineageRun, job: LineageJob | None, uses: list[LineageUse], datasets: Mapping[uuid.UUID, LineageDataset]
) -> RunView:
    known = [use for use in uses if use.dataset_id in datasets]
    view = run_view(row)
    view.input_dataset_versions = [_used(each, datasets) for each in known if each.direction == "input"]
    view.output_dataset_versions = [_used(each, datasets) for each in known if each.direction == "output"]
    if job is not None:
        version = _job_version(job.id, [(each.dataset_id, each.direction) for each in known])
        view.job_version = VersionId(namespace=job.namespace, name=job.name, version=version)
    return view


def _job_version(job: uuid.UUID, used: Iterable[tuple[uuid.UUID, str]]) -> uuid.UUID:
    """A job has another version when it uses other datasets."""
    return key(job, "version", *sorted({f"{direction} {dataset}" for dataset, direction in used}))


def _used(use: LineageUse, datasets: Mapping[uuid.UUID, LineageDataset]) -> UsedVersion:
    dataset = datasets[use.dataset_id]
    version = use.version or dataset.version or dataset.id
    return UsedVersion(
        dataset_version_id=VersionId(namespace=dataset.namespace, name=dataset.name, version=version),
        facets=use.facets,
    )


async def job_views(session: AsyncSession, rows: Sequence[LineageJob]) -> list[JobView]:
    """Jobs, with their last runs and what they use now."""
    keys = [row.id for row in rows]
    runs = await repository.last_runs(session, keys)
    links = await repository.links(session, jobs=keys)
    datasets = await repository.datasets_by_key(session, {each.dataset_id for each in links})
    parents = await repository.jobs_by_key(session, {row.parent_id for row in rows if row.parent_id})
    tags = await repository.tagged(session, keys)
    used: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = defaultdict(list)
    for each in links:
        if each.dataset_id in datasets:
            used[each.job_id].append((each.dataset_id, each.direction))
    return [
        _job(row, parents.get(row.parent_id or row.id), used[row.id], datasets, [run_view(each) for each in runs[row.id]],
             tags.get((row.id, ""), []))
        for row in rows
    ]  # fmt: skip


def _job(
    row: LineageJob, parent: LineageJob | None, used: list[tuple[uuid.UUID, str]],
    datasets: Mapping[uuid.UUID, LineageDataset], runs: list[RunView], tags: list[str],
) -> JobView:  # fmt: skip
    prefix = f"{parent.name}." if parent else ""
    return JobView(
        id=NameView(namespace=row.namespace, name=row.name), type=_type(row), name=row.name,
        simple_name=row.name.removeprefix(prefix) or row.name, namespace=row.namespace,
        parent_job_name=parent.name if parent else None, parent_job_uuid=parent.id if parent else None,
        created_at=row.created_at, updated_at=row.updated_at, inputs=_names(used, "input", datasets),
        outputs=_names(used, "output", datasets), location=said(row.facets, "sourceCodeLocation", "url"),
        description=said(row.facets, "documentation", "description"),
        current_version=_job_version(row.id, used), latest_run=runs[0] if runs else None, latest_runs=runs, tags=tags,
        facets=row.facets,
    )  # fmt: skip


def _type(row: LineageJob) -> Literal["BATCH", "STREAM", "SERVICE"]:
    told = (said(row.facets, "jobType", "processingType") or "").upper()
    return "STREAM" if told.startswith("STREAM") else "BATCH"


def _names(
    used: list[tuple[uuid.UUID, str]], direction: str, datasets: Mapping[uuid.UUID, LineageDataset]
) -> list[NameView]:
    rows = [datasets[dataset] for dataset, how in used if how == direction]
    return [
        NameView(namespace=row.namespace, name=row.name) for row in sorted(rows, key=lambda each: (each.namespace, each.name))
    ]  # fmt: skip


async def dataset_views(session: AsyncSession, rows: Sequence[LineageDataset]) -> list[DatasetView]:
    """Datasets, with what their columns come from."""
    keys = [row.id for row in rows]
    edges = await repository.edges_into(session, keys)
    sources = await repository.datasets_by_key(session, {each.input_id for each in edges})
    tags = await repository.tagged(session, keys)
    columns: dict[uuid.UUID, dict[str, list[InputFieldView]]] = defaultdict(lambda: defaultdict(list))
    for each in edges:
        if each.input_id in sources:
            columns[each.output_id][each.output_field].append(input_field(each, sources[each.input_id]))
    return [_dataset(row, columns[row.id], tags) for row in rows]


def _dataset(row: LineageDataset, columns: Mapping[str, list[InputFieldView]], tags: Tagged) -> DatasetView:
    return DatasetView(
        id=NameView(namespace=row.namespace, name=row.name), name=row.name, physical_name=row.name,
        namespace=row.namespace, created_at=row.created_at, updated_at=row.updated_at,
        source_name=said(row.facets, "dataSource", "name") or SOURCE, fields=_fields(row.fields, row.id, tags),
        tags=tags.get((row.id, ""), []), last_modified_at=row.modified_at,
        last_lifecycle_state=said(row.facets, "lifecycleStateChange", "lifecycleStateChange"),
        description=said(row.facets, "documentation", "description"), current_version=row.version,
        column_lineage=[ColumnLineageView(name=name, input_fields=found) for name, found in columns.items()],
        facets=row.facets, deleted=row.hidden_at is not None,
    )  # fmt: skip


def _fields(fields: list[Any], key: uuid.UUID, tags: Tagged) -> list[FieldView]:
    return [
        FieldView(
            name=each["name"], type=_text(each.get("type")), description=_text(each.get("description")),
            tags=tags.get((key, each["name"]), []),
        )
        for each in fields
    ]  # fmt: skip


def _text(told: Any) -> str | None:
    return told if isinstance(told, str) else None


def input_field(edge: LineageColumn, source: LineageDataset) -> InputFieldView:
    """The column that another comes from; of several transformations, Marquez has room for one."""
    first = next((each for each in edge.transformations if isinstance(each, dict)), {})
    return InputFieldView(
        namespace=source.namespace, dataset=source.name, dataset_version=source.version, field=edge.input_field,
        transformation_description=_text(first.get("description")),
        transformation_type=_text(first.get("subtype")) or _text(first.get("type")),
        transformations=edge.transformations,
    )  # fmt: skip


async def version_views(
    session: AsyncSession, dataset: LineageDataset, rows: Sequence[LineageVersion]
) -> list[DatasetVersionView]:
    """Versions of a dataset, with the runs that made them."""
    runs = await repository.runs_by_key(session, {row.run for row in rows if row.run})
    ordered = list(runs.values())
    views = dict(zip((each.id for each in ordered), await run_views(session, ordered), strict=True))
    tags = await repository.tagged(session, [dataset.id])
    return [
        DatasetVersionView(
            id=VersionId(namespace=dataset.namespace, name=dataset.name, version=row.id), name=dataset.name,
            physical_name=dataset.name, namespace=dataset.namespace, created_at=row.created_at, version=row.id,
            source_name=said(row.facets, "dataSource", "name") or SOURCE,
            fields=_fields(row.fields, dataset.id, tags), tags=tags.get((dataset.id, ""), []),
            last_modified_at=row.updated_at, description=said(row.facets, "documentation", "description"),
            lifecycle_state=said(row.facets, "lifecycleStateChange", "lifecycleStateChange"),
            created_by_run=views.get(row.run or row.id), facets=row.facets,
        )
        for row in rows
    ]  # fmt: skip
