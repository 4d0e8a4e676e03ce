"""Logs as lines of JSON, each with the id of the request that it belongs to."""

from __future__ import annotations

import json
import logging
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
HEADER = "x-request-id"

_log = logging.getLogger("sanitizer.request")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request id, and what was given as ``fields``."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps({key: value for key, value in entry.items() if value is not None}, default=str)


def configure(level: str = "INFO") -> None:
    """Sends the logs of the registry and of its server to the standard error, as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"


class RequestLog:
    """Gives every request an id (the caller's own, when it sends a plain one) and logs what came of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known = _given(scope) or uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = known
        token, began, status = REQUEST_ID.set(known), time.perf_counter(), 500

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER.encode(), known.encode())]
            await send(message)

        try:
            await self.app(scope, receive, tell)
        except Exception:
            _log.exception("failed", extra={"fields": _fields(scope, status, began)})
            raise
        else:
            _log.info("answered", extra={"fields": _fields(scope, status, began)})
        finally:
            REQUEST_ID.reset(token)


def _given(scope: Scope) -> str | None:
    value = next((value for name, value in scope["headers"] if name == HEADER.encode()), b"").decode("latin-1")
    return value if 0 < len(value) <= 64 and value.isascii() and value.replace("-", "").isalnum() else None


def _fields(scope: Scope, status: int, began: float) -> dict[str, object]:
    """Without the query: a filter may name what somebody is looking for."""
    took = round((time.perf_counter() - began) * 1000, 1)
    return {"method": scope["method"], "path": scope["path"], "status": status, "milliseconds": took}
