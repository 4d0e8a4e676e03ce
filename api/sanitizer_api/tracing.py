"""Traces of requests, for a collector of OpenTelemetry; nothing of it is loaded unless one is configured."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from sanitizer_api.settings import Settings
from sanitizer_core.errors import MissingExtraError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

SPAN = "sanitizer_span"
UNTRACED = "health/live,health/ready,metrics"


def trace(app: FastAPI, engine: AsyncEngine, settings: Settings) -> Callable[[], None]:
    """Traces an app's requests, and its SQL when the settings say so; gives what sends the last spans at the end.

    Raises:
        MissingExtraError: a collector is configured, and OpenTelemetry is not installed.
    """
    if settings.otlp_endpoint is None:
        return lambda: None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise MissingExtraError("opentelemetry-sdk", "opentelemetry") from None
    told = {"service.name": settings.otlp_service, "service.version": version("sanitizer-core")}
    provider = TracerProvider(resource=Resource.create(told))
    exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=provider, excluded_urls=UNTRACED, server_request_hook=_without_query,
        exclude_spans=["receive", "send"],
    )  # fmt: skip
    if settings.otlp_sql:
        _trace_sql(engine, provider)
    return provider.shutdown


def _without_query(span: Any, scope: MutableMapping[str, Any]) -> None:
    """As in the logs: a query may name what somebody is looking for, or hold the code of a login."""
    if span is None or not span.is_recording():
        return
    for name in ("http.url", "http.target", "url.full"):
        if name in span.attributes:
            span.set_attribute(name, str(span.attributes[name]).partition("?")[0])
    if "url.query" in span.attributes:
        span.set_attribute("url.query", "")


def _trace_sql(engine: AsyncEngine, provider: TracerProvider) -> None:
    """A span for each statement: its text, in which values are parameters, and never the values."""
    from opentelemetry.trace import SpanKind, StatusCode

    tracer = provider.get_tracer("sanitizer.sql")

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def begin(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        span = tracer.start_span(statement.partition(" ")[0].upper(), kind=SpanKind.CLIENT)
        span.set_attributes({"db.system": "postgresql", "db.statement": statement})
        connection.info[SPAN] = span

    @event.listens_for(engine.sync_engine, "after_cursor_execute")
    def end(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if (span := connection.info.pop(SPAN, None)) is not None:
            span.end()

    @event.listens_for(engine.sync_engine, "handle_error")
    def fail(context: Any) -> None:
        connection = context.connection
        if connection is not None and (span := connection.info.pop(SPAN, None)) is not None:
            span.set_status(StatusCode.ERROR, type(context.original_exception).__name__)
            span.end()
