"""Guards the layout of the house: what is missing or in the wrong place is said here, not found later."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from generated.command_line import commands, parameters
from sanitizer_core.ops import BUILT_IN

ROOT = Path(__file__).parents[1]
DISTRIBUTIONS = {"openlineage": "openlineage-python", "yaml": "pyyaml", "pydantic_core": "pydantic", "py4j": "pyspark"}
"""Where a distribution is called otherwise than its module, or comes with another."""
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


def imported(text: str) -> set[str]:
    """The top modules that a program imports, wherever in it."""
    nodes = list(ast.walk(ast.parse(text)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {str(n.module) for n in nodes if isinstance(n, ast.ImportFrom)}}


def test_every_dependency_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bounds = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    declared = {re.split(r"[^a-z0-9-]", bound.lower(), maxsplit=1)[0] for bound in bounds}
    programs = [text for path, text in texts().items() if path.parts[0] == "sanitizer_core" and path.suffix == ".py"]
    foreign = set().union(*map(imported, programs)) - set(sys.stdlib_module_names) - {"sanitizer_core"}
    missing = {module for module in foreign if DISTRIBUTIONS.get(module, module.replace("_", "-")) not in declared}
    assert foreign
    assert not missing


def test_every_operation_has_its_file_its_cases_and_its_page() -> None:
    missing = []
    for operation in BUILT_IN:
        home = f"{operation.family}/{operation.op}"
        module = f"sanitizer_core.ops.{home.replace('/', '.')}"
        checks = {
            f"{operation.op} is in {operation.__module__}, not in {module}": operation.__module__ == module,
            f"tests/cases/{home}.yaml": (ROOT / "tests" / "cases" / f"{home}.yaml").exists(),
            f"the docstring of {operation.op}": bool(operation.__dict__.get("__doc__")),
        }
        missing += [what for what, there in checks.items() if not there]
        missing += [
            f"the description of {name} of {operation.op}"
            for name, field in operation.model_fields.items()
            if not field.description
        ]
    assert not missing


def test_every_file_of_operations_is_in_the_catalogue() -> None:
    cases = {path.stem for path in (ROOT / "tests" / "cases").glob("*/*.yaml")}
    assert cases == {operation.op for operation in BUILT_IN}


def test_no_operation_has_gone() -> None:
    relied_on = {
        "bucket_numeric", "clean_text", "derive_column", "drop_columns", "encode_categoricals", "filter_rows",
        "fix_dtypes", "handle_missing", "handle_outliers", "mask", "merge_columns", "normalize_column_names", "nullify",
        "parse_dates", "parse_quantities", "python", "remove_duplicates", "remove_empty_columns", "rename_columns",
        "replace_pattern", "replace_values", "sample_rows", "scale_numeric", "select_columns", "sort_rows", "split_column",
    }  # fmt: skip
    assert not relied_on - {operation.op for operation in BUILT_IN}


def test_every_command_and_option_is_documented() -> None:
    missing = []
    for name, command in commands():
        missing += [name] if not command.help else []
        missing += [f"{name} {each.name}" for each in parameters(command) if not each.help]
    assert not missing


def test_the_readme_speaks_of_commands_that_exist() -> None:
    known = {name for name, _ in commands()}
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    readme = (ROOT / "README.md").read_text()
    spoken = re.findall(r"^(?:\$ )?(sanitizer(?: [a-z]+){1,2})", readme, re.MULTILINE)
    assert all(any(words.startswith(name) for name in known) for words in spoken)
    assert set(re.findall(r"\bmake ([a-z]+)`", readme)) <= targets
