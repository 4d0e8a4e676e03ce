"""Carrying out what somebody decided about the cells of a run: a run of its own, upon the clean table of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sanitizer_core.audit.files import RunFiles
from sanitizer_core.errors import PlanError, Where, did_you_mean
from sanitizer_core.ops.constant import Scalar, constant
from sanitizer_core.ops.rows.review import Review
from sanitizer_core.pipeline.running import RunResult, run
from sanitizer_core.recipe import Recipe
from sanitizer_core.record import RunRecord
from sanitizer_core.schema import Column, DataType
from sanitizer_core.types_by_name import type_named

if TYPE_CHECKING:
    from sanitizer_core.contract import Contract

Action = Literal["keep", "remove", "set"]


@dataclass(frozen=True)
class Decision:
    """What somebody decided about a cell.

    Args:
        row: of the clean table, from 0.
        action: ``keep`` it as it is, ``remove`` its row, or ``set`` it to the value.
        reason: the sentence for the log.
        who: who decided, for the step's description.
    """

    row: int
    column: str
    action: Action
    reason: str
    value: Scalar | None = None
    who: str | None = None


def check_decision(record: RunRecord, decision: Decision) -> None:
    """Makes sure that a decision speaks of a cell of the run's clean table.

    Raises:
        PlanError: there is no such row or column, it is masked, or the value is not of its type.
    """
    columns = {each.name: each for each in record.columns}
    found = columns.get(decision.column)
    if found is None:
        raise PlanError(
            f"the clean table has no column {decision.column!r}", hint=did_you_mean(decision.column, columns)
        )
    if not 0 <= decision.row < record.rows.out:
        raise PlanError(f"the clean table has {record.rows.out} rows, counted from 0; there is no row {decision.row}")
    if decision.action == "set" and found.masked:
        raise PlanError(f"{found.name!r} is masked, so that no value can be set", where=Where(column=found.name))
    if decision.action == "set" and decision.value is not None:
        constant(decision.value, Column(found.name, _type_of(found.type)))


def _type_of(name: str) -> DataType:
    return DataType(name) if name in ("binary", "other") else type_named(name)  # type: ignore[arg-type]


def review_recipe(record: RunRecord, decisions: Iterable[Decision]) -> Recipe:
    """The recipe that carries decisions out: a step for every reason. Of several on one cell, the last counts."""
    last = {(each.row, each.column): each for each in decisions}
    groups: dict[tuple[str, str | None], list[Decision]] = {}
    for each in last.values():
        if each.action != "keep":
            groups.setdefault((each.reason, each.who), []).append(each)
    steps = [_step(reason, who, members) for (reason, who), members in groups.items()]
    content = {"name": f"{record.recipe.name}.review", "version": record.recipe.version, "steps": steps}
    return Recipe.model_validate(content | {"input": {"infer": False}})


def _step(reason: str, who: str | None, decisions: Sequence[Decision]) -> Mapping[str, Any]:
    params = {
        "reason": reason,
        "set": [
            {"row": each.row, "column": each.column, "value": each.value} for each in decisions if each.action == "set"
        ],
        "remove": sorted({each.row for each in decisions if each.action == "remove"}),
    }
    return {"op": Review.op, "params": params} | ({"description": f"decided by {who}"} if who else {})


def apply_decisions(
    folder: str,
    decisions: Iterable[Decision],
    artifacts: str,
    *,
    contract: Contract | None = None,
    run_id: str | None = None,
    memory_limit: str | None = None,
) -> RunResult:
    """The run that carries decisions out. Its parent is the run they were made on; undone, it gives that run's output.

    Args:
        folder: of the run that they were made on.
        artifacts: the folder of the new run.

    Raises:
        SanitizerError: as of ``run``; a decision that speaks of no cell is a PlanError.
    """
    files = RunFiles.at(folder)
    record = files.record()
    told = list(decisions)
    for each in told:
        check_decision(record, each)
    return run(
        files.place("clean.parquet"), review_recipe(record, told), artifacts=artifacts, contract=contract,
        run_id=run_id, source_name=f"run:{record.run_id}", parent=record.run_id, memory_limit=memory_limit,
        engine="duckdb",
    )  # fmt: skip
