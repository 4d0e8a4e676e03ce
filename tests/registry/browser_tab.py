"""A real Chromium without a window, told what to do by its own protocol."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

QUIET = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"
PATIENCE = 60.0


@dataclass
class Tab:
    """A page that is open."""

    socket: ClientConnection
    sent: int = 0

    def tell(self, method: str, **params: Any) -> Any:
        """Sends a command, and gives its answer."""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            told = json.loads(self.socket.recv(timeout=PATIENCE))
            if told.get("id") == self.sent:
                assert "error" not in told, told
                return told["result"]

    def look(self, expression: str) -> Any:
        """What an expression is in the page."""
        told = self.tell("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def until(self, expression: str) -> Any:
        """What an expression is, once it is true; while a page is left, there is none to ask."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            told = self.tell("Runtime.evaluate", expression=expression, returnByValue=True)
            if found := told["result"].get("value"):
                return found
            time.sleep(0.05)
        raise AssertionError(f"in vain: {expression}; the page says: {self.look('document.body.innerText')}")

    def go(self, address: str) -> None:
        """Opens another page."""
        self.look("window.left = true")
        self.tell("Page.navigate", url=address)
        self.until("!window.left && document.readyState === 'complete'")


@contextmanager
def tab(folder: Path) -> Iterator[Tab]:
    """A block with a browser that has one empty page."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program is not None, "Chromium is not installed: see .ci/browser"
    command = [program, "--headless", "--remote-debugging-port=0", *QUIET.split(), f"--user-data-dir={folder}"]
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen([*command, "about:blank"], stdout=log, stderr=log)
    try:
        pages = httpx.get(f"http://127.0.0.1:{_port(folder / 'DevToolsActivePort')}/json").json()
        page = next(each for each in pages if each["type"] == "page")
        with connect(page["webSocketDebuggerUrl"], max_size=None, compression=None) as socket:
            yield Tab(socket)
    finally:
        process.terminate()
        process.wait(30)


def _port(path: Path) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        lines = path.read_text("ascii").splitlines() if path.exists() else []
        if len(lines) == 2:
            return int(lines[0])
        time.sleep(0.05)
    raise AssertionError("Chromium did not start")
