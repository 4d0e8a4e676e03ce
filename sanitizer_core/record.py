"""What is written down about a run: the content of ``run.json``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sanitizer_core.errors import RestoreError, Where
from sanitizer_core.schema import DataType
from sanitizer_core.types_by_name import type_named

Status = Literal["passed", "warned", "failed"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecipeName(_Part):
    """Which recipe ran."""

    name: str
    version: int
    digest: str


class RowCounts(_Part):
    """``in_ == out + removed + rejected``; lines of a file that could not be read are rejected rows."""

    in_: int = Field(alias="in", serialization_alias="in")
    out: int
    removed: int
    rejected: int

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class AncestorRecord(_Part):
    """An input column that an output column is made from, in the words of column lineage."""

    column: str
    origin: str
    description: str


class ColumnRecord(_Part):
    """A column of the output.

    Args:
        source: the input column whose cells these are; ``None`` for one that a step added.
        added_by: the step that added it.
    """

    name: str
    type: str
    source: str | None
    ancestors: tuple[AncestorRecord, ...]
    masked: bool = False
    added_by: int | None = None


class InputColumn(_Part):
    """A column of the input: its type there, and what became of it.

    Args:
        output: the output column that holds its cells; ``None`` when it was dropped.
        sealed: the environment variable of the key under which its values are sealed, when it was masked.
    """

    name: str
    native: str
    output: str | None
    kind: str | None = None
    dropped_by: int | None = None
    sealed: str | None = None

    @property
    def type(self) -> DataType | None:
        """The type of the output column; ``None`` when there is none."""
        if self.kind is None:
            return None
        return DataType(self.kind) if self.kind in ("binary", "other") else type_named(self.kind)  # type: ignore[arg-type]


class StepRecord(_Part):
    """What a step did.

    Args:
        number: from 1; 0 is the reading of the input.
        changed: changed cells by input column.
        reasons: the reason in the log by input column.
        fitted: the values that were measured for it.
    """

    number: int
    op: str
    id: str | None = None
    description: str | None = None
    when: str | None = None
    audit: str = "cells"
    changed: dict[str, int] = {}
    reasons: dict[str, str] = {}
    removed: int = 0
    rejected: int = 0
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    fitted: dict[str, Any] = {}


class RunRecord(_Part):
    """A run, whole. ``json_object`` gives what ``--json`` prints.

    Args:
        parent: the run whose output this one goes on with, by its id.
        cells_changed: cells of the input's columns that came out otherwise; ``None`` where no log was to be kept.
    """

    format: int = 1
    run_id: str
    parent: str | None = None
    status: Status
    started: str
    seconds: float
    recipe: RecipeName
    source: dict[str, Any]
    engine: str
    versions: dict[str, str]
    rows: RowCounts
    cells_changed: int | None
    steps: tuple[StepRecord, ...]
    input_columns: tuple[InputColumn, ...]
    columns: tuple[ColumnRecord, ...]
    sorted: bool = False
    score: dict[str, Any] = {}
    contract: dict[str, Any] | None = None
    quality_gate: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    timings: dict[str, float] = {}
    artifacts: dict[str, str] = {}

    @classmethod
    def load(cls, folder: str | Path) -> RunRecord:
        """The record in the folder of a run.

        Raises:
            RestoreError: there is none, or it is not of a version that this release reads.
        """
        path = Path(folder) / "run.json"
        try:
            text = path.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            raise RestoreError(
                "this is not the folder of a run: it holds no run.json",
                where=Where(file=str(folder)),
                hint="Name the folder that 'sanitizer run' wrote beside the output (NAME.run).",
            ) from None
        except (OSError, ValueError) as error:
            raise RestoreError(
                f"run.json cannot be read: {str(error).splitlines()[0]}", where=Where(file=str(path))
            ) from None
        return cls.read(text, str(path))

    @classmethod
    def read(cls, text: str, place: str) -> RunRecord:
        """The record in a JSON text.

        Raises:
            RestoreError: it is not of a version that this release reads; with the place.
        """
        try:
            return cls.model_validate_json(text)
        except ValueError as error:
            raise RestoreError(
                f"run.json cannot be read: {str(error).splitlines()[0]}", where=Where(file=place)
            ) from None

    def refuse_unlogged(self, place: str) -> None:
        """Makes sure that the run can be undone.

        Raises:
            RestoreError: a step kept no log of its changes.
        """
        silent = [step for step in self.steps if step.audit != "cells" and (step.audit == "none" or step.changed)]
        if silent:
            first, kept = silent[0], "a summary" if silent[0].audit == "summary" else "no log"
            raise RestoreError(
                f"step {first.number} ({first.op}) kept {kept} of its changes, so they cannot be taken back",
                where=Where(file=place),
                hint="Run with --audit cells to be able to undo.",
            )

    def json_object(self) -> dict[str, Any]:
        """What ``sanitizer run --json`` prints."""
        brief = ("overall", "completeness", "uniqueness", "consistency", "integrity")
        return {
            "run_id": self.run_id,
            "status": self.status,
            "recipe": self.recipe.model_dump(),
            "rows": self.rows.model_dump(by_alias=True),
            "cells_changed": self.cells_changed,
            "score": {when: {key: score[key] for key in brief if key in score} for when, score in self.score.items()},
            "contract": self.contract,
            "artifacts": self.artifacts,
            "seconds": round(self.seconds, 3),
        }
