"""The graph that events make, and how an event changes it.

Whatever the order in which events come in, and however often, the graph is the same: of each thing, what the event with
the later moment said counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sanitizer_api.lineage.keys import key
from sanitizer_api.lineage.models import (
    LineageColumn,
    LineageDataset,
    LineageJob,
    LineageLink,
    LineageNamespace,
    LineageRun,
    LineageUse,
    LineageVersion,
    Seen,
)
from sanitizer_api.lineage.naming import Name, Named, NamedEvent, NamedRun, digest_of, edges
from sanitizer_api.lineage.spec import JobEvent, RunEvent

T = TypeVar("T", bound=Seen)
STATES = {"START": "RUNNING", "RUNNING": "RUNNING", "COMPLETE": "COMPLETED", "ABORT": "ABORTED", "FAIL": "FAILED"}
ENDED = frozenset({"COMPLETED", "ABORTED", "FAILED"})


@dataclass
class Graph:
    """The rows that some events touch, as far as they are there, and then as the events leave them.

    Args:
        columns: by link, the column lineage that takes the place of what was there.
        sources: the datasets that it comes from, which may be named nowhere else.
    """

    organisation: uuid.UUID
    namespaces: dict[uuid.UUID, LineageNamespace] = field(default_factory=dict)
    jobs: dict[uuid.UUID, LineageJob] = field(default_factory=dict)
    datasets: dict[uuid.UUID, LineageDataset] = field(default_factory=dict)
    runs: dict[uuid.UUID, LineageRun] = field(default_factory=dict)
    uses: dict[uuid.UUID, LineageUse] = field(default_factory=dict)
    versions: dict[uuid.UUID, LineageVersion] = field(default_factory=dict)
    links: dict[uuid.UUID, LineageLink] = field(default_factory=dict)
    columns: dict[uuid.UUID, dict[uuid.UUID, LineageColumn]] = field(default_factory=dict)
    sources: dict[uuid.UUID, Name] = field(default_factory=dict)

    def take(self, told: NamedEvent) -> None:
        """Lets an event change the graph."""
        if told.job is not None:
            assert isinstance(told.event, JobEvent)
            job = self._job(told.job, told.moment)
            keep_facets(job, told.event.job.facets, told.moment)
            self._parent(job, told)
            if told.run is not None:
                self._run(told, job)
            self._own(job, told)
        for each in told.datasets:
            self._dataset_of(each, told)

    def _parent(self, job: LineageJob, told: NamedEvent) -> None:
        if told.parent_job is None or told.parent_run is None:
            return
        parent = self._job(told.parent_job, told.moment)
        if parent.id != job.id and (job.parent_id is None or told.moment >= job.updated_at):
            job.parent_id = parent.id
        self._run_row(told.parent_run, parent, told.moment)

    def _own(self, job: LineageJob, told: NamedEvent) -> None:
        """Datasets of the run that spoke of any last are the job's own."""
        if told.datasets and _later(told.moment, job.current_at):
            job.current, job.current_at = told.owner, told.moment

    def _run(self, told: NamedEvent, job: LineageJob) -> None:
        assert told.run is not None and isinstance(told.event, RunEvent)
        run = self._run_row(told.run, job, told.moment)
        if told.moment >= run.updated_at:
            run.job_id = job.id
        keep_facets(run, told.event.run.facets, told.moment)
        run.job_facets, run.job_facet_times = merged(
            run.job_facets, run.job_facet_times, told.event.job.facets, told.moment
        )
        if told.parent_run is not None:
            run.parent_run_id = told.parent_run.run_id
        _advance(run, told.event.event_type, told.moment)

    def _dataset_of(self, each: Named, told: NamedEvent) -> None:
        dataset, moment = self._dataset(each.name, told.moment), told.moment
        keep_facets(dataset, {**each.told.facets, **getattr(each.told, "use", {})}, moment)
        if each.fields is not None and _later(moment, dataset.fields_at):
            dataset.fields, dataset.fields_at = each.fields, moment
        if each.version is not None:
            self._version(each, told, dataset)
        if each.link is not None:
            self._used(each, told)

    def _version(self, each: Named, told: NamedEvent, dataset: LineageDataset) -> None:
        assert each.version is not None
        written, moment = each.direction == "output", told.moment
        version = self.versions.get(each.version)
        if version is None:
            run = told.run.id if written and told.run else None
            version = LineageVersion(
                id=each.version, organisation_id=self.organisation, created_at=moment, updated_at=moment,
                dataset_id=dataset.id, run=run, written=each.direction != "input",
            )  # fmt: skip
            self.versions[each.version] = version
        _seen(version, moment)
        keep_facets(version, {**each.told.facets, **getattr(each.told, "use", {})}, moment)
        if each.fields is not None and _later(moment, version.fields_at):
            version.fields, version.fields_at = each.fields, moment
        if each.direction != "input" and _later(moment, dataset.version_at):
            dataset.version, dataset.version_at = version.id, moment
        ended = getattr(told.event, "event_type", None) == "COMPLETE"
        if written and ended and _later(moment, dataset.modified_at):
            dataset.modified_at = moment

    def _used(self, each: Named, told: NamedEvent) -> None:
        assert told.job and told.owner and each.use and each.link and each.direction
        use = self.uses.get(each.use)
        if use is None:
            use = self.uses[each.use] = LineageUse(
                id=each.use, organisation_id=self.organisation, created_at=told.moment, updated_at=told.moment,
                run=told.owner, job_id=told.job.id, dataset_id=each.name.id, direction=each.direction,
                version=each.version if each.direction == "output" else None,
            )  # fmt: skip
        _seen(use, told.moment)
        keep_facets(use, getattr(each.told, "use", {}), told.moment)
        link = self.links.get(each.link)
        if link is None:
            link = self.links[each.link] = LineageLink(
                id=each.link, organisation_id=self.organisation, job_id=told.job.id, dataset_id=each.name.id,
                direction=each.direction,
            )  # fmt: skip
        if each.lineage is not None and _later(told.moment, link.columns_at):
            self._columns(link, each.lineage, told.moment)

    def _columns(self, link: LineageLink, lineage: dict[str, Any], moment: datetime) -> None:
        link.columns_at, known = moment, link.columns_digest
        link.columns_digest = digest_of(lineage)
        if link.columns_digest == known:
            return
        found = list(edges(self.organisation, lineage))
        for edge in found:
            self.sources.setdefault(edge.source.id, edge.source)
        rows = [
            LineageColumn(
                id=key(link.id, edge.output_field, edge.source.id, edge.input_field), organisation_id=self.organisation,
                link_id=link.id, output_id=link.dataset_id, output_field=edge.output_field, input_id=edge.source.id,
                input_field=edge.input_field, transformations=edge.transformations,
            )
            for edge in found
        ]  # fmt: skip
        self.columns[link.id] = {row.id: row for row in rows}

    def _job(self, name: Name, moment: datetime) -> LineageJob:
        self._namespace(name, moment)
        row = self.jobs.get(name.id)
        if row is None:
            row = self.jobs[name.id] = LineageJob(
                id=name.id, organisation_id=self.organisation, created_at=moment, updated_at=moment,
                namespace_id=name.namespace_id, namespace=name.namespace, name=name.name,
            )  # fmt: skip
        row.hidden_at = None
        return _seen(row, moment)

    def _dataset(self, name: Name, moment: datetime) -> LineageDataset:
        self._namespace(name, moment)
        row = self.datasets.get(name.id)
        if row is None:
            row = self.datasets[name.id] = LineageDataset(
                id=name.id, organisation_id=self.organisation, created_at=moment, updated_at=moment,
                namespace_id=name.namespace_id, namespace=name.namespace, name=name.name,
            )  # fmt: skip
        row.hidden_at = None
        return _seen(row, moment)

    def _namespace(self, name: Name, moment: datetime) -> None:
        row = self.namespaces.get(name.namespace_id)
        if row is None:
            row = self.namespaces[name.namespace_id] = LineageNamespace(
                id=name.namespace_id, organisation_id=self.organisation, created_at=moment, updated_at=moment,
                name=name.namespace,
            )  # fmt: skip
        row.hidden = False
        _seen(row, moment)

    def _run_row(self, run: NamedRun, job: LineageJob, moment: datetime) -> LineageRun:
        row = self.runs.get(run.id)
        if row is None:
            row = self.runs[run.id] = LineageRun(
                id=run.id, organisation_id=self.organisation, created_at=moment, updated_at=moment,
                run_id=run.run_id, job_id=job.id,
            )  # fmt: skip
        return _seen(row, moment)


