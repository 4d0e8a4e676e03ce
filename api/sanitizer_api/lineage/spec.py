"""Events of OpenLineage, as its specification (2-0-2) has them. What it does not name is allowed, and kept.

Source: https://openlineage.io/spec/2-0-2/OpenLineage.json
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sanitizer_api.lineage import facets

EventType = Literal["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]


def moment_of(told: Any) -> datetime:
    """A moment in UTC; one without a zone is taken for UTC, as clients that say ``datetime.now()`` send them."""
    if not isinstance(told, str) or "t" not in told.lower():
        raise ValueError("is a date and time as in RFC 3339, such as 2026-01-31T12:00:00Z")
    moment = datetime.fromisoformat(told.upper())
    if not 1970 <= moment.year <= 9998:
        raise ValueError("is a moment between 1970 and 9998")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Moment = Annotated[datetime, BeforeValidator(moment_of)]
Facets = dict[Text, Annotated[Any, AfterValidator(facets.check)]]


class Part(BaseModel):
    """A part of an event."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Job(Part):
    """What runs."""

    namespace: Text
    name: Text
    facets: Facets = {}


class Run(Part):
    """One time that it runs."""

    run_id: uuid.UUID = Field(alias="runId")
    facets: Facets = {}


class Dataset(Part):
    """What it reads or writes; ``use`` are the facets of reading or writing it."""

    namespace: Text
    name: Text
    facets: Facets = {}


class InputDataset(Dataset):
    """What is read."""

    use: Facets = Field(default={}, alias="inputFacets")


class OutputDataset(Dataset):
    """What is written."""

    use: Facets = Field(default={}, alias="outputFacets")


class Event(Part):
    """What all events have."""

    moment: Moment = Field(alias="eventTime")
    producer: str
    schema_url: str = Field(alias="schemaURL")


class JobEvent(Event):
    """What a job is, and what it reads and writes, without a run."""

    job: Job
    inputs: list[InputDataset] = []
    outputs: list[OutputDataset] = []


class RunEvent(JobEvent):
    """What became of a run."""

    run: Run
    event_type: EventType | None = Field(default=None, alias="eventType")


class DatasetEvent(Event):
    """What a dataset is, without a run."""

    dataset: Dataset


AnyEvent = RunEvent | JobEvent | DatasetEvent


def kind_of(event: AnyEvent) -> Literal["run", "job", "dataset"]:
    """What an event is of."""
    if isinstance(event, DatasetEvent):
        return "dataset"
    return "run" if isinstance(event, RunEvent) else "job"


def read(told: Any) -> AnyEvent:
    """The event that a document is.

    Raises:
        ValueError: it is none, with every problem of it.
    """
    if not isinstance(told, dict):
        raise ValueError("an event is a JSON object")
    model = _model(told)
    if model is None:
        raise ValueError("an event has 'run' and 'job' (RunEvent), 'job' (JobEvent), or 'dataset' (DatasetEvent)")
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise ValueError("; ".join(map(_said, error.errors(include_url=False)[:10]))) from None


def _model(told: dict[str, Any]) -> type[RunEvent] | type[JobEvent] | type[DatasetEvent] | None:
    if told.get("run") is not None:
        return RunEvent
    if told.get("job") is not None:
        return JobEvent
    return DatasetEvent if told.get("dataset") is not None else None


def _said(problem: Any) -> str:
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg'].removeprefix('Value error, ')}"
