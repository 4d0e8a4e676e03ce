"""The events of a run."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from sanitizer_core.lineage.facets import (
    checked_of,
    inputs_of,
    models,
    outputs_of,
    read_again,
    restored_of,
    test_facets,
)
from sanitizer_core.record import RunRecord

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent

PARENT = "OPENLINEAGE_PARENT_ID"
ROOT = "OPENLINEAGE_ROOT_PARENT_ID"
NAMESPACE = "sanitizer"
"""The namespace of jobs, unless another is named."""


@dataclass(frozen=True)
class Parent:
    """The run that a run is a part of, such as an Airflow task's.

    Args:
        run_id: a UUID.
        root: the run that began everything, such as the DAG's.
    """

    run_id: str
    namespace: str
    name: str
    root: Parent | None = None

    @classmethod
    def named(cls, text: str, root: str = "") -> Parent | None:
        """The run that ``NAMESPACE/NAME/RUN`` names, as OpenLineage's own tools write it; ``None`` of any other text."""
        namespace, _, rest = text.partition("/")
        name, _, run_id = rest.rpartition("/")
        try:
            uuid.UUID(run_id)
        except ValueError:
            return None
        return cls(run_id, namespace, name, cls.named(root)) if namespace and name else None

    @classmethod
    def from_environment(cls) -> Parent | None:
        """The run that ``OPENLINEAGE_PARENT_ID`` names, and its root that ``OPENLINEAGE_ROOT_PARENT_ID`` does."""
        return cls.named(os.environ.get(PARENT, ""), os.environ.get(ROOT, ""))


def run_events(
    record: RunRecord, *, namespace: str = NAMESPACE, parent: Parent | None = None, here: bool = True
) -> list[RunEvent]:
    """The events of a run that is over: START, then COMPLETE, or FAIL when its contract or gate failed it.

    A run with a contract has two events more, of a run within it that read the output and checked it: there is where
    OpenLineage has what checks found.

    Args:
        here: whether relative paths in the record are those of this process.

    Raises:
        MissingExtraError: OpenLineage's client is not installed.
    """
    started = datetime.fromisoformat(record.started)
    ended = started + timedelta(seconds=record.seconds)
    inputs, outputs = inputs_of(record, here=here), outputs_of(record, here=here)
    checks = _check_events(record, ended, namespace, parent, here)
    facets = _run_facets(record, parent)
    begin = _event("START", started, record, namespace, facets, inputs, [])
    if record.status != "failed":
        return [begin, _event("COMPLETE", ended, record, namespace, facets, inputs, outputs), *checks]
    message = models().error_message_run.ErrorMessageRunFacet(
        message="the contract or the quality gate failed", programmingLanguage="Python"
    )
    return [
        begin,
        _event("FAIL", ended, record, namespace, facets | {"errorMessage": message}, inputs, outputs),
        *checks,
    ]


def _check_events(
    record: RunRecord, moment: datetime, namespace: str, parent: Parent | None, here: bool
) -> list[RunEvent]:
    checked = checked_of(record, here=here)
    if record.contract is None or not checked:
        return []
    name = f"{record.recipe.name}.{record.contract['contract']}"
    run_id = str(uuid.uuid5(uuid.UUID(record.run_id), "contract"))
    root = (parent.root or parent) if parent else None
    facets = _parent(Parent(record.run_id, namespace, record.recipe.name, root)) | test_facets(record.contract)
    end = "FAIL" if record.contract["status"] == "failed" else "COMPLETE"
    return [
        _made("START", moment, run_id, name, namespace, facets, checked, [], kind_of_job="CONTRACT"),
        _made(end, moment, run_id, name, namespace, facets, checked, [], kind_of_job="CONTRACT"),
    ]


def failed_event(
    message: str, recipe: str, moment: datetime, *, namespace: str = NAMESPACE, parent: Parent | None = None
) -> RunEvent:
    """The event of a run that could not be carried out.

    Args:
        message: what the error said; it never holds a secret or a cell.
        moment: when it failed, with its zone.
    """
    facets = _parent(parent) | {
        "errorMessage": models().error_message_run.ErrorMessageRunFacet(message=message, programmingLanguage="Python")
    }
    return _made("FAIL", moment, str(uuid.uuid4()), recipe, namespace, facets, [], [])


def restored_event(
    record: RunRecord, restored: str, rows: int, run_id: str, moment: datetime, *, namespace: str = NAMESPACE
) -> RunEvent:
    """The event of undoing a run: its output was read, and its input written again.

    Args:
        restored: the address of what was written.
        rows: of it.
        run_id: of the undoing itself, a UUID.
        moment: when it was done, with its zone.
    """
    outputs = [restored_of(record, restored, rows)]
    name = f"{record.recipe.name}.restore"
    return _made("COMPLETE", moment, run_id, name, namespace, {}, read_again(record), outputs, kind_of_job="RESTORE")


def text_of(event: RunEvent) -> str:
    """An event as JSON, as it goes over the wire."""
    from openlineage.client.serde import Serde

    return str(Serde.to_json(event))


def _event(
    kind: str, moment: datetime, record: RunRecord, namespace: str, facets: dict[str, Any], inputs: Any, outputs: Any
) -> RunEvent:
    return _made(kind, moment, record.run_id, record.recipe.name, namespace, facets, inputs, outputs)


def _made(
    kind: str,
    moment: datetime,
    run_id: str,
    job: str,
    namespace: str,
    facets: dict[str, Any],
    inputs: list[Any],
    outputs: list[Any],
    kind_of_job: str = "RECIPE",
) -> RunEvent:
    known = models()
    from openlineage.client.event_v2 import Job, Run, RunEvent, RunState

    job_type = known.job_type_job.JobTypeJobFacet(processingType="BATCH", integration="SANITIZER", jobType=kind_of_job)
    return RunEvent(
        eventType=RunState(kind),
        eventTime=moment.isoformat(),
        run=Run(runId=run_id, facets=facets),
        job=Job(namespace=namespace, name=job, facets={"jobType": job_type}),
        inputs=inputs,
        outputs=outputs,
        producer=f"urn:sanitizer-core:{_release()}",
    )


def _run_facets(record: RunRecord, parent: Parent | None) -> dict[str, Any]:
    known = models()
    engine = known.processing_engine_run.ProcessingEngineRunFacet(
        version=record.versions.get(record.engine, "unknown"),
        name=record.engine,
        openlineageAdapterVersion=_release(),
    )
    facets: dict[str, Any] = _parent(parent) | {"processing_engine": engine}
    return facets | test_facets(record.contract)


@cache
def _release() -> str:
    """Of this package; to find it out, files are read, which takes longer than all else of an event."""
    return version("sanitizer-core")


def _parent(parent: Parent | None) -> dict[str, Any]:
    if parent is None:
        return {}
    known = models().parent_run
    run, job = known.Run(runId=parent.run_id), known.Job(namespace=parent.namespace, name=parent.name)
    return {"parent": known.ParentRunFacet(run=run, job=job, root=_root(parent.root))}


def _root(root: Parent | None) -> Any:
    if root is None:
        return None
    known = models().parent_run
    return known.Root(run=known.RootRun(runId=root.run_id), job=known.RootJob(namespace=root.namespace, name=root.name))
