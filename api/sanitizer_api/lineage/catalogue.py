"""Routes of namespaces, and of the jobs and datasets in them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from sanitizer_api.audit.trail import note
from sanitizer_api.identity.caller import OwnSession, Publisher, Reader
from sanitizer_api.lineage import repository
from sanitizer_api.lineage.endpoints import Limit, Offset
from sanitizer_api.lineage.keys import dataset_key, job_key, namespace_key
from sanitizer_api.lineage.models import LineageDataset, LineageJob
from sanitizer_api.lineage.paths import EncodedRoute, OffsetRoute
from sanitizer_api.lineage.telling import dataset_views, job_views, namespace_view, run_views, version_views
from sanitizer_api.lineage.views import (
    Datasets,
    DatasetVersions,
    DatasetVersionView,
    DatasetView,
    Jobs,
    JobView,
    Namespaces,
    Runs,
)
from sanitizer_api.problems import NotFoundError

router = APIRouter(tags=["lineage"], route_class=EncodedRoute)
shared = APIRouter(tags=["lineage"], route_class=OffsetRoute)
"""Paths that are ours too; requests with ``offset`` are for these."""
JOB = "/namespaces/{namespace}/jobs/{job}"
DATASET = "/namespaces/{namespace}/datasets/{dataset}"
Part = Annotated[str, Path(min_length=1, max_length=10_000)]
States = Annotated[list[str], Query(alias="lastRunStates", max_length=10)]


async def known_job(namespace: Part, job: Part, known: Reader, session: OwnSession) -> LineageJob:
    """The job of a path."""
    found = await repository.job(session, job_key(known.organisation, namespace, job))
    if found is None:
        raise NotFoundError("there is no such job")
    return found


async def known_dataset(namespace: Part, dataset: Part, known: Reader, session: OwnSession) -> LineageDataset:
    """The dataset of a path."""
    found = await repository.dataset(session, dataset_key(known.organisation, namespace, dataset))
    if found is None:
        raise NotFoundError("there is no such dataset")
    return found


KnownJob = Annotated[LineageJob, Depends(known_job)]
KnownDataset = Annotated[LineageDataset, Depends(known_dataset)]


@router.get("/namespaces")
async def namespaces(known: Reader, session: OwnSession) -> Namespaces:
    """Every namespace."""
    return Namespaces(namespaces=[namespace_view(row) for row in await repository.namespaces(session)])


@shared.get("/jobs", include_in_schema=False)
async def all_jobs(
    known: Reader, session: OwnSession, states: States = [], limit: Limit = 100, offset: Offset = 0  # noqa: B006
) -> Jobs:  # fmt: skip
    """Jobs of every namespace."""
    return await _jobs(session, None, states, limit, offset)


@router.get("/namespaces/{namespace}/jobs")
async def jobs(
    namespace: Part, known: Reader, session: OwnSession, states: States = [], limit: Limit = 100, offset: Offset = 0  # noqa: B006
) -> Jobs:  # fmt: skip
    """Jobs of a namespace, those that changed last first."""
    return await _jobs(session, namespace_key(known.organisation, namespace), states, limit, offset)


async def _jobs(session: OwnSession, namespace: uuid.UUID | None, states: list[str], limit: int, offset: int) -> Jobs:
    rows, total = await repository.jobs(session, namespace, states, limit, offset)
    return Jobs(jobs=await job_views(session, rows), total_count=total)


@router.get(JOB)
async def job(found: KnownJob, session: OwnSession) -> JobView:
    """A job."""
    (view,) = await job_views(session, [found])
    return view


@router.delete(JOB)
async def delete_job(known: Publisher, found: KnownJob, session: OwnSession) -> JobView:
    """Takes a job out of the graph; its next event brings it back."""
    (view,) = await job_views(session, [found])
    # Whoever writes down who did what waits for others that do; rows are changed after, so that nobody waits in a ring.
    await note(session, known.organisation, known.user, "delete-lineage-job", f"job:{found.namespace}:{found.name}")
    found.hidden_at = datetime.now(UTC)
    return view


@router.get(f"{JOB}/runs")
async def runs(found: KnownJob, session: OwnSession, limit: Limit = 100, offset: Offset = 0) -> Runs:
    """Runs of a job, the newest first."""
    rows, total = await repository.runs(session, found.id, limit, offset)
    return Runs(runs=await run_views(session, rows), total_count=total)


@router.get("/namespaces/{namespace}/datasets")
async def datasets(
    namespace: Part, known: Reader, session: OwnSession, limit: Limit = 100, offset: Offset = 0
) -> Datasets:
    """Datasets of a namespace, those that changed last first."""
    key = namespace_key(known.organisation, namespace)
    rows, total = await repository.datasets(session, key, limit, offset)
    return Datasets(datasets=await dataset_views(session, rows), total_count=total)


@router.get(DATASET)
async def dataset(found: KnownDataset, session: OwnSession) -> DatasetView:
    """A dataset, with what its columns come from."""
    (view,) = await dataset_views(session, [found])
    return view


@router.delete(DATASET)
async def delete_dataset(known: Publisher, found: KnownDataset, session: OwnSession) -> DatasetView:
    """Takes a dataset out of the graph; its next event brings it back. The data itself is not touched."""
    (view,) = await dataset_views(session, [found])
    subject = f"dataset:{found.namespace}:{found.name}"
    await note(session, known.organisation, known.user, "delete-lineage-dataset", subject)
    found.hidden_at = datetime.now(UTC)
    return view


@router.get(f"{DATASET}/versions")
async def versions(found: KnownDataset, session: OwnSession, limit: Limit = 100, offset: Offset = 0) -> DatasetVersions:
    """Versions of a dataset, the newest first."""
    rows, total = await repository.versions(session, found.id, limit, offset)
    return DatasetVersions(versions=await version_views(session, found, rows), total_count=total)


@router.get(f"{DATASET}/versions/{{version}}")
async def version(found: KnownDataset, version: uuid.UUID, session: OwnSession) -> DatasetVersionView:
    """A version of a dataset."""
    row = await repository.version(session, found.id, version)
    if row is None:
        raise NotFoundError("there is no such version")
    (view,) = await version_views(session, found, [row])
    return view
