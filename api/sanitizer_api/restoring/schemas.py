"""What goes into the routes of restoring, and what a job of it does."""

from __future__ import annotations

import uuid

from pydantic import Field

from sanitizer_api.datasets.schemas import DatasetName
from sanitizer_api.identity.schemas import Body
from sanitizer_api.runs.streaming import Format


class Restoration(Body):
    """What the input of a run becomes."""

    name: DatasetName = Field(description="Of the dataset that it becomes.", examples=["customers-restored"])
    format: Format = "parquet"


class Restored(Restoration):
    """What a job of the kind `restore` does."""

    run: uuid.UUID
