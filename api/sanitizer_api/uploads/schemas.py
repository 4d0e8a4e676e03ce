"""What goes in and out of the routes of uploads."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sanitizer_api.datasets.schemas import DatasetName
from sanitizer_api.identity.schemas import Body

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, in hexadecimal digits.")]
LEAST_PART, MOST_PARTS = 5 << 20, 10_000
"""What S3 asks of parts, and so the registry."""


class Announcement(Body):
    """A file that is to come."""

    name: DatasetName = Field(description="Of the dataset that it becomes.")
    file: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        pattern=r"^[^/\\\x00-\x1f\x7f]+$",
        description="What the file is called, without a path; for people. What it is, its content tells.",
        examples=["customers.csv"],
    )
    size: int = Field(ge=0, description="In bytes.", examples=[20_971_520])
    digest: Digest | None = Field(default=None, description="SHA-256 (hex) of the whole; it is held against it.")
    part_size: int | None = Field(
        default=None,
        ge=LEAST_PART,
        description="Of every part but the last, in bytes; left out, one that gives no more than 10,000 parts.",
    )


class PartView(BaseModel):
    """A part that is there."""

    number: int
    size: int
    digest: str | None = Field(description="SHA-256 (hex), of one that came through the registry.")
    etag: str | None = Field(description="The bucket's own name for its content.")


class UploadBrief(BaseModel):
    """A file on its way."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    name: str
    file: str
    size: int
    digest: str | None
    part_size: int
    parts: int
    started_by: uuid.UUID
    created_at: datetime
    finished_at: datetime | None = Field(description="Since when it is a dataset, under the same id.")


class UploadView(UploadBrief):
    """A file on its way, with what is there of it."""

    there: list[PartView]
    missing: list[int] = Field(description="The numbers of parts that are not there, the first thousand.")


class Numbers(Body):
    """Parts that are to be sent."""

    numbers: list[Annotated[int, Field(ge=1, le=MOST_PARTS)]] = Field(min_length=1, max_length=1000, examples=[[1, 2]])


class PartUrl(BaseModel):
    """Where to PUT a part, without a token."""

    number: int
    size: int
    url: str


class PartUrls(BaseModel):
    """Where to PUT parts."""

    items: list[PartUrl]
    expires_at: datetime


class Completion(Body):
    """That all parts are there."""

    digest: Digest | None = None
    name: DatasetName | None = Field(default=None, description="Another name for the dataset, when the first is taken.")
