"""Refusing bodies that are too large, before they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sanitizer_api.problems import TooLargeError, answer, document_of


class BodyLimit:
    """Reads no more of a body than so many bytes, whatever its header says of its length.

    Args:
        others: other limits, by a pattern of the paths that they are for.
    """

    def __init__(self, app: ASGIApp, limit: int, others: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limit = limit
        self.others = {re.compile(pattern): other for pattern, other in (others or {}).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = next((other for path, other in self.others.items() if path.fullmatch(scope["path"])), self.limit)
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if said.isdigit() and int(said) > limit:
            await _refuse(limit, scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            # To the app it is as if the client had gone; its answer is replaced.
            return message if read <= limit else {"type": "http.disconnect"}

        async def unless_refused(message: Message) -> None:
            if read <= limit:
                await send(message)

        try:
            await self.app(scope, counted, unless_refused)
        finally:
            if read > limit:
                await _refuse(limit, scope, receive, send)


async def _refuse(limit: int, scope: Scope, receive: Receive, send: Send) -> None:
    error = TooLargeError(f"the body is larger than {limit} bytes")
    await answer(None, document_of(error))(scope, receive, send)
