"""What goes in and out of the routes of jobs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sanitizer_api.identity.schemas import Body, Name
from sanitizer_api.queue.models import JobState


class Options(Body):
    """How a dataset is cleaned, instead of as the recipe says."""

    audit: Literal["cells", "summary", "none"] | None = Field(default=None, description="How changes are logged.")
    strict: bool = Field(
        default=False, description="Fail at the first row that cannot be read, instead of rejecting it."
    )
    fitted: uuid.UUID | None = Field(
        default=None,
        description="A run of this very recipe, whose fitted values are used; without it, they are measured anew.",
    )


class JobRequest(Body):
    """A dataset that is to be cleaned by a recipe."""

    dataset: Name = Field(description="The name or the id of a dataset.", examples=["customers"])
    recipe: Name = Field(description="The name of a recipe.", examples=["customers"])
    version: int | None = Field(
        default=None, ge=1, lt=10**9, description="Its version; else the label's, else the newest."
    )
    label: Name | None = Field(
        default=None, description="The label that stands at the version.", examples=["production"]
    )
    contract: Name | None = Field(
        default=None,
        description="The name of a contract, or `name@version`, or `name@label`; else the recipe's own.",
        examples=["customers_clean@2"],
    )
    options: Options = Options()

    @model_validator(mode="after")
    def _one_version(self) -> JobRequest:
        if self.version is not None and self.label is not None:
            raise ValueError("give a version or a label, not both")
        return self


class DatasetRef(Body):
    """Which dataset; its name is as it was then."""

    id: uuid.UUID
    name: str


class VersionRef(Body):
    """Which version of a recipe or a contract."""

    version_id: uuid.UUID
    name: str
    version: int
    digest: str


class Cleaning(Body):
    """What a job of the kind `run` does: labels were resolved when it was asked for."""

    dataset: DatasetRef
    recipe: VersionRef
    contract: VersionRef | None = None
    options: Options = Options()


class JobView(BaseModel):
    """A job, and how far it is.

    Args:
        percent: of the phase, from 0 to 100; `null` when nobody knows.
        rows: rows of the input, once they are counted.
        attempt: which attempt runs or ran last, from 1.
        cancel_requested_at: since when it is to be cancelled; it stops at once, or when it would begin.
        problem: why the last attempt failed.
        run_id: the run that came of it.
    """

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    kind: str
    state: JobState
    wanted: dict[str, Any]
    phase: str | None
    percent: float | None
    rows: int | None
    attempt: int
    most_attempts: int
    worker: str | None
    problem: dict[str, Any] | None
    result: dict[str, Any] | None
    run_id: uuid.UUID | None
    requested_by: uuid.UUID
    created_at: datetime
    started_at: datetime | None
    next_attempt_at: datetime | None
    cancel_requested_at: datetime | None
    finished_at: datetime | None
