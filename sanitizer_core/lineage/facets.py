"""The facets of a run's datasets, from its record: the lineage of columns is the plan's own, no SQL is parsed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanitizer_core.errors import MissingExtraError
from sanitizer_core.lineage.naming import DatasetName, dataset_name
from sanitizer_core.record import AncestorRecord, ColumnRecord, RunRecord

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, OutputDataset
    from openlineage.client.facet_v2 import DatasetFacet

SUBTYPES = {
    "identity": "IDENTITY",
    "transformation": "TRANSFORMATION",
    "aggregation": "AGGREGATION",
    "masking": "TRANSFORMATION",
}
"""How a column comes from another, in OpenLineage's words; of one that masks, ``masking`` is true besides."""


def models() -> Any:
    """OpenLineage's models of facets.

    Raises:
        MissingExtraError: its client is not installed.
    """
    try:
        from openlineage.client import facet_v2
    except ImportError:
        raise MissingExtraError("openlineage-python", "lineage") from None
    return facet_v2


def inputs_of(record: RunRecord, *, here: bool = True) -> list[InputDataset]:
    """The input of a run: its schema and size; what the contract of the run found is told of the output.

    Args:
        here: see ``dataset_name``.
    """
    known = models()
    from openlineage.client.event_v2 import InputDataset

    name = dataset_name(str(record.source["address"]), here=here)
    size = record.source.get("size")
    metrics = known.data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet(
        columnMetrics=_column_metrics(record, "before", known.data_quality_metrics_input_dataset),
        rowCount=record.rows.in_,
        bytes=size,
    )
    statistics = known.input_statistics_input_dataset.InputStatisticsInputDatasetFacet(
        rowCount=record.rows.in_, size=size
    )
    return [
        InputDataset(
            namespace=name.namespace,
            name=name.name,
            facets={"schema": _schema([(each.name, each.native) for each in record.input_columns])},
            inputFacets={"dataQualityMetrics": metrics, "inputStatistics": statistics},
        )
    ]


def outputs_of(record: RunRecord, *, here: bool = True) -> list[OutputDataset]:
    """The output of a run: its schema, what each column comes from, and what the contract makes of it.

    A table that the contract held back was written nowhere but among the artifacts, and is named there.
    """
    known = models()
    from openlineage.client.event_v2 import OutputDataset

    target = _target(record, here)
    if target is None:
        return []
    source = dataset_name(str(record.source["address"]), here=here)
    facets: dict[str, DatasetFacet] = {
        "schema": _schema([(each.name, each.type) for each in record.columns]),
        "columnLineage": _column_lineage(record, source),
        "dataQualityMetrics": known.data_quality_metrics_dataset.DataQualityMetricsDatasetFacet(
            columnMetrics=_column_metrics(record, "after", known.data_quality_metrics_dataset),
            rowCount=record.rows.out,
        ),
    }
    if record.contract is not None:
        facets["dataQualityAssertions"] = assertions_of(record.contract)
    statistics = known.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=record.rows.out)
    return [
        OutputDataset(
            namespace=target.namespace,
            name=target.name,
            facets=facets,
            outputFacets={"outputStatistics": statistics},
        )
    ]


def checked_of(record: RunRecord, *, here: bool = True) -> list[InputDataset]:
    """The output of a run as that which its contract was held against: with what the checks found, as they read it."""
    known = models()
    from openlineage.client.event_v2 import InputDataset

    target = _target(record, here)
    if target is None or record.contract is None:
        return []
    metrics = known.data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet(
        columnMetrics=_column_metrics(record, "after", known.data_quality_metrics_input_dataset),
        rowCount=record.rows.out,
    )
    return [
        InputDataset(
            namespace=target.namespace,
            name=target.name,
            facets={"schema": _schema([(each.name, each.type) for each in record.columns])},
            inputFacets={"dataQualityAssertions": assertions_of(record.contract), "dataQualityMetrics": metrics},
        )
    ]


def read_again(record: RunRecord) -> list[InputDataset]:
    """The output of a run as that which undoing it reads."""
    from openlineage.client.event_v2 import InputDataset

    target = _target(record, here=False)
    return [] if target is None else [InputDataset(namespace=target.namespace, name=target.name)]


