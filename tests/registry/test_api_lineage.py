"""Events of OpenLineage in, and the graph out."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import re
import uuid
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy.exc import DBAPIError

from registry.openlineage_events import POSTGRES, PRODUCER, SPEC, comes_from, dataset, event, facet, send, shop
from registry.served import Served, serving
from sanitizer_api.db.engine import Database
from sanitizer_api.lineage.intake import Intake
from sanitizer_api.lineage.service import received
from sanitizer_api.settings import Settings


def named(http: httpx.Client, kind: str, namespace: str, name: str, rest: str = "") -> httpx.Response:
    return http.get(f"/namespaces/{quote(namespace, safe='')}/{kind}/{quote(name, safe='')}{rest}")


def test_an_event_makes_jobs_runs_datasets_and_versions(join: Any) -> None:
    http, run = join().http, str(uuid.uuid4())
    for each in shop(run):
        send(http, each)
    job = named(http, "jobs", "airflow", "shop.load").json()
    assert job["inputs"] == [{"namespace": "s3://lake", "name": "in/raw.csv"}]
    assert job["outputs"] == [{"namespace": POSTGRES, "name": "shop.public.raw"}]
    assert job["latestRun"]["id"] == run and job["latestRun"]["state"] == "COMPLETED"
    assert job["latestRun"]["durationMs"] == 60_000
    told = http.get(f"/jobs/runs/{run}").json()
    assert told["jobVersion"]["name"] == "shop.load"
    (written,) = told["outputDatasetVersions"]
    raw = named(http, "datasets", POSTGRES, "shop.public.raw").json()
    assert raw["currentVersion"] == written["datasetVersionId"]["version"]
    assert [each["name"] for each in raw["fields"]] == ["name", "city"]
    versions = named(http, "datasets", POSTGRES, "shop.public.raw", "/versions").json()
    assert versions["totalCount"] == 1 and versions["versions"][0]["createdByRun"]["id"] == run
    one = named(http, "datasets", POSTGRES, "shop.public.raw", f"/versions/{raw['currentVersion']}").json()
    assert one == versions["versions"][0]


def test_an_array_and_gzip_are_taken_and_what_is_wrong_is_told(join: Any) -> None:
    http = join().http
    bad = event("START")
    bad["run"]["runId"] = "seven"
    packed = gzip.compress(json.dumps([*shop(), bad, 3]).encode())
    for path in ("/lineage", "/lineage/batch"):
        answer = http.post(path, content=packed, headers={"Content-Encoding": "gzip"})
        told = answer.json()
        assert answer.status_code == 200 and told["status"] == "partial_success"
        assert told["summary"] == {"received": 6, "successful": 4, "failed": 2, "retriable": 0, "non_retriable": 2}
        assert [each["index"] for each in told["failed_events"]] == [4, 5]
        assert "run.runId" in told["failed_events"][0]["reason"]
    assert http.get("/events/lineage").json()["totalCount"] == 4


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"eventTime": "2026-01-31"}, "eventTime"),
        ({"eventTime": 1_700_000_000}, "eventTime"),
        ({"eventType": "BEGIN"}, "eventType"),
        ({"producer": None}, "producer"),
        ({"job": {"namespace": "x"}}, "job.name"),
        ({"inputs": [dataset("t") | {"facets": {"own": {}}}]}, "inputs.0.facets.own"),
        ({"inputs": [dataset("t", schema=facet("SchemaDatasetFacet", fields=[{"type": "x"}]))]}, "fields.0.name"),
        ({"run": None, "job": None}, "RunEvent"),
        ({"job": {"namespace": "x", "name": "a\x00b"}}, "NUL"),
    ],
)
def test_an_event_that_is_not_as_the_specification_has_it_is_refused(join: Any, change: Any, where: str) -> None:
    answer = join().http.post("/lineage", json=event("START") | change)
    assert answer.status_code == 422, answer.text
    assert where in answer.json()["detail"]


def test_what_is_no_event_at_all_is_refused(join: Any) -> None:
    http = join().http
    assert http.post("/lineage", content=b"{").status_code == 400
    assert http.post("/lineage", content=b"[NaN]").status_code == 400
    assert http.post("/lineage", content=b"x", headers={"Content-Encoding": "gzip"}).status_code == 400
    assert http.post("/lineage", content=b"x", headers={"Content-Encoding": "br"}).status_code == 400
    assert http.post("/lineage/batch", json={}).status_code == 400


def test_a_body_that_explodes_is_refused(api_database: str, tmp_path: Any) -> None:
    with serving(Settings(home=tmp_path, body_limit=10_000, registration="open"), api_database) as address:
        api = f"{address}/api/v1"
        wanted = {"email": f"{uuid.uuid4().hex}@example.com", "password": "correct horse battery", "name": "A"}
        joined = httpx.post(f"{api}/auth/register", json=wanted | {"organisation": "O"}).json()
        headers = {"Authorization": f"Bearer {joined['access_token']}", "Content-Encoding": "gzip"}
        bomb = gzip.compress(b" " * 5_000_000)
        assert len(bomb) < 10_000
        assert httpx.post(f"{api}/lineage", content=bomb, headers=headers).status_code == 413


def test_unknown_facets_are_kept_and_told(join: Any) -> None:
    http, run = join().http, str(uuid.uuid4())
    own = {"_producer": PRODUCER, "_schemaURL": "https://example.com/own.json", "deep": {"er": [1, None]}}
    send(http, event("START", run=run, run_facets={"own": own}, job_facets={"ownToo": own}) | {"surprise": [1]})
    assert http.get(f"/jobs/runs/{run}/facets", params={"type": "run"}).json() == {"runId": run, "facets": {"own": own}}
    assert http.get(f"/jobs/runs/{run}/facets", params={"type": "job"}).json()["facets"] == {"ownToo": own}
    assert http.get("/events/lineage").json()["events"][0]["surprise"] == [1]


def picture(http: httpx.Client) -> Any:
    """All that the graph tells, without what it was told of."""
    node = {"nodeId": "job:airflow:shop.clean"}
    clean = named(http, "datasets", POSTGRES, "shop.public.clean").json()
    return [http.get("/lineage", params=node).json(), http.get("/column-lineage", params=node).json(), clean]


def test_events_again_or_in_another_order_make_the_same_graph(join: Any) -> None:
    told = shop()
    told[2] = told[2] | {"outputs": [dataset("shop.public.clean", "old")]}
    orders = [list(each) for each in itertools.permutations(told)][::8]
    pictures = []
    for number, order in enumerate([[*told, *told], told[::-1], *orders]):
        http = join().http
        if number % 2:
            send(http, order)
        else:
            for each in order:
                send(http, each)
        assert http.get("/events/lineage").json()["totalCount"] == 4
        # Keys hold the organisation, so that versions differ; nothing else does.
        pictures.append(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", json.dumps(picture(http))))
    assert len(set(pictures)) == 1


def test_a_run_goes_on_and_ends_whatever_comes_first(join: Any) -> None:
    http, run = join().http, str(uuid.uuid4())
    send(http, event("FAIL", run=run, at="2026-01-31T13:00:00+01:00"))
    send(http, event("RUNNING", run=run, at="2026-01-31T11:30:00Z"))
    send(http, event("START", run=run, at="2026-01-31T11:00:00"))
    send(http, event("OTHER", run=run, at="2026-01-31T14:00:00Z"))
    told = http.get(f"/jobs/runs/{run}").json()
    assert (told["state"], told["startedAt"], told["endedAt"]) == (
        "FAILED", "2026-01-31T11:00:00Z", "2026-01-31T12:00:00Z",
    )  # fmt: skip


def test_what_a_job_used_before_and_no_longer_does_is_no_edge(join: Any) -> None:
    http = join().http
    send(http, event("COMPLETE", inputs=[dataset("a")], outputs=[dataset("b")], at="2026-01-01T00:00:00Z"))
    send(http, event("COMPLETE", inputs=[dataset("c")], outputs=[dataset("b")], at="2026-01-02T00:00:00Z"))
    assert [each["name"] for each in named(http, "jobs", "airflow", "shop.clean").json()["inputs"]] == ["c"]
    alone = http.get("/lineage", params={"nodeId": f"dataset:{POSTGRES}:a"}).json()["graph"]
    assert [each["id"] for each in alone] == [f"dataset:{POSTGRES}:a"]


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        ("s3://bucket", "a/b c/d.e%2Fü?x=1#y"),
        ("postgres://h:5432", "db.schema.table"),
        ("file", "/data/in.csv"),
        ("a:b:c", "d:e:f"),
        ("x", "datasets/y/versions"),
    ],
)
def test_names_hold_what_they_like(join: Any, namespace: str, name: str) -> None:
    http = join().http
    told = dataset(name, "c:1", namespace=namespace)
    send(http, event("COMPLETE", name, namespace=namespace, inputs=[told]))
    found = named(http, "datasets", namespace, name)
    assert found.json()["id"] == {"namespace": namespace, "name": name}, found.text
    assert named(http, "jobs", namespace, name).json()["name"] == name
    assert named(http, "jobs", namespace, name, "/runs").json()["totalCount"] == 1
    for kind in ("dataset", "job"):
        node = f"{kind}:{namespace}:{name}"
        assert node in [each["id"] for each in http.get("/lineage", params={"nodeId": node}).json()["graph"]]
    column = f"datasetField:{namespace}:{name}:c:1"
    (field,) = http.get("/column-lineage", params={"nodeId": column}).json()["graph"]
    assert (field["id"], field["data"]["fieldType"]) == (column, "TEXT")
    tags = f"/namespaces/{quote(namespace, safe='')}/datasets/{quote(name, safe='')}/fields/c%3A1/tags/P%2FII"
    assert http.post(tags).json()["fields"][0]["tags"] == ["P/II"]
    assert http.delete(tags).json()["fields"][0]["tags"] == []


def test_the_graph_around_a_node(join: Any) -> None:
    http = join().http
    send(http, shop())
    graph = {
        each["id"]: each
        for each in http.get("/lineage", params={"nodeId": f"dataset:{POSTGRES}:shop.public.clean"}).json()["graph"]
    }
    raw = f"dataset:{POSTGRES}:shop.public.raw"
    assert set(graph) == {
        "job:airflow:shop.load", "job:airflow:shop.clean", "dataset:s3://lake:in/raw.csv", raw,
        f"dataset:{POSTGRES}:shop.public.clean",
    }  # fmt: skip
    assert graph[raw]["inEdges"] == [{"origin": "job:airflow:shop.load", "destination": raw}]
    assert graph[raw]["outEdges"] == [{"origin": raw, "destination": "job:airflow:shop.clean"}]
    assert graph["job:airflow:shop.clean"]["type"] == "JOB" and graph[raw]["type"] == "DATASET"
    near = http.get("/lineage", params={"nodeId": "job:airflow:shop.clean", "depth": 0}).json()["graph"]
    assert len(near) == 3
    assert http.get("/lineage", params={"nodeId": "job:airflow:none"}).status_code == 404
    assert http.get("/lineage", params={"nodeId": "run:x"}).status_code == 400


def test_what_columns_come_from_back_and_forth(join: Any) -> None:
    http = join().http
    send(http, shop())
    last = dataset("shop.public.mart", columnLineage=comes_from(dataset("shop.public.clean"), who="name"))
    send(http, event("COMPLETE", "shop.mart", outputs=[last], inputs=[dataset("shop.public.clean")]))
    node = f"datasetField:{POSTGRES}:shop.public.clean:name"
    back = http.get("/column-lineage", params={"nodeId": node}).json()["graph"]
    assert [each["id"].rpartition("public.")[2] for each in back] == ["clean:name", "raw:name"]
    (source,) = back[0]["data"]["inputFields"]
    assert (source["dataset"], source["field"], source["transformationType"]) == (
        "shop.public.raw", "name", "TRANSFORMATION",
    )  # fmt: skip
    both = http.get("/column-lineage", params={"nodeId": node, "withDownstream": True}).json()["graph"]
    assert [each["id"].rpartition("public.")[2] for each in both] == ["clean:name", "mart:who", "raw:name"]
    of_dataset = http.get("/column-lineage", params={"nodeId": f"dataset:{POSTGRES}:shop.public.mart"}).json()["graph"]
    assert len(of_dataset) == 3


def test_column_lineage_that_changed_takes_the_place_of_the_old(join: Any) -> None:
    http, raw = join().http, dataset("raw", "a", "b")
    for day, column in enumerate("aba", 1):
        made = dataset("clean", columnLineage=comes_from(raw, name=column))
        send(http, event("COMPLETE", at=f"2026-01-0{day}T00:00:00Z", inputs=[raw], outputs=[made]))
        (told,) = named(http, "datasets", POSTGRES, "clean").json()["columnLineage"]
        assert [each["field"] for each in told["inputFields"]] == [column]


def test_events_of_jobs_and_datasets_without_runs(join: Any) -> None:
    http = join().http
    base = {"eventTime": "2026-01-31T12:00:00Z", "producer": PRODUCER}
    told = event("START", "shop.static", inputs=[dataset("a")], outputs=[dataset("b")])
    job = {name: told[name] for name in ("job", "inputs", "outputs")}
    send(http, {**base, "schemaURL": f"{SPEC}#/$defs/JobEvent", **job})
    described = dataset("b", "x", documentation=facet("DocumentationDatasetFacet", description="What b is"))
    send(http, {**base, "schemaURL": f"{SPEC}#/$defs/DatasetEvent", "dataset": described})
    view = named(http, "jobs", "airflow", "shop.static").json()
    assert view["latestRun"] is None and [each["name"] for each in view["outputs"]] == ["b"]
    b = named(http, "datasets", POSTGRES, "b").json()
    assert (b["description"], [each["name"] for each in b["fields"]]) == ("What b is", ["x"])


def test_a_parent_is_known_as_the_parent(join: Any) -> None:
    http, parent = join().http, str(uuid.uuid4())
    told = facet("ParentRunFacet", run={"runId": parent}, job={"namespace": "airflow", "name": "shop"})
    send(http, event("START", "shop.clean", run_facets={"parent": told}))
    view = named(http, "jobs", "airflow", "shop.clean").json()
    assert (view["parentJobName"], view["simpleName"]) == ("shop", "clean")
    assert http.get(f"/jobs/runs/{parent}").json()["state"] == "NEW"


def test_a_facet_that_is_deleted_is_gone(join: Any) -> None:
    http = join().http
    kept = dataset("a", documentation=facet("DocumentationDatasetFacet", description="x"))
    gone = dataset("a", documentation={"_producer": PRODUCER, "_schemaURL": "x", "_deleted": True})
    send(http, event("START", inputs=[kept], at="2026-01-01T00:00:00Z"))
    send(http, event("START", inputs=[gone], at="2026-01-02T00:00:00Z"))
    assert named(http, "datasets", POSTGRES, "a").json()["facets"] == {}


def test_what_is_deleted_is_gone_until_its_next_event(join: Any) -> None:
    http = join().http
    send(http, shop())
    path = f"/namespaces/{quote(POSTGRES, safe='')}/datasets/shop.public.raw"
    assert http.delete(path).json()["name"] == "shop.public.raw"
    assert http.get(path).status_code == 404
    assert http.delete("/namespaces/airflow/jobs/shop.load").status_code == 200
    graph = http.get("/lineage", params={"nodeId": "job:airflow:shop.clean"}).json()["graph"]
    assert [each["id"].rpartition(":")[2] for each in graph] == ["shop.public.clean", "shop.clean"]
    send(http, event("START", "shop.load", outputs=[dataset("shop.public.raw")]))
    assert http.get(path).status_code == 200


def test_another_organisation_sees_nothing_of_it(join: Any) -> None:
    ada, eve, run = join(), join(), str(uuid.uuid4())
    send(ada.http, shop(run))
    assert named(eve.http, "jobs", "airflow", "shop.load").status_code == 404
    assert eve.http.get(f"/jobs/runs/{run}").status_code == 404
    assert eve.http.get("/lineage", params={"nodeId": "job:airflow:shop.load"}).status_code == 404
    assert eve.http.get("/namespaces").json() == {"namespaces": []}
    assert eve.http.get("/events/lineage").json() == {"events": [], "totalCount": 0}
    assert eve.http.get("/search", params={"q": "shop"}).json()["results"] == []
    send(eve.http, event("FAIL", "shop.load", run=run, at="2026-02-01T00:00:00Z"))
    assert ada.http.get(f"/jobs/runs/{run}").json()["state"] == "COMPLETED"


def test_a_reader_sends_no_events(join: Any) -> None:
    viewer = join(join(), "viewer")
    assert viewer.http.post("/lineage", json=shop()).status_code == 403
    assert viewer.http.get("/namespaces").status_code == 200


def test_the_client_of_openlineage_points_at_it(join: Any, served: Served) -> None:
    from openlineage.client import OpenLineageClient
    from openlineage.client.event_v2 import InputDataset, Job, Run, RunEvent, RunState
    from openlineage.client.facet_v2 import schema_dataset

    ada = join()
    token = ada.http.post("/tokens", json={"name": "emitter", "scopes": ["report"]}).json()["token"]
    run = str(uuid.uuid4())
    columns = [schema_dataset.SchemaDatasetFacetFields(name="a", type="INT")]
    read = InputDataset(namespace="file", name="/a.csv", facets={"schema": schema_dataset.SchemaDatasetFacet(columns)})
    for compression in (None, "gzip"):
        transport = {"type": "http", "url": served.address, "auth": {"type": "api_key", "apiKey": token}}
        config = {"transport": transport | ({"compression": compression} if compression else {})}
        client = OpenLineageClient(config=config)
        state = RunState.COMPLETE if compression else RunState.START
        client.emit(
            RunEvent(
                eventType=state, eventTime="2026-01-31T12:00:00Z", run=Run(runId=run),
                job=Job(namespace="own", name="job"), inputs=[read], producer=PRODUCER,
            )
        )  # fmt: skip
        client.close()
    assert ada.http.get(f"/jobs/runs/{run}").json()["state"] == "COMPLETED"
    assert named(ada.http, "datasets", "file", "/a.csv").json()["fields"][0]["type"] == "INT"


def test_two_senders_at_once_make_one_graph(join: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    ada = join()
    batches = [
        [event("COMPLETE", f"job{n % 3}", inputs=[dataset(f"d{n % 5}")], outputs=[dataset(f"d{n % 7}")]) for n in range(k, k + 40)]
        for k in range(4)
    ]  # fmt: skip
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: ada.http.post("/lineage", json=each), [*batches, *batches]))
    assert {each.status_code for each in answers} == {200}
    assert ada.http.get("/events/lineage", params={"limit": 1}).json()["totalCount"] == 160
    assert ada.http.get("/namespaces/airflow/jobs").json()["totalCount"] == 3


def test_events_that_come_at_once_are_kept_together_and_a_bad_one_alone_fails(join: Any, served: Served) -> None:
    ada, eve = join(), join()
    organisation, other = (uuid.UUID(each.me["organisation"]["id"]) for each in (ada, eve))
    good, bad = event("COMPLETE", "good", outputs=[dataset("d")]), event("COMPLETE", "bad")
    bad["run"]["facets"] = {"odd": facet("odd", text="\ud800")}

    async def taken() -> list[Any]:
        database = Database.of(served.database, served.settings)
        intake = Intake(database)
        wanted = [(organisation, each) for each in (good, bad, event("START", "left"), event("START", "more"))]
        wanted += [(other, good), (other, bad)]
        sent = [asyncio.create_task(intake.take(whose, [received(each)])) for whose, each in wanted]
        await asyncio.sleep(0)
        sent[2].cancel()
        try:
            return await asyncio.gather(*sent, return_exceptions=True)
        finally:
            await database.close()

    kept, refused, gone, more, theirs, refused_theirs = asyncio.run(taken())
    assert (kept, more, theirs) == (None, None, None)
    assert isinstance(refused, DBAPIError) and isinstance(refused_theirs, DBAPIError)
    assert isinstance(gone, asyncio.CancelledError), "whose client left; what they sent is taken in with the rest"
    for who, names in ((ada, {"good", "more", "left"}), (eve, {"good"})):
        assert who.http.get("/events/lineage").json()["totalCount"] == len(names)
        assert {each["name"] for each in who.http.get("/namespaces/airflow/jobs").json()["jobs"]} == names
