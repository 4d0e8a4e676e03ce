"""Traces, as a real collector receives them."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from registry.served import serving
from sanitizer_api.settings import Settings


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Span]]]:
    """Its address, and the spans that it has received."""
    spans: list[Span] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            plain = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            told = ExportTraceServiceRequest.FromString(plain)
            spans.extend(s for each in told.resource_spans for scope in each.scope_spans for s in scope.spans)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", spans
        server.shutdown()
        thread.join(timeout=10)


def test_requests_and_statements_are_traced_without_what_they_hold(
    collector: tuple[str, list[Span]], api_database: str, tmp_path: Path
) -> None:
    endpoint, spans = collector
    settings = Settings(home=tmp_path, otlp_endpoint=endpoint, otlp_sql=True)
    with serving(settings, api_database) as address:
        body = {"email": "planted@example.com", "password": "planted secret"}
        assert httpx.post(f"{address}/api/v1/auth/login?planted=secret", json=body).status_code == 401
        httpx.get(f"{address}/api/v1/runs", headers={"Authorization": "Bearer dst_planted"})
        httpx.get(f"{address}/health/live")
    names = {each.name for each in spans}
    assert "POST /api/v1/auth/login" in names and "SELECT" in names, names
    assert not [each for each in names if "health" in each]
    told = str(spans)
    assert "users" in told, "a statement's text"
    assert "planted" not in told
    parents = {each.span_id: each.name for each in spans}
    assert "POST /api/v1/auth/login" in {parents.get(each.parent_span_id) for each in spans if each.name == "SELECT"}


def test_without_a_collector_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from sanitizer_api.app import create_app;"
        "from sanitizer_api.settings import Settings;"
        f"create_app(Settings(home=Path({str(tmp_path)!r})), 'postgresql://x@127.0.0.1:9/x');"
        "print([each for each in sys.modules if each.startswith('opentelemetry')])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_where_it_is_not_installed_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sanitizer_api.app import create_app
    from sanitizer_core.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(MissingExtraError, match="opentelemetry"):
        create_app(Settings(home=tmp_path, otlp_endpoint="http://127.0.0.1:9"), "postgresql://x@127.0.0.1:9/x")
