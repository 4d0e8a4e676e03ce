"""Guards the layout of the house: what is missing or in the wrong place is said here, not found later."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DISTRIBUTIONS = {"yaml": "pyyaml"}
CODE = {".py", ".sql", ".sh", ".js", ".css", ".html", ".jinja", ".j2"}
LONGEST_FILE = 400
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
FOLDERS_WITHOUT_INIT = ("tests", "api", "operators", "dags", "docker")

# The brackets keep this file from finding itself.
MACHINE_PATHS = re.compile(
    r"/[w]ork/(main|shared)|/[h]ome/\w|/[r]oot/|/[U]sers/\w|/[o]pt/(wheels|pypi)|/[t]mp/(boot|briefs)"
)
REGISTRY_HOSTS = re.compile(r"[p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.(org|com)|[d]eb\.debian\.org")


@cache
def tracked() -> tuple[Path, ...]:
    """The files that git holds, relative to the root, without those just deleted."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (ROOT / (path := Path(name))).is_file())


@cache
def texts() -> dict[Path, str]:
    """The tracked files that are text, and what they hold; test data may hold anything, and is left out."""
    read = {path: (ROOT / path).read_bytes() for path in tracked() if "data" not in path.parts}
    return {path: content.decode() for path, content in read.items() if b"\0" not in content}


def test_git_tracks_something() -> None:
    assert Path("pyproject.toml") in tracked()


@pytest.mark.parametrize("folder", FOLDERS_WITHOUT_INIT)
def test_a_top_folder_is_no_package(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists(), f"{folder}/ would shadow an installed package of that name"


def test_no_file_is_too_long() -> None:
    lengths = {path: text.count("\n") for path, text in texts().items() if path.suffix in CODE}
    long = {str(path): lines for path, lines in lengths.items() if lines > LONGEST_FILE}
    assert not long, f"over {LONGEST_FILE} lines; which two things live there?"


def test_no_name_is_vague() -> None:
    vague = [str(path) for path in tracked() if VAGUE & {part.removesuffix(".py") for part in path.parts}]
    assert not vague, "a name says what a thing is"


@pytest.mark.parametrize("never", [MACHINE_PATHS, REGISTRY_HOSTS], ids=["machine path", "registry host"])
def test_no_file_knows_where_it_was_made(never: re.Pattern[str]) -> None:
    found = [f"{path}: {match[0]}" for path, text in texts().items() for match in never.finditer(text)]
    assert not found


def test_every_dependency_that_is_imported_is_declared() -> None:
    declared = (ROOT / "pyproject.toml").read_text()
    imports = {
        module
        for path, text in texts().items()
        if path.parts[0] == "sanitizer_core" and path.suffix == ".py"
        for module in re.findall(r"^\s*(?:from|import) ([a-z0-9]\w*)", text, re.MULTILINE)
    }
    foreign = imports - set(sys.stdlib_module_names) - {"sanitizer_core"}
    missing = {module for module in foreign if DISTRIBUTIONS.get(module, module) not in declared}
    assert not missing
