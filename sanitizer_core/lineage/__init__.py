"""OpenLineage: what a run tells of its input, its output, and what each column of it comes from."""

from sanitizer_core.lineage.events import Parent, failed_event, restored_event, run_events, text_of
from sanitizer_core.lineage.facets import assertions_of, inputs_of, outputs_of, test_facets
from sanitizer_core.lineage.naming import DatasetName, dataset_name

__all__ = [
    "DatasetName",
    "Parent",
    "assertions_of",
    "dataset_name",
    "failed_event",
    "inputs_of",
    "outputs_of",
    "restored_event",
    "run_events",
    "test_facets",
    "text_of",
]