def restored_of(record: RunRecord, restored: str, rows: int) -> OutputDataset:
    """The input of a run, written again to another place: each column comes from the output's that held its cells."""
    known = models()
    from openlineage.client.event_v2 import OutputDataset

    name, lineage, target = (
        dataset_name(restored, here=False),
        known.column_lineage_dataset,
        _target(record, here=False),
    )
    facets: dict[str, DatasetFacet] = {"schema": _schema([(each.name, each.native) for each in record.input_columns])}
    if target is not None:
        back = lineage.Transformation(
            type="DIRECT", subtype="TRANSFORMATION", description="taken back by the change log", masking=False
        )
        fields = {
            each.name: lineage.Fields(
                inputFields=[
                    lineage.InputField(
                        namespace=target.namespace, name=target.name, field=each.output, transformations=[back]
                    )
                ]
            )
            for each in record.input_columns
            if each.output is not None
        }
        facets["columnLineage"] = lineage.ColumnLineageDatasetFacet(fields=fields)
    statistics = known.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=rows)
    return OutputDataset(
        namespace=name.namespace, name=name.name, facets=facets, outputFacets={"outputStatistics": statistics}
    )


def _target(record: RunRecord, here: bool) -> DatasetName | None:
    place = record.artifacts.get("output") or record.artifacts.get("clean")
    return None if place is None else dataset_name(place, here=here)


def test_facets(contract: dict[str, Any] | None) -> dict[str, Any]:
    """The facet of a run with a contract: each of its checks as a test."""
    if contract is None:
        return {}
    return {"test": models().test_run.TestRunFacet(tests=[_test(each) for each in contract["checks"]])}


def _column_metrics(record: RunRecord, moment: str, words: Any) -> dict[str, Any]:
    """What a run counted of each column, in the facet's own class; a run that kept no scores counted nothing."""
    score = record.score.get(moment, {})
    return {
        name: words.ColumnMetrics(nullCount=each["nulls"], count=float(score["rows"]))
        for name, each in score.get("columns", {}).items()
        if each.get("nulls") is not None
    }


def _schema(columns: list[tuple[str, str]]) -> DatasetFacet:
    schema = models().schema_dataset
    fields = [
        schema.SchemaDatasetFacetFields(name=name, type=kind, ordinal_position=place)
        for place, (name, kind) in enumerate(columns, 1)
    ]
    made: DatasetFacet = schema.SchemaDatasetFacet(fields=fields)
    return made


def _column_lineage(record: RunRecord, source: DatasetName) -> DatasetFacet:
    lineage = models().column_lineage_dataset
    fields = {
        each.name: lineage.Fields(inputFields=[_input_field(each, ancestor, source) for ancestor in each.ancestors])
        for each in record.columns
        if each.ancestors
    }
    made: DatasetFacet = lineage.ColumnLineageDatasetFacet(fields=fields)
    return made


def _input_field(column: ColumnRecord, ancestor: AncestorRecord, source: DatasetName) -> Any:
    lineage = models().column_lineage_dataset
    transformation = lineage.Transformation(
        type="DIRECT",
        subtype=SUBTYPES[ancestor.origin],
        description=ancestor.description,
        masking=column.masked or ancestor.origin == "masking",
    )
    return lineage.InputField(
        namespace=source.namespace, name=source.name, field=ancestor.column, transformations=[transformation]
    )


def assertions_of(contract: dict[str, Any]) -> Any:
    """What a contract made of a dataset, check by check; for the dataset as a whole, and as the input of a check."""
    known = models().data_quality_assertions_dataset
    assertions = [
        known.Assertion(
            assertion=check["id"].rpartition(".")[2] or check["id"],
            success=check["passed"],
            column=check["column"],
            severity="error" if check["severity"] == "error" else "warn",
            name=check["id"],
            description=check["description"],
            actual=f"{check['failed']} of {check['checked']} failed",
        )
        for check in contract["checks"]
    ]
    return known.DataQualityAssertionsDatasetFacet(assertions=assertions)


def _test(check: dict[str, Any]) -> Any:
    return models().test_run.TestExecution(
        name=check["id"],
        status="pass" if check["passed"] else "fail",
        severity="error" if check["severity"] == "error" else "warn",
        type=check["scope"],
        description=check["description"],
        actual=f"{check['failed']} of {check['checked']} failed",
    )
