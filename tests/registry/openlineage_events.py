"""Events for the tests of lineage, written by hand from the specification."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

PRODUCER = "https://example.com/etl"
FACETS = "https://openlineage.io/spec/facets/1-0-0"
SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json"
POSTGRES = "postgres://db.example:5432"


def facet(schema: str, **content: Any) -> dict[str, Any]:
    return {"_producer": PRODUCER, "_schemaURL": f"{FACETS}/{schema}.json#/$defs/{schema}", **content}


def dataset(name: str, *columns: str, namespace: str = POSTGRES, **facets: Any) -> dict[str, Any]:
    if columns:
        facets["schema"] = facet("SchemaDatasetFacet", fields=[{"name": each, "type": "TEXT"} for each in columns])
    return {"namespace": namespace, "name": name, "facets": facets}


def comes_from(source: dict[str, Any], **columns: str) -> dict[str, Any]:
    """The facet that says which column of a source each column comes from."""
    how = {"type": "DIRECT", "subtype": "TRANSFORMATION", "description": "trimmed", "masking": False}
    fields = {
        output: {
            "inputFields": [
                {"namespace": source["namespace"], "name": source["name"], "field": column, "transformations": [how]}
            ]
        }
        for output, column in columns.items()
    }
    return facet("ColumnLineageDatasetFacet", fields=fields)


def event(
    kind: str,
    job: str = "shop.clean",
    *,
    at: str = "2026-01-31T12:00:00Z",
    run: str | None = None,
    inputs: Any = (),
    outputs: Any = (),
    namespace: str = "airflow",
    run_facets: dict[str, Any] | None = None,
    job_facets: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "eventType": kind,
        "eventTime": at,
        "producer": PRODUCER,
        "schemaURL": f"{SPEC}#/$defs/RunEvent",
        "run": {"runId": run or str(uuid.uuid4()), "facets": run_facets or {}},
        "job": {"namespace": namespace, "name": job, "facets": job_facets or {}},
        "inputs": list(inputs),
        "outputs": list(outputs),
    }


def shop(run: str | None = None) -> list[dict[str, Any]]:
    """Two jobs: one loads a file into a table, the other cleans the table into another."""
    one, two = run or str(uuid.uuid4()), str(uuid.uuid4())
    raw = dataset("shop.public.raw", "name", "city")
    made = dataset("shop.public.clean", "name", columnLineage=comes_from(raw, name="name"))
    source = dataset("in/raw.csv", namespace="s3://lake")
    return [
        event("START", "shop.load", run=one, at="2026-01-31T12:00:00Z", inputs=[source]),
        event("COMPLETE", "shop.load", run=one, at="2026-01-31T12:01:00Z", inputs=[source], outputs=[raw]),
        event("START", "shop.clean", run=two, at="2026-01-31T12:02:00Z", inputs=[raw]),
        event("COMPLETE", "shop.clean", run=two, at="2026-01-31T12:03:00Z", inputs=[raw], outputs=[made]),
    ]


def send(http: httpx.Client, told: Any) -> Any:
    """Sends events, all of which are taken."""
    answer = http.post("/lineage", json=told)
    assert answer.status_code in (200, 201), answer.text
    assert answer.json()["status"] == "success", answer.text
    return answer.json()
