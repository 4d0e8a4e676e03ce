"""Routes of tags: on jobs, datasets and columns."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.identity.caller import OwnSession, Publisher, Reader
from sanitizer_api.lineage.catalogue import DATASET, JOB, KnownDataset, KnownJob, Part
from sanitizer_api.lineage.keys import key
from sanitizer_api.lineage.models import LineageTag, LineageTagged
from sanitizer_api.lineage.paths import EncodedRoute
from sanitizer_api.lineage.telling import dataset_views, job_views
from sanitizer_api.lineage.views import DatasetView, JobView, Tags, TagView
from sanitizer_api.problems import NotFoundError

router = APIRouter(tags=["lineage"], route_class=EncodedRoute)
Tag = Annotated[str, Path(min_length=1, max_length=1000)]
FIELD = f"{DATASET}/fields/{{field}}/tags/{{tag}}"


class TagText(BaseModel):
    """What a tag means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str | None = Field(default=None, max_length=10_000, examples=["Holds data about persons"])


@router.get("/tags")
async def tags(known: Reader, session: OwnSession) -> Tags:
    """Every tag, by name."""
    rows = await session.scalars(select(LineageTag).order_by(LineageTag.name))
    return Tags(tags=[TagView(name=row.name, description=row.description) for row in rows])


@router.put("/tags/{tag}")
async def describe(tag: Tag, told: TagText, known: Publisher, session: OwnSession) -> TagView:
    """Makes a tag, or says anew what it means."""
    await note(session, known.organisation, known.user, "describe-tag", f"tag:{tag}")
    row = _tag(known.organisation, tag) | {"description": told.description}
    statement = insert(LineageTag).values(row)
    changed = statement.on_conflict_do_update(index_elements=["id"], set_={"description": told.description})
    await session.execute(changed)
    return TagView(name=tag, description=told.description)


@router.post(f"{JOB}/tags/{{tag}}")
async def tag_job(known: Publisher, found: KnownJob, tag: Tag, session: OwnSession) -> JobView:
    """Gives a job a tag."""
    await _put(session, known, found.id, "", tag)
    (view,) = await job_views(session, [found])
    return view


@router.delete(f"{JOB}/tags/{{tag}}")
async def untag_job(known: Publisher, found: KnownJob, tag: Tag, session: OwnSession) -> JobView:
    """Takes a tag off a job."""
    await _take(session, known, found.id, "", tag)
    (view,) = await job_views(session, [found])
    return view


@router.post(f"{DATASET}/tags/{{tag}}")
async def tag_dataset(known: Publisher, found: KnownDataset, tag: Tag, session: OwnSession) -> DatasetView:
    """Gives a dataset a tag."""
    await _put(session, known, found.id, "", tag)
    (view,) = await dataset_views(session, [found])
    return view


@router.delete(f"{DATASET}/tags/{{tag}}")
async def untag_dataset(known: Publisher, found: KnownDataset, tag: Tag, session: OwnSession) -> DatasetView:
    """Takes a tag off a dataset."""
    await _take(session, known, found.id, "", tag)
    (view,) = await dataset_views(session, [found])
    return view


@router.post(FIELD)
async def tag_field(known: Publisher, found: KnownDataset, field: Part, tag: Tag, session: OwnSession) -> DatasetView:
    """Gives a column a tag."""
    if not any(each["name"] == field for each in found.fields):
        raise NotFoundError("the dataset has no such column")
    await _put(session, known, found.id, field, tag)
    (view,) = await dataset_views(session, [found])
    return view


@router.delete(FIELD)
async def untag_field(known: Publisher, found: KnownDataset, field: Part, tag: Tag, session: OwnSession) -> DatasetView:
    """Takes a tag off a column."""
    await _take(session, known, found.id, field, tag)
    (view,) = await dataset_views(session, [found])
    return view


def _tag(organisation: uuid.UUID, tag: str) -> dict[str, object]:
    return {"id": key(organisation, "tag", tag), "organisation_id": organisation, "name": tag}


async def _put(session: OwnSession, known: Caller, node: uuid.UUID, field: str, tag: str) -> None:
    await note(session, known.organisation, known.user, "tag", f"node:{node}", field=field, tag=tag)
    await session.execute(insert(LineageTag).values(_tag(known.organisation, tag)).on_conflict_do_nothing())
    row = {
        "id": key(node, field, "tagged", tag), "organisation_id": known.organisation, "node_id": node, "field": field,
        "tag": tag,
    }  # fmt: skip
    await session.execute(insert(LineageTagged).values(row).on_conflict_do_nothing())


async def _take(session: OwnSession, known: Caller, node: uuid.UUID, field: str, tag: str) -> None:
    await note(session, known.organisation, known.user, "untag", f"node:{node}", field=field, tag=tag)
    wanted = (LineageTagged.node_id == node, LineageTagged.field == field, LineageTagged.tag == tag)
    await session.execute(delete(LineageTagged).where(*wanted))
