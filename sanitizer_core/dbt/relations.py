"""The columns of a project's relations, as its own dbt sees them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

from sanitizer_core.dbt.sync import AskColumns
from sanitizer_core.errors import MissingExtraError, ProjectError, Where
from sanitizer_core.schema import DataType, Kind

MARK = "sanitizer_columns:"
"""What the line of the answer begins with, among all that dbt says."""


def columns_through_dbt(project: Path, profiles: Path | None, target: str | None) -> AskColumns:
    """Asks a relation's columns of the project's own dbt, with its profile."""

    def ask(relation: str) -> Mapping[str, str]:
        answer = _run(project, profiles, target, {"relation": relation})
        columns = {each["name"]: str(kind_of(each["type"], answer["adapter"])) for each in answer["columns"]}
        if not columns:
            raise ProjectError(
                f"{relation!r} is not there yet, or has no columns",
                where=Where(file=str(project)),
                hint="Build it first (dbt build), or declare the columns in the recipe or its pin.",
            )
        return columns

    return ask


def _run(project: Path, profiles: Path | None, target: str | None, arguments: Mapping[str, str]) -> dict[str, Any]:
    command = [*_program(), "run-operation", "sanitizer.tell_columns", "--args", json.dumps(arguments)]
    command += ["--project-dir", str(project)]
    command += ["--profiles-dir", str(profiles)] if profiles is not None else []
    command += ["--target", target] if target is not None else []
    quiet = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1", "NO_COLOR": "1"}
    done = subprocess.run(  # noqa: S603 (dbt itself, with arguments that no shell reads)
        command, env=os.environ | quiet, capture_output=True, text=True, check=False
    )
    told = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not told:
        raise ProjectError(
            f"dbt could not tell the columns of {arguments['relation']!r}: {_last_words(done.stdout + done.stderr)}",
            where=Where(file=str(project)),
            hint="Run 'dbt debug' and 'dbt deps' there, or declare the columns in the recipe or its pin.",
        )
    return dict(json.loads(told[-1].removeprefix(MARK)))


def _program() -> list[str]:
    beside = Path(sys.executable).with_name("dbt")
    found = str(beside) if beside.exists() else shutil.which("dbt")
    if found is None:
        raise MissingExtraError("dbt-core", "dbt")
    return [found, "--no-version-check"]


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return " ".join(lines[-3:]) or "it said nothing"


_KINDS: dict[exp.DType, Kind] = {
    **dict.fromkeys(exp.DataType.TEXT_TYPES, "text"),
    **dict.fromkeys(exp.DataType.INTEGER_TYPES, "integer"),
    **dict.fromkeys(exp.DataType.FLOAT_TYPES, "float"),
    exp.DType.BOOLEAN: "boolean",
    exp.DType.DATE: "date",
    exp.DType.TIME: "time",
    exp.DType.TIMESTAMP: "timestamp",
    exp.DType.TIMESTAMPNTZ: "timestamp",
    exp.DType.DATETIME: "timestamp",
    exp.DType.TIMESTAMPTZ: "timestamptz",
    exp.DType.TIMESTAMPLTZ: "timestamptz",
}


def kind_of(native: str, adapter: str) -> DataType:
    """The logical type of a warehouse's own name of a type; ``other`` for what recipes do not work on."""
    try:
        tree = exp.DataType.build(native, dialect=adapter)
    except sqlglot.ParseError:
        return DataType("other", native=native)
    if tree.this in exp.DataType.NUMERIC_TYPES and tree.expressions:
        precision, scale = [*(int(each.name) for each in tree.expressions), 0][:2]
        return DataType("decimal", precision, scale)
    return DataType(_KINDS.get(tree.this, "other"), native=native)
