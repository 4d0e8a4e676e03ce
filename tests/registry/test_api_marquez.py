"""The web client of Marquez: its calls, and what it reads of their answers."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from registry.openlineage_events import POSTGRES, send, shop


def test_every_call_of_the_web_client_of_marquez_gets_what_it_reads(join: Any) -> None:
    """The calls as ``web/src/store/requests`` builds them, and of each answer the fields that ``web/src/types`` reads."""
    http, run = join().http, str(uuid.uuid4())
    send(http, shop(run))
    pg, table = quote(POSTGRES, safe=""), f"/namespaces/{quote(POSTGRES, safe='')}/datasets/shop.public.raw"
    job = {"id", "type", "name", "createdAt", "updatedAt", "inputs", "outputs", "namespace", "location", "description",
           "latestRun", "latestRuns", "tags", "parentJobName", "parentJobUuid"}  # fmt: skip
    data = {"id", "type", "name", "physicalName", "createdAt", "updatedAt", "namespace", "sourceName", "fields", "tags",
            "lastModifiedAt", "description", "facets", "deleted", "columnLineage"}  # fmt: skip
    ran = {"id", "createdAt", "updatedAt", "nominalStartTime", "nominalEndTime", "state", "jobVersion", "startedAt",
           "endedAt", "durationMs", "args", "facets"}  # fmt: skip
    version = {"id", "type", "createdByRun", "name", "physicalName", "createdAt", "version", "namespace", "sourceName",
               "fields", "tags", "lastModifiedAt", "description", "lifecycleState", "facets"}  # fmt: skip
    node = {"id", "type", "data", "inEdges", "outEdges"}
    zone = "timezone=Europe/Berlin"
    calls: list[tuple[str, str, set[str]]] = [
        ("/namespaces", "namespaces", {"name", "createdAt", "updatedAt", "ownerName", "description", "isHidden"}),
        ("/jobs?limit=25&offset=0", "jobs", job),
        ("/jobs?limit=25&offset=0&lastRunStates=COMPLETED", "jobs", job),
        ("/namespaces/airflow/jobs?limit=25&offset=0&lastRunStates=COMPLETED", "jobs", job),
        ("/namespaces/airflow/jobs/shop.load", "", job),
        ("/namespaces/airflow/jobs/shop.load/runs?limit=14&offset=0", "runs", ran),
        (f"/namespaces/{pg}/datasets?limit=20&offset=0", "datasets", data),
        (table, "", data),
        (f"{table}/versions?limit=100&offset=0", "versions", version),
        (f"/jobs/runs/{run}/facets?type=run", "", {"runId", "facets"}),
        (f"/jobs/runs/{run}/facets?type=job", "", {"runId", "facets"}),
        (f"/lineage?nodeId=dataset:{pg}:shop.public.raw&depth=2", "graph", node),
        (f"/column-lineage?nodeId=dataset:{pg}:shop.public.clean&depth=2&withDownstream=true", "graph", node),
        ("/events/lineage?limit=100&before=2026-02-01T00:00:00.000Z&after=2026-01-01T00:00:00.000Z&offset=0&sortDirection=desc",
         "events", {"eventType", "eventTime", "producer", "schemaURL", "run", "job", "inputs", "outputs"}),
        ("/events/lineage?limit=100&before=&after=&offset=0&sortDirection=asc", "events", {"eventType", "job"}),
        ("/search?q=shop&sort=NAME&limit=100", "results", {"name", "namespace", "nodeId", "type", "updatedAt"}),
        ("/search?q=load&sort=UPDATE_AT&limit=100&filter=JOB", "results", {"name", "nodeId"}),
        (f"/stats/lineage-events?period=DAY&{zone}", "[]", {"startInterval", "endInterval", "fail", "start", "complete", "abort"}),
        (f"/stats/jobs?period=WEEK&{zone}", "[]", {"startInterval", "endInterval", "count"}),
        (f"/stats/datasets?period=DAY&{zone}", "[]", {"count"}),
        (f"/stats/sources?period=WEEK&{zone}", "[]", {"count"}),
    ]  # fmt: skip
    for path, list_of, fields in calls:
        answer = http.get(path)
        assert answer.status_code == 200, (path, answer.text)
        told = answer.json()
        rows = told if list_of == "[]" else told[list_of] if list_of else [told]
        assert rows and all(fields <= set(each) for each in rows), (path, fields - set(rows[0]) if rows else "empty")
    assert http.get("/jobs?limit=25&offset=0&lastRunStates=FAILED").json() == {"jobs": [], "totalCount": 0}
    assert set(http.get("/jobs?limit=25").json()) == {"items", "next"}, "without offset these are our own"


def test_tags_as_the_web_client_of_marquez_gives_and_takes_them(join: Any) -> None:
    http = join().http
    send(http, shop())
    pg = quote(POSTGRES, safe="")
    assert http.put("/tags/PII", json={"description": "persons"}).json() == {"name": "PII", "description": "persons"}
    for path in (f"/namespaces/{pg}/datasets/shop.public.raw", "/namespaces/airflow/jobs/shop.load"):
        assert http.post(f"{path}/tags/PII").json()["tags"] == ["PII"]
        assert http.post(f"{path}/tags/PII").json()["tags"] == ["PII"], "twice is once"
        assert http.delete(f"{path}/tags/PII").json()["tags"] == []
    field = f"/namespaces/{pg}/datasets/shop.public.raw/fields/name/tags/NEW"
    assert http.post(field).json()["fields"][0]["tags"] == ["NEW"]
    assert [each["name"] for each in http.get("/tags").json()["tags"]] == ["NEW", "PII"]
    assert http.post(f"/namespaces/{pg}/datasets/shop.public.raw/fields/none/tags/NEW").status_code == 404
