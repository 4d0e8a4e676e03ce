"""What goes in and out of the routes of erasures."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sanitizer_api.identity.schemas import Body

Text = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class RowsWanted(Body):
    """Whose rows are to go."""

    column: Text = Field(description="As the input or the output of the runs has it.", examples=["email"])
    values: list[Text] = Field(
        min_length=1, max_length=100, description="What it holds of them, exactly.", examples=[["ada@example.com"]]
    )
    datasets: list[Text] | None = Field(
        default=None, max_length=1000, description="Only in runs of these datasets and in these, by name; else in all."
    )
    uploads: bool = Field(default=False, description="Also in the files that were uploaded.")
    reason: str | None = Field(default=None, max_length=2000, pattern=r"^[^\x00]*$", description="Without the value.")


class DatasetWanted(Body):
    """Which dataset is to go, with the files of all its runs."""

    dataset: uuid.UUID
    reason: str | None = Field(default=None, max_length=2000, pattern=r"^[^\x00]*$")


class Verify(Body):
    """A value that may have been erased."""

    value: Text


class Verified(BaseModel):
    """Whether it was one of those."""

    erased: bool


class ErasureView(BaseModel):
    """A receipt. It holds no value that was erased."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    kind: str
    subject: str = Field(description="The column, or the id of the dataset.")
    values: list[str] = Field(description="Digests of the values, under a key of the registry's.")
    reason: str | None
    requested_by: uuid.UUID
    created_at: datetime
    finished_at: datetime | None = Field(
        description="`null`: it is under way, or was interrupted; then ask for it again."
    )
    digest: str | None = Field(description="SHA-256 (hex) of the receipt; the audit log has it too.")
    receipt: dict[str, Any]
