"""What the routes of lineage answer, in the names and shapes that Marquez has given them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class View(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class NameView(View):
    """What a job or dataset is called."""

    namespace: str
    name: str


class VersionId(NameView):
    """A version of a job or dataset."""

    version: uuid.UUID


class NamespaceView(View):
    """A namespace."""

    name: str
    created_at: datetime
    updated_at: datetime
    owner_name: str
    description: str | None
    is_hidden: bool


class Namespaces(View):
    """Namespaces, by name."""

    namespaces: list[NamespaceView]


class FieldView(View):
    """A column of a dataset."""

    name: str
    type: str | None = None
    tags: list[str] = []
    description: str | None = None


class UsedVersion(View):
    """A version of a dataset that a run read or wrote, with the facets of that."""

    dataset_version_id: VersionId
    facets: dict[str, Any]


class RunView(View):
    """A run."""

    id: uuid.UUID
    created_at: datetime
    updated_at: datetime
    nominal_start_time: str | None
    nominal_end_time: str | None
    state: str = Field(examples=["NEW", "RUNNING", "COMPLETED", "ABORTED", "FAILED"])
    started_at: datetime | None
    ended_at: datetime | None
    duration_ms: int | None
    args: dict[str, Any] = {}
    context: dict[str, Any] = {}
    job_version: VersionId | None = None
    input_dataset_versions: list[UsedVersion] = []
    output_dataset_versions: list[UsedVersion] = []
    facets: dict[str, Any]


class Runs(View):
    """Runs of a job, the newest first."""

    runs: list[RunView]
    total_count: int


class JobView(View):
    """A job."""

    id: NameView
    type: Literal["BATCH", "STREAM", "SERVICE"]
    name: str
    simple_name: str
    namespace: str
    parent_job_name: str | None
    parent_job_uuid: uuid.UUID | None
    created_at: datetime
    updated_at: datetime
    inputs: list[NameView]
    outputs: list[NameView]
    location: str | None
    description: str | None
    current_version: uuid.UUID | None
    latest_run: RunView | None
    latest_runs: list[RunView]
    labels: list[str] = []
    tags: list[str]
    facets: dict[str, Any]


class Jobs(View):
    """Jobs."""

    jobs: list[JobView]
    total_count: int


class InputFieldView(View):
    """A column that another comes from."""

    namespace: str
    dataset: str
    dataset_version: uuid.UUID | None = None
    field: str
    transformation_description: str | None
    transformation_type: str | None
    transformations: list[Any] = Field(default=[], description="As the event has them; Marquez does not tell these.")


class ColumnLineageView(View):
    """What a column of a dataset comes from."""

    name: str
    input_fields: list[InputFieldView]


class DatasetView(View):
    """A dataset."""

    id: NameView
    type: Literal["DB_TABLE", "STREAM"] = "DB_TABLE"
    name: str
    physical_name: str
    namespace: str
    created_at: datetime
    updated_at: datetime
    source_name: str
    fields: list[FieldView]
    tags: list[str]
    last_modified_at: datetime | None
    last_lifecycle_state: str | None
    description: str | None
    current_version: uuid.UUID | None
    column_lineage: list[ColumnLineageView] = []
    facets: dict[str, Any]
    deleted: bool


class Datasets(View):
    """Datasets of a namespace."""

    datasets: list[DatasetView]
    total_count: int


class DatasetVersionView(View):
    """A version of a dataset."""

    id: VersionId
    type: Literal["DB_TABLE", "STREAM"] = "DB_TABLE"
    name: str
    physical_name: str
    namespace: str
    created_at: datetime
    version: uuid.UUID
    source_name: str
    fields: list[FieldView]
    tags: list[str]
    last_modified_at: datetime | None
    description: str | None
    lifecycle_state: str | None
    created_by_run: RunView | None
    facets: dict[str, Any]


class DatasetVersions(View):
    """Versions of a dataset, the newest first."""

    versions: list[DatasetVersionView]
    total_count: int


class EdgeView(View):
    """An edge between two nodes."""

    origin: str
    destination: str


class NodeView(View):
    """A job or dataset, with its edges."""

    id: str
    type: Literal["JOB", "DATASET"]
    data: JobView | DatasetView
    in_edges: list[EdgeView]
    out_edges: list[EdgeView]


class GraphView(View):
    """Jobs and datasets around a node."""

    graph: list[NodeView]


class FieldData(View):
    """A column, and what it comes from."""

    namespace: str
    dataset: str
    dataset_version: uuid.UUID | None
    field: str
    field_type: str | None
    transformation_description: str | None = None
    transformation_type: str | None = None
    input_fields: list[InputFieldView]


class FieldNodeView(View):
    """A column with its edges, each from this column (``origin``) to the one that it comes from, or that comes from it."""

    id: str
    type: Literal["DATASET_FIELD"] = "DATASET_FIELD"
    data: FieldData
    in_edges: list[EdgeView]
    out_edges: list[EdgeView]


class FieldGraphView(View):
    """Columns around a node."""

    graph: list[FieldNodeView]


class EventsView(View):
    """Events as they came."""

    events: list[dict[str, Any]]
    total_count: int


class FacetsView(View):
    """Facets of a run or of its job."""

    run_id: uuid.UUID
    facets: dict[str, Any]


class Found(View):
    """A job or dataset that a search found."""

    type: Literal["JOB", "DATASET"]
    name: str
    namespace: str
    node_id: str
    updated_at: datetime


class SearchView(View):
    """What a search found."""

    total_count: int
    results: list[Found]


class TagView(View):
    """A tag."""

    name: str
    description: str | None


class Tags(View):
    """Tags, by name."""

    tags: list[TagView]


class CountPoint(View):
    """How many there were at the end of an interval."""

    start_interval: datetime
    end_interval: datetime
    count: int


class EventPoint(View):
    """How many events of each type an interval had."""

    start_interval: datetime
    end_interval: datetime
    start: int = 0
    complete: int = 0
    fail: int = 0
    abort: int = 0
