"""A real Airflow in a folder of its own, one for all tests of a process."""

from __future__ import annotations

import json
import os
import secrets
import sys
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from airflow_provider.running import Airflow
from registry.served import PASSWORD, migrated, serving
from s3_store import s3 as s3
from s3_store import s3_server as s3_server
from sanitizer_api.settings import Settings
from sanitizer_core.registry import Registry

ROOT = Path(__file__).parents[2]


def metadata_of(root: Path, folder: Path) -> None:
    """Writes the metadata of the distribution as an installation would, so that its entry points are the tree's own."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    info = folder / f"sanitizer_core-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"] | {"console_scripts": project["scripts"]}
    sections = [
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in each.items()) for group, each in groups.items()
    ]
    (info / "entry_points.txt").write_text("\n".join(sections))


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of an Airflow, and the environment that names it; its database has its tables."""
    home = tmp_path_factory.mktemp("airflow")
    metadata_of(ROOT, home / "site")
    (home / "dags").mkdir()
    told = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),  # 3.2 asks for it in one process, too.
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__OPENLINEAGE__TRANSPORT": f'{{"type": "file", "log_file_path": "{home}/events.jsonl", "append": true}}',
        "SANITIZER_SPOOL": str(home / "spool"),
        "PYTHONPATH": os.pathsep.join(map(str, [home / "site", ROOT, ROOT / "api", ROOT / "operators"])),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        patch.syspath_prepend(str(home / "site"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # What Airflow's own modules warn of is not ours to mend.
            from airflow.utils.db import initdb

            initdb()
        yield home
    assert "sanitizer_airflow" in sys.modules


@pytest.fixture
def airflow(airflow_home: Path, capfd: pytest.CaptureFixture[str]) -> Airflow:
    """An Airflow that runs DAGs in this process."""
    return Airflow(airflow_home, capfd)


@dataclass(frozen=True)
class RegistryAt:
    """A registry that is served over HTTP, the token of a program, and a client that speaks with it.

    Args:
        data: the folder whose files may be datasets. Jobs stay queued: there is no worker.
    """

    address: str
    token: str
    client: Registry
    data: Path

    def connection(self, **other: object) -> str:
        """A connection of Airflow to it."""
        return json.dumps({"conn_type": "sanitizer", "host": self.address, "password": self.token} | other)


@pytest.fixture(scope="session")
def registry(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryAt]:
    """A registry on a database of its own, and a token for Airflow."""
    database, data = migrated(postgres), tmp_path_factory.mktemp("datasets")
    settings = Settings(
        home=tmp_path_factory.mktemp("registry"), request_rate="100000/minute", dataset_folders=str(data)
    )
    with serving(settings, database) as address:
        body = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada", "organisation": "Example"}
        access = httpx.post(f"{address}/api/v1/auth/register", json=body, timeout=30).json()["access_token"]
        wanted = {"name": "airflow", "scopes": ["read", "publish", "report", "run"]}
        headers = {"Authorization": f"Bearer {access}"}
        token = httpx.post(f"{address}/api/v1/tokens", json=wanted, headers=headers, timeout=30).json()["token"]
        with Registry.connect(address, token) as client:
            yield RegistryAt(address, token, client, data)


@pytest.fixture
def connected(registry: RegistryAt, monkeypatch: pytest.MonkeyPatch) -> RegistryAt:
    """The registry, as the connection ``sanitizer_default`` that every operator reports to."""
    monkeypatch.setenv("AIRFLOW_CONN_SANITIZER_DEFAULT", registry.connection())
    monkeypatch.setenv("AIRFLOW__SANITIZER__CONN_ID", "sanitizer_default")
    return registry
