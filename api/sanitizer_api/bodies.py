"""Refusing bodies that are too large, before they are read."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sanitizer_api.problems import TooLargeError, answer, document_of


class BodyLimit:
    """Reads no more of a body than so many bytes, whatever its header says of its length."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if said.isdigit() and int(said) > self.limit:
            await self._refuse(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            # To the app it is as if the client had gone; its answer is replaced.
            return message if read <= self.limit else {"type": "http.disconnect"}

        async def unless_refused(message: Message) -> None:
            if read <= self.limit:
                await send(message)

        try:
            await self.app(scope, counted, unless_refused)
        finally:
            if read > self.limit:
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = TooLargeError(f"the body is larger than {self.limit} bytes")
        await answer(None, document_of(error))(scope, receive, send)
