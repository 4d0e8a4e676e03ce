"""Throwaway dbt projects that use the package, run with the real dbt in this process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
import yaml

PACKAGE = Path(__file__).parents[1] / "dbt_project"
QUIET = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1", "DBT_VERSION_CHECK": "false"}


@dataclass(frozen=True)
class Ran:
    """What came of a command: whether it went well, each node's status and message, and all that dbt said."""

    success: bool
    nodes: Mapping[str, str]
    messages: Mapping[str, str]
    said: str


@dataclass(frozen=True)
class Project:
    """A dbt project in a folder, with its profile beside it."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def dump(self, name: str, data: Any) -> Path:
        return self.write(name, yaml.safe_dump(data, sort_keys=False, allow_unicode=True))

    def dbt(self, *arguments: str) -> Ran:
        """Runs a command of dbt; warnings of dbt's own libraries are not ours to mend."""
        from dbt.cli.main import dbtRunner

        said: list[str] = []
        with warnings.catch_warnings(), _environment():
            warnings.simplefilter("ignore")
            runner = dbtRunner(callbacks=[lambda event: said.append(str(getattr(event.info, "msg", "")))])
            folders = ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
            result = runner.invoke(["--quiet", "--no-version-check", *arguments, *folders])
        told = getattr(result.result, "results", None) or []
        nodes = {each.node.name: str(each.status) for each in told if getattr(each, "node", None) is not None}
        messages = {each.node.name: each.message or "" for each in told if getattr(each, "node", None) is not None}
        said += [str(result.exception)] if result.exception is not None else []
        return Ran(bool(result.success), nodes, messages, re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(said)))

    def shell(self, *arguments: str) -> str:
        """Runs dbt in a process of its own, which lets go of a DuckDB file when it ends."""
        folders = ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
        command = [str(Path(sys.executable).with_name("dbt")), "--no-version-check", *arguments, *folders]
        done = subprocess.run(command, env=os.environ | QUIET, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr


@contextmanager
def _environment() -> Iterator[None]:
    """dbt reads the working folder and these variables, and leaves both as it found them only when it goes well."""
    before, folder = dict(os.environ), Path.cwd()
    os.environ.update(QUIET)
    try:
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)


def project_in(folder: Path, output: Mapping[str, Any], **settings: Any) -> Project:
    """A new project whose profile has one output; the package is there, as `dbt deps` would put it."""
    project = Project(folder)
    folder.mkdir(parents=True, exist_ok=True)
    base = {"name": "shop", "version": "1.0", "profile": "shop", "flags": {"send_anonymous_usage_stats": False}}
    project.dump("dbt_project.yml", base | settings)
    project.dump("profiles.yml", {"shop": {"target": "dev", "outputs": {"dev": dict(output)}}})
    project.dump("packages.yml", {"packages": [{"local": str(PACKAGE)}]})
    shutil.copytree(PACKAGE, folder / "dbt_packages" / "sanitizer", ignore=shutil.ignore_patterns("integration_tests"))
    return project


Rows = list[tuple[Any, ...]]


class Warehouse(Protocol):
    """Where a project's models are built; unqualified names are those of its schema."""

    @property
    def adapter(self) -> str: ...

    @property
    def schema(self) -> str: ...

    @property
    def folder(self) -> Path: ...

    def execute(self, *statements: str) -> None: ...

    def table(self, relation: str) -> tuple[list[str], Rows]:
        """The columns and rows of a table or view, in the order in which they come."""

    def project(self, **settings: Any) -> Project:
        """A new project in its folder that builds here."""


@dataclass(frozen=True)
class DuckDBWarehouse:
    """A DuckDB file in a folder; it is open only while something is asked, for dbt opens it too."""

    folder: Path
    adapter: str = "duckdb"
    schema: str = "main"

    @property
    def _path(self) -> str:
        return str(self.folder / "warehouse.duckdb")

    def execute(self, *statements: str) -> None:
        with duckdb.connect(self._path) as connection:
            for each in statements:
                connection.execute(each)

    def table(self, relation: str) -> tuple[list[str], Rows]:
        with duckdb.connect(self._path) as connection:
            found = connection.execute(f"SELECT * FROM {relation}")
            return [str(each[0]) for each in found.description or []], found.fetchall()

    def project(self, **settings: Any) -> Project:
        return project_in(self.folder / "project", {"type": "duckdb", "path": self._path, "threads": 1}, **settings)


@dataclass(frozen=True)
class PostgresWarehouse:
    """A schema of a Postgres database."""

    folder: Path
    address: str
    schema: str
    adapter: str = "postgres"

    def __post_init__(self) -> None:
        self.execute(f'CREATE SCHEMA IF NOT EXISTS "{self.schema}"')

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self.address) as connection:
            connection.execute(f'SET search_path = "{self.schema}"')
            for each in statements:
                connection.execute(each.encode())

    def table(self, relation: str) -> tuple[list[str], Rows]:
        with psycopg.connect(self.address) as connection:
            connection.execute(f'SET search_path = "{self.schema}"')
            found = connection.execute(f"SELECT * FROM {relation}".encode())
            return [each.name for each in found.description or []], found.fetchall()

    @property
    def parts(self) -> dict[str, Any]:
        """The connection as a profile names it."""
        told = psycopg.conninfo.conninfo_to_dict(self.address)
        port = int(told.get("port") or 5432)
        return {
            "host": told["host"],
            "user": told["user"],
            "password": "",
            "port": port,
            "database": told["dbname"],
        } | {"schema": self.schema}

    def project(self, **settings: Any) -> Project:
        parts = self.parts
        output = {key: parts[key] for key in ("host", "user", "password", "port", "schema")}
        output |= {"type": "postgres", "dbname": parts["database"], "threads": 1}
        return project_in(self.folder / "project", output, **settings)
