"""Questions to a warehouse, put through the project's own dbt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanitizer_core.errors import MissingExtraError, ProjectError, Where


@dataclass(frozen=True)
class Dbt:
    """The dbt of a project: its folder, and what of its profile is used; its own choice where nothing is said."""

    project: Path
    profiles: Path | None = None
    target: str | None = None

    def ask(self, operation: str, mark: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What an operation prints as JSON behind a mark.

        Raises:
            ProjectError: dbt fails, with its last words.
            MissingExtraError: there is no dbt.
        """
        # What dbt left of its last run stays as it is, for it can be asked for again, and by others.
        command = [*_program(), "run-operation", operation, "--no-write-json", "--args", json.dumps(arguments)]
        command += ["--project-dir", str(self.project)]
        command += ["--profiles-dir", str(self.profiles)] if self.profiles is not None else []
        command += ["--target", self.target] if self.target is not None else []
        quiet = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1", "NO_COLOR": "1"}
        done = subprocess.run(  # noqa: S603 (dbt itself, with arguments that no shell reads)
            command, env=os.environ | quiet, capture_output=True, text=True, check=False
        )
        told = [line for line in done.stdout.splitlines() if line.startswith(mark)]
        if done.returncode or not told:
            raise ProjectError(
                f"dbt could not run {operation}: {_last_words(done.stdout + done.stderr)}",
                where=Where(file=str(self.project)),
                hint="Run 'dbt debug' and 'dbt deps' there.",
            )
        return dict(json.loads(told[-1].removeprefix(mark)))


def _program() -> list[str]:
    beside = Path(sys.executable).with_name("dbt")
    found = str(beside) if beside.exists() else shutil.which("dbt")
    if found is None:
        raise MissingExtraError("dbt-core", "dbt")
    return [found, "--no-version-check"]


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return " ".join(lines[-3:]) or "it said nothing"
