"""Lineage of tasks, for Airflow's OpenLineage provider: the plan's own columns, no SQL is parsed."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage
    from airflow.sdk import Context

    from sanitizer_core.lineage import Parent
    from sanitizer_core.record import RunRecord

    Lineage: TypeAlias = OperatorLineage[Any, Any]

_log = logging.getLogger(__name__)


def lineage_of_places(source: str | None, target: str | None, outlets: Iterable[Any]) -> Lineage:
    """What is known of a task without a run: which datasets it reads and writes."""
    from airflow.providers.openlineage.extractors import OperatorLineage
    from openlineage.client.event_v2 import InputDataset, OutputDataset

    from sanitizer_core.lineage import dataset_name

    inputs = [InputDataset(name.namespace, name.name) for name in map(dataset_name, filter(None, [source]))]
    outputs = [OutputDataset(name.namespace, name.name) for name in map(dataset_name, filter(None, [target]))]
    return OperatorLineage(inputs=inputs, outputs=_with_outlets(outputs, outlets))


def lineage_of_run(record: RunRecord, outlets: Iterable[Any]) -> Lineage:
    """All that a run tells: schemas, columns, what the contract found, sizes."""
    from airflow.providers.openlineage.extractors import OperatorLineage

    from sanitizer_core.lineage import inputs_of, outputs_of, test_facets

    return OperatorLineage(
        inputs=inputs_of(record),
        outputs=_with_outlets(outputs_of(record), outlets),
        run_facets=test_facets(record.contract),
    )


def lineage_of_check(source: str, verdict: dict[str, Any] | None, outlets: Iterable[Any]) -> Lineage:
    """What a contract made of a table that it only read."""
    from airflow.providers.openlineage.extractors import OperatorLineage
    from openlineage.client.event_v2 import InputDataset

    from sanitizer_core.lineage import assertions_of, dataset_name, test_facets

    if verdict is None:
        return lineage_of_places(source, None, outlets)
    name, made = dataset_name(source), {"dataQualityAssertions": assertions_of(verdict)}
    table = InputDataset(name.namespace, name.name, facets=dict(made), inputFacets=dict(made))
    return OperatorLineage(inputs=[table], outputs=_with_outlets([], outlets), run_facets=test_facets(verdict))


def parent_of(context: Context) -> Parent | None:
    """The run of a task, within the run of its DAG, as Airflow's own events name them; ``None`` where that cannot be told."""
    from sanitizer_core.lineage import Parent

    try:
        from airflow.providers.openlineage.plugins.macros import lineage_parent_id, lineage_root_parent_id

        task = context["ti"]
        return Parent.named(lineage_parent_id(task), lineage_root_parent_id(task))
    except (ImportError, AttributeError, KeyError, TypeError, ValueError) as error:
        _log.warning("lineage: the run names no parent: %s", error)
        return None


def _with_outlets(outputs: list[Any], outlets: Iterable[Any]) -> list[Any]:
    """Airflow's provider leaves the outlets out where an operator names datasets itself, so we name them too."""
    from airflow.providers.openlineage.extractors.manager import ExtractorManager

    named = {(each.namespace, each.name) for each in outputs}
    others = filter(None, map(ExtractorManager.convert_to_ol_dataset, outlets))
    return [*outputs, *(each for each in others if (each.namespace, each.name) not in named)]
