"""What goes in and out of the routes of datasets."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sanitizer_api.identity.schemas import Body

DatasetName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        pattern=r"^[\w(][\w .()+@=-]*$",
        description="Letters, digits, spaces and `_ . ( ) + @ = -`; the first a letter, a digit, `_` or `(`.",
        examples=["customers"],
    ),
]


class Registration(Body):
    """A table that lies somewhere."""

    name: DatasetName
    address: str = Field(
        min_length=1,
        max_length=4000,
        pattern=r"^[^\x00]*$",
        description="`s3://…`, `gs://…`, `az://…`, `https://…` or `postgresql://host/database?table=schema.name`. "
        "Credentials in it are kept encrypted and never shown.",
        examples=["s3://lake/customers.parquet"],
    )


class DatasetView(BaseModel):
    """A dataset. The address holds no credential."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    name: str
    address: str
    content_type: str | None
    format: str | None
    compression: str | None
    size: int | None
    digest: str | None
    registered_by: uuid.UUID
    created_at: datetime
    deleted_at: datetime | None
