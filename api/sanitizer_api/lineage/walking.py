"""From a node along its edges."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.lineage import nodes, repository
from sanitizer_api.lineage.models import LineageColumn, LineageDataset, LineageJob, LineageLink
from sanitizer_api.lineage.nodes import Node
from sanitizer_api.lineage.telling import dataset_views, input_field, job_views
from sanitizer_api.lineage.views import (
    DatasetView,
    EdgeView,
    FieldData,
    FieldGraphView,
    FieldNodeView,
    GraphView,
    JobView,
    NodeView,
)

MOST = 5_000
"""Jobs or columns after which a walk goes no further."""


async def around(session: AsyncSession, start: Node, depth: int) -> GraphView:
    """Jobs and datasets around a node, up to so many jobs away in both directions."""
    links = await _links(session, start, depth)
    alone = {start.dataset.id} if start.dataset else set()
    jobs = await repository.jobs_by_key(
        session, {each.job_id for each in links} | ({start.job.id} if start.job else set())
    )
    datasets = await repository.datasets_by_key(session, {each.dataset_id for each in links} | alone)
    into, out_of = _edges(links, jobs, datasets)
    told: list[tuple[str, Literal["JOB", "DATASET"], JobView | DatasetView]] = [
        *((f"job:{each.namespace}:{each.name}", "JOB", each) for each in await job_views(session, list(jobs.values()))),
        *(
            (f"dataset:{each.namespace}:{each.name}", "DATASET", each)
            for each in await dataset_views(session, list(datasets.values()))
        ),
    ]
    made = [
        NodeView(id=node, type=kind, data=data, in_edges=into[node], out_edges=out_of[node])
        for node, kind, data in told
    ]
    return GraphView(graph=sorted(made, key=lambda each: each.id))


async def _links(session: AsyncSession, start: Node, depth: int) -> list[LineageLink]:
    found: dict[uuid.UUID, LineageLink] = {}
    jobs: set[uuid.UUID] = set()
    beyond = {start.job.id} if start.job else set()
    if start.dataset is not None:
        beyond = {each.job_id for each in await repository.links(session, datasets=[start.dataset.id])}
    for _ in range(depth + 1):
        beyond -= jobs
        if not beyond or len(jobs) > MOST:
            break
        jobs |= beyond
        near = await repository.links(session, jobs=beyond)
        found |= {each.id: each for each in near}
        beyond = {each.job_id for each in await repository.links(session, datasets={each.dataset_id for each in near})}
    return list(found.values())


def _edges(
    links: Sequence[LineageLink], jobs: Mapping[uuid.UUID, LineageJob], datasets: Mapping[uuid.UUID, LineageDataset]
) -> tuple[dict[str, list[EdgeView]], dict[str, list[EdgeView]]]:
    into: dict[str, list[EdgeView]] = defaultdict(list)
    out_of: dict[str, list[EdgeView]] = defaultdict(list)
    for each in links:
        if each.job_id in jobs and each.dataset_id in datasets:
            ends = [nodes.dataset_id(datasets[each.dataset_id]), nodes.job_id(jobs[each.job_id])]
            origin, destination = ends if each.direction == "input" else reversed(ends)
            edge = EdgeView(origin=origin, destination=destination)
            out_of[origin].append(edge)
            into[destination].append(edge)
    return into, out_of


async def columns_around(session: AsyncSession, start: Node, depth: int, *, downstream: bool) -> FieldGraphView:
    """Columns that a node's columns come from, and on request those that come from them, so many steps away."""
    begin = await _columns_of(session, start)
    edges = await _walked(session, begin, depth, back=True)
    if downstream:
        edges |= await _walked(session, begin, depth, back=False)
    places = begin | {(each.output_id, each.output_field) for each in edges.values()}
    places |= {(each.input_id, each.input_field) for each in edges.values()}
    datasets = await repository.datasets_by_key(session, {dataset for dataset, _ in places})
    return FieldGraphView(graph=_field_nodes(places, list(edges.values()), datasets))


async def _columns_of(session: AsyncSession, start: Node) -> set[tuple[uuid.UUID, str]]:
    if start.dataset is not None and start.field is not None:
        return {(start.dataset.id, start.field)}
    if start.dataset is not None:
        known = {(start.dataset.id, each["name"]) for each in start.dataset.fields}
        into = await repository.edges_into(session, [start.dataset.id])
        return known | {(each.output_id, each.output_field) for each in into}
    assert start.job is not None
    links = await repository.links(session, jobs=[start.job.id])
    into = await repository.edges_into(session, {each.dataset_id for each in links if each.direction == "output"})
    return {(each.output_id, each.output_field) for each in into}


async def _walked(
    session: AsyncSession, begin: set[tuple[uuid.UUID, str]], depth: int, *, back: bool
) -> dict[uuid.UUID, LineageColumn]:
    found: dict[uuid.UUID, LineageColumn] = {}
    seen: set[tuple[uuid.UUID, str]] = set()
    beyond = begin
    for _ in range(depth):
        beyond = beyond - seen
        if not beyond or len(seen) > MOST:
            break
        seen |= beyond
        keys = {dataset for dataset, _ in beyond}
        rows = await (repository.edges_into(session, keys) if back else repository.edges_out_of(session, keys))
        near = [each for each in rows if _end(each, back=back) in beyond]
        found |= {each.id: each for each in near}
        beyond = {_end(each, back=not back) for each in near}
    return found


def _end(edge: LineageColumn, *, back: bool) -> tuple[uuid.UUID, str]:
    return (edge.output_id, edge.output_field) if back else (edge.input_id, edge.input_field)


def _field_nodes(
    places: set[tuple[uuid.UUID, str]], edges: list[LineageColumn], datasets: Mapping[uuid.UUID, LineageDataset]
) -> list[FieldNodeView]:
    ids = {
        (dataset, field): nodes.field_id(datasets[dataset], field) for dataset, field in places if dataset in datasets
    }
    made = {place: _field_node(datasets[place[0]], place[1], node) for place, node in ids.items()}
    for each in edges:
        output, source = _end(each, back=True), _end(each, back=False)
        if output in made and source in made:
            # Marquez has both kinds begin at the node that they belong to.
            made[output].in_edges.append(EdgeView(origin=ids[output], destination=ids[source]))
            made[source].out_edges.append(EdgeView(origin=ids[source], destination=ids[output]))
            told = input_field(each, datasets[each.input_id])
            data = made[output].data
            data.input_fields.append(told)
            data.transformation_type = data.transformation_type or told.transformation_type
            data.transformation_description = data.transformation_description or told.transformation_description
    return sorted(made.values(), key=lambda each: each.id)


def _field_node(dataset: LineageDataset, field: str, node: str) -> FieldNodeView:
    kind = next((each.get("type") for each in dataset.fields if each["name"] == field), None)
    data = FieldData(
        namespace=dataset.namespace, dataset=dataset.name, dataset_version=dataset.version, field=field,
        field_type=kind if isinstance(kind, str) else None, input_fields=[],
    )  # fmt: skip
    return FieldNodeView(id=node, data=data, in_edges=[], out_edges=[])
