"""The client and the command line against a real registry, and against one that is away."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from registry.served import Served
from sanitizer_core import run
from sanitizer_core.errors import RegistryError
from sanitizer_core.lineage import Parent
from sanitizer_core.registry import Registry, Spool, report_run, send_spooled
from sanitizer_core.registry.transport import Transport

AWAY = "http://127.0.0.1:9"
RECIPE = "name: people\nversion: 1\nsteps:\n  - op: clean_text\n"


@pytest.fixture
def known(join: Any, served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of a registry that the environment names, with a token."""
    scopes = ["read", "report", "publish"]
    token = join().http.post("/tokens", json={"name": "tests", "scopes": scopes}).json()["token"]
    monkeypatch.setenv("SANITIZER_TOKEN", token)
    monkeypatch.setenv("SANITIZER_REGISTRY", served.address)
    monkeypatch.setenv("SANITIZER_SPOOL", str(tmp_path / "spool"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    (tmp_path / "in.csv").write_text("name\n Ada \nBob\n")
    return served.address


def sanitizer(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from sanitizer_core.cli import main; main()", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_recipe_is_published_labelled_and_pulled(known: str, tmp_path: Path) -> None:
    told = sanitizer("recipe", "publish", "recipe.yaml", "--label", "production", "--json")
    assert json.loads(told.stdout)["version"] == 1, told.stderr
    assert sanitizer("recipe", "pull", "people@production").stdout == RECIPE
    assert sanitizer("recipe", "pull", "people", "-o", "pulled.yaml").returncode == 0
    assert (tmp_path / "pulled.yaml").read_text() == RECIPE


def test_a_contract_is_published_and_pulled(known: str, tmp_path: Path) -> None:
    text = "contract: clean\nversion: 2\nschema:\n  columns:\n    id: {dtype: int64}\n"
    (tmp_path / "contract.yaml").write_text(text)
    assert sanitizer("contract", "publish", "contract.yaml").stdout.startswith("clean@2 (")
    assert sanitizer("contract", "pull", "clean@2").stdout == text


def test_what_is_not_there_is_said_with_what_there_is(known: str) -> None:
    sanitizer("recipe", "publish", "recipe.yaml", "--label", "production")
    told = sanitizer("recipe", "pull", "people@producton")
    assert told.returncode == 3
    assert "Did you mean 'production'?" in told.stderr


def test_the_problems_of_a_recipe_come_back_with_their_lines(known: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: x\nsteps:\n  - op: clean_txt\n")
    told = sanitizer("recipe", "publish", "bad.yaml")
    assert told.returncode == 3
    assert "unknown operation 'clean_txt' in step 1" in told.stderr and "Did you mean 'clean_text'?" in told.stderr


def test_a_run_is_reported_and_listed(known: str) -> None:
    assert sanitizer("run", "recipe.yaml", "in.csv", "-o", "out.csv", "--registry", known).returncode == 0
    (run,) = json.loads(sanitizer("runs", "--json").stdout)["runs"]
    assert (run["recipe_name"], run["rows_in"], run["cells_changed"]) == ("people", 2, 2)
    assert "people@1" in sanitizer("runs", "--recipe", "people").stdout
    assert json.loads(sanitizer("runs", "--status", "failed", "--json").stdout)["runs"] == []
    (score,) = json.loads(sanitizer("scores", "--json").stdout)["scores"]
    assert score["after"] >= score["before"]


def test_a_registry_that_is_away_fails_no_run_and_loses_no_report(known: str, tmp_path: Path) -> None:
    told = sanitizer("run", "recipe.yaml", "in.csv", "-o", "out.csv", "--registry", AWAY)
    assert told.returncode == 0, "the run is what it is"
    assert "was not reported" in told.stderr
    (kept,) = (tmp_path / "spool").rglob("*.json")
    record = json.loads(kept.read_text())["record"]
    kept.rename(_spool(known) / kept.name)  # The same registry is back, at its address.
    sanitizer("run", "recipe.yaml", "in.csv", "-o", "out2.csv", "--registry", known)
    runs = json.loads(sanitizer("runs", "--json").stdout)["runs"]
    assert len(runs) == 2 and record["run_id"] in {each["id"] for each in runs}
    assert not list((tmp_path / "spool").rglob("*.json"))


def _spool(address: str) -> Path:
    folder = Spool.of(address).folder
    folder.mkdir(parents=True)
    return folder


def test_a_report_that_is_refused_stays_to_be_looked_at(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sanitizer("run", "recipe.yaml", "in.csv", "-o", "out.csv", "--registry", AWAY)
    from sanitizer_core.record import RunRecord

    record = RunRecord.load("out.run")
    monkeypatch.setenv("SANITIZER_TOKEN", "dst_wrong")
    with Registry.connect(known) as registry:
        assert "token is not good" in str(report_run(registry, record))
        assert send_spooled(registry) == 1
    assert [each.run_id for _, each in Spool.of(known).kept()] == [record.run_id]


def test_requests_are_sent_again_as_long_as_that_can_help() -> None:
    waited: list[float] = []
    with pytest.raises(RegistryError, match="does not answer") as raised:
        Transport(AWAY, None, wait=waited.append).send("GET", "/runs")
    assert raised.value.retryable
    assert waited == [0.25, 0.5, 1.0]


def test_a_token_is_shown_in_no_error(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANITIZER_TOKEN", "dst_planted_secret")
    told = sanitizer("runs")
    assert told.returncode == 3
    assert "planted" not in told.stderr + told.stdout
    assert "SANITIZER_TOKEN" in told.stderr or "Make a new one" in told.stderr


@pytest.mark.parametrize("address", ["nonsense", "ftp://example.com", "http://", "http://[x"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    with pytest.raises(RegistryError, match=r"no address of a registry|does not answer"):
        Transport(address, None, wait=lambda _: None).send("GET", "/runs")


def test_without_an_address_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANITIZER_REGISTRY", raising=False)
    with pytest.raises(RegistryError, match="no registry is named"):
        Registry.connect()


def test_the_lineage_of_a_run_is_in_the_graph_under_its_own_paths(known: str, tmp_path: Path, join: Any) -> None:
    sanitizer("run", "recipe.yaml", "in.csv", "-o", "out.csv", "--registry", known)
    with Registry.connect(known) as registry:
        graph = registry._transport.send("GET", "/lineage", params={"nodeId": "job:sanitizer:people"})["graph"]
        events = registry._transport.send("GET", "/events/lineage")
    assert [each["id"] for each in graph] == [
        f"dataset:file:{tmp_path}/in.csv", f"dataset:file:{tmp_path}/out.csv", "job:sanitizer:people",
    ]  # fmt: skip
    assert events["totalCount"] == 2, "the registry makes none where the run sent its own"


def test_a_run_that_could_not_be_carried_out_is_told_without_what_it_read(known: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("name: wrong\nsteps:\n  - op: parse_dates\n    params: {columns: [nowhere]}\n")
    assert sanitizer("run", "wrong.yaml", "in.csv", "-o", "out.csv", "--registry", AWAY).returncode == 3
    with Registry.connect(known) as registry:
        (_, report), *_ = Spool.of(AWAY).kept()
        registry.send_events(report.events)
        (event,) = registry._transport.send("GET", "/events/lineage")["events"]
    assert (event["eventType"], event["job"]["name"]) == ("FAIL", "wrong")
    assert event["run"]["facets"]["errorMessage"]["message"].startswith("PlanError")


def test_a_registry_that_takes_no_events_gets_the_record_all_the_same(known: str, tmp_path: Path) -> None:
    asked: list[str] = []

    class Older(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(404 if self.path.endswith("/lineage") else 201)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Older) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        told = sanitizer("run", "recipe.yaml", "in.csv", "-o", "out.csv", "--registry", address)
        server.shutdown()
        thread.join(timeout=10)
    assert (told.returncode, asked) == (0, ["/api/v1/lineage", "/api/v1/runs"]), told.stderr
    assert not list((tmp_path / "spool").rglob("*.json"))


def test_a_run_can_be_told_as_a_part_of_a_task(known: str, tmp_path: Path) -> None:
    record = run(tmp_path / "in.csv", tmp_path / "recipe.yaml", tmp_path / "out.csv").record
    task = Parent("0193a3c0-0000-7000-8000-000000000000", "airflow", "shop.clean")
    with Registry.connect() as registry:
        assert report_run(registry, record, parent=task) is None
        told = registry._transport.send("GET", "/namespaces/sanitizer/jobs/people")
    assert told["parentJobName"] == "shop.clean"
