"""What goes in and out of the routes of recipes and contracts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sanitizer_api.identity.schemas import Body, Name

LabelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$", examples=["production"])]


class Publication(Body):
    """A version to be published."""

    text: str = Field(
        max_length=1_000_000,
        description="The file, YAML or JSON.",
        examples=["name: customers\nversion: 1\nsteps:\n  - op: clean_text\n"],
    )
    note: str | None = Field(default=None, max_length=2000, description="What is new.")
    next: bool = Field(default=False, description="Take the next free number, whatever number the file says.")


class Draft(Body):
    """A file that is to be looked at."""

    text: str = Field(max_length=1_000_000)


class Finding(BaseModel):
    """What is wrong with a file, where, and what to do about it."""

    message: str
    hint: str | None = None
    where: dict[str, Any] = {}


class Findings(BaseModel):
    """Everything that is wrong with a file; nothing, when it is fine."""

    problems: list[Finding]


class VersionBrief(BaseModel):
    """A version, without what it says."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    digest: str
    note: str | None
    created_at: datetime
    published_by: uuid.UUID
    deprecated_at: datetime | None
    deprecated_why: str | None


class VersionView(VersionBrief):
    """A version, whole."""

    name: str
    labels: list[str]
    content: dict[str, Any]
    text: str


class DefinitionView(BaseModel):
    """A recipe or a contract: its newest version, and where its labels stand."""

    name: str
    latest: int
    labels: dict[str, int]
    created_at: datetime


class LabelTarget(Body):
    """Where a label shall stand."""

    version: int = Field(ge=1)


class LabelMoveView(BaseModel):
    """A move of a label; ``None`` before it was there, and after it was taken away."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    before: int | None
    after: int | None
    moved_by: uuid.UUID
    created_at: datetime


class Deprecation(Body):
    """Why a version should no longer be used."""

    reason: str = Field(min_length=1, max_length=2000)


class CloneTarget(Body):
    """The name of a clone."""

    name: Name


class Difference(BaseModel):
    """One difference between two versions.

    Args:
        path: where, such as ``steps.2.params.columns``.
        change: ``added``, ``removed`` or ``changed``.
    """

    path: str
    change: str
    before: Any = None
    after: Any = None


class Comparison(BaseModel):
    """Two versions side by side: for programs, and as a unified diff for people."""

    before: int
    after: int
    same_meaning: bool = Field(description="Whether their digests agree.")
    differences: list[Difference]
    text: str