def keep_facets(
    row: LineageJob | LineageDataset | LineageRun | LineageUse | LineageVersion, told: dict[str, Any], moment: datetime
) -> None:
    """Gives a row the facets of an event, those that are newer than its own."""
    if told:
        row.facets, row.facet_times = merged(row.facets, row.facet_times, told, moment)


def merged(
    kept: dict[str, Any], times: dict[str, Any], told: dict[str, Any], moment: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facets and their moments, with those of an event; ``_deleted`` takes one away."""
    at = moment.astimezone(UTC).isoformat(timespec="microseconds")
    newer = {name: facet for name, facet in told.items() if times.get(name, "") <= at}
    gone = {name for name, facet in newer.items() if facet.get("_deleted") is True}
    facets = {name: facet for name, facet in {**kept, **newer}.items() if name not in gone}
    return facets, {**times, **dict.fromkeys(newer, at)}


def _advance(run: LineageRun, event_type: str | None, moment: datetime) -> None:
    """The state of the latest event; of two at one moment, that of the one that ends."""
    state = STATES.get(event_type or "")
    if event_type == "START":
        run.started_at = min(moment, run.started_at or moment)
    if state in ENDED:
        run.ended_at = max(moment, run.ended_at or moment)
    if state is None:
        return
    rank = (moment, state in ENDED)
    if run.state_at is None or rank >= (run.state_at, run.state in ENDED):
        run.state, run.state_at = state, moment


def _seen(row: T, moment: datetime) -> T:
    row.created_at = min(row.created_at, moment)
    row.updated_at = max(row.updated_at, moment)
    return row


def _later(moment: datetime, kept: datetime | None) -> bool:
    return kept is None or moment >= kept


def in_order(events: Iterable[NamedEvent]) -> list[NamedEvent]:
    """Events by their moments: what is newest is written last, and less is written twice."""
    return sorted(events, key=lambda each: each.moment)
