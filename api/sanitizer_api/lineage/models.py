"""Tables of lineage: events as they came, and the graph that they make.

Keys of the graph are worked out from names (see ``keys``), so that a row is found, and referred to, without asking.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from sanitizer_api.db.base import Base, Keyed, Owned


class LineageEvent(Keyed, Owned, Base):
    """An event as it came.

    Args:
        kind: ``run``, ``job`` or ``dataset``.
        run_id: as the event has it.
        digest: SHA-256 (hex) of its content; the same event is kept once.
    """

    __tablename__ = "lineage_events"
    __table_args__ = (
        UniqueConstraint("organisation_id", "digest"),
        Index("ix_lineage_events_listed", "organisation_id", "event_time", "id"),
        Index("ix_lineage_events_run", "organisation_id", "run_id"),
    )

    event_time: Mapped[datetime]
    kind: Mapped[str]
    event_type: Mapped[str | None]
    run_id: Mapped[uuid.UUID | None]
    digest: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)


class Seen(MappedAsDataclass, kw_only=True):
    """Rows that events make: the key from names, and the times of the first and the last event that named it."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Described(MappedAsDataclass, kw_only=True):
    """Rows with facets: the newest of each name.

    Args:
        facet_times: of what moment each is.
    """

    facets: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    facet_times: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)


class LineageNamespace(Seen, Owned, Base):
    """A namespace of jobs or datasets."""

    __tablename__ = "lineage_namespaces"

    name: Mapped[str]
    owner: Mapped[str] = mapped_column(default="anonymous")
    description: Mapped[str | None] = mapped_column(default=None)
    hidden: Mapped[bool] = mapped_column(default=False)


class LineageJob(Seen, Described, Owned, Base):
    """A job.

    Args:
        current: the run (or the job's own key, for what a JobEvent said) whose datasets are the job's own now.
        hidden_at: when it was deleted; an event brings it back.
    """

    __tablename__ = "lineage_jobs"
    __table_args__ = (Index("ix_lineage_jobs_listed", "organisation_id", "namespace_id"),)

    namespace_id: Mapped[uuid.UUID]
    namespace: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    current: Mapped[uuid.UUID | None] = mapped_column(default=None)
    current_at: Mapped[datetime | None] = mapped_column(default=None)
    hidden_at: Mapped[datetime | None] = mapped_column(default=None)


class LineageDataset(Seen, Described, Owned, Base):
    """A dataset, as the newest events describe it.

    Args:
        fields: its columns, as the facet ``schema`` has them.
        version: the newest of its versions.
        modified_at: when a run that completed last wrote it.
    """

    __tablename__ = "lineage_datasets"
    __table_args__ = (Index("ix_lineage_datasets_listed", "organisation_id", "namespace_id"),)

    namespace_id: Mapped[uuid.UUID]
    namespace: Mapped[str]
    name: Mapped[str]
    fields: Mapped[list[Any]] = mapped_column(JSONB, default_factory=list)
    fields_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[uuid.UUID | None] = mapped_column(default=None)
    version_at: Mapped[datetime | None] = mapped_column(default=None)
    modified_at: Mapped[datetime | None] = mapped_column(default=None)
    hidden_at: Mapped[datetime | None] = mapped_column(default=None)


class LineageRun(Seen, Described, Owned, Base):
    """A run of a job.

    Args:
        run_id: as events have it; two organisations may have the same.
        job_facets: of its job, as its own events said.
    """

    __tablename__ = "lineage_runs"
    __table_args__ = (
        Index("ix_lineage_runs_job", "job_id", "created_at", "id"),
        Index("ix_lineage_runs_run", "organisation_id", "run_id"),
    )

    run_id: Mapped[uuid.UUID]
    job_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(default="NEW")
    state_at: Mapped[datetime | None] = mapped_column(default=None)
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    parent_run_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    job_facets: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    job_facet_times: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)


class LineageUse(Seen, Described, Owned, Base):
    """That a run read or wrote a dataset (or that a JobEvent says its job does).

    Args:
        run: the key of the run, or of the job.
        direction: ``input`` or ``output``.
        facets: the input or output facets.
        version: of the dataset, for what was written.
    """

    __tablename__ = "lineage_uses"

    run: Mapped[uuid.UUID] = mapped_column(index=True)
    job_id: Mapped[uuid.UUID]
    dataset_id: Mapped[uuid.UUID]
    direction: Mapped[str]
    version: Mapped[uuid.UUID | None] = mapped_column(default=None)


class LineageVersion(Seen, Described, Owned, Base):
    """A version of a dataset.

    Args:
        run: the key of the run that wrote it.
        written: whether it was written, or only described by an event without a run or by a reader.
    """

    __tablename__ = "lineage_versions"
    __table_args__ = (Index("ix_lineage_versions_dataset", "dataset_id", "created_at", "id"),)

    dataset_id: Mapped[uuid.UUID]
    run: Mapped[uuid.UUID | None] = mapped_column(default=None)
    written: Mapped[bool] = mapped_column(default=True)
    fields: Mapped[list[Any]] = mapped_column(JSONB, default_factory=list)
    fields_at: Mapped[datetime | None] = mapped_column(default=None)


class LineageLink(Owned, Base):
    """That a job ever used a dataset.

    Args:
        current: whether it does now.
        columns_at: the moment of its column lineage.
        columns_digest: of its column lineage; the same again writes no edges.
    """

    __tablename__ = "lineage_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    job_id: Mapped[uuid.UUID] = mapped_column(index=True)
    dataset_id: Mapped[uuid.UUID] = mapped_column(index=True)
    direction: Mapped[str]
    current: Mapped[bool] = mapped_column(default=False)
    columns_at: Mapped[datetime | None] = mapped_column(default=None)
    columns_digest: Mapped[str | None] = mapped_column(default=None)


class LineageColumn(Owned, Base):
    """That a column comes from another: an edge of a job's newest column lineage of a dataset.

    Args:
        link_id: of the job and the dataset that it writes.
        transformations: type, subtype, description and masking of each.
    """

    __tablename__ = "lineage_columns"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    link_id: Mapped[uuid.UUID] = mapped_column(index=True)
    output_id: Mapped[uuid.UUID] = mapped_column(index=True)
    output_field: Mapped[str]
    input_id: Mapped[uuid.UUID] = mapped_column(index=True)
    input_field: Mapped[str]
    transformations: Mapped[list[Any]] = mapped_column(JSONB, default_factory=list)


class LineageTag(Owned, Base):
    """A tag, with what it means."""

    __tablename__ = "lineage_tags"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None] = mapped_column(default=None)


class LineageTagged(Owned, Base):
    """That a job, a dataset or a column of one has a tag.

    Args:
        node_id: the key of the job or dataset.
        field: the column; empty: the whole.
    """

    __tablename__ = "lineage_tagged"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    node_id: Mapped[uuid.UUID] = mapped_column(index=True)
    field: Mapped[str]
    tag: Mapped[str]
