"""What was found in runs, and when it fails a task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from airflow.sdk import Context

FailOn = Literal["error", "warning", "never"]


def check_fail_on(fail_on: str) -> None:
    """Refuses another word, when the DAG is parsed.

    Raises:
        ValueError: with the words that there are.
    """
    if fail_on not in get_args(FailOn):
        raise ValueError(f"fail_on is {fail_on!r}; allowed: {', '.join(get_args(FailOn))}")


def fails(status: str, fail_on: str) -> bool:
    """Whether a status (``passed``, ``warned`` or ``failed``) fails the task."""
    return fail_on != "never" and (status == "failed" or (status == "warned" and fail_on == "warning"))


@dataclass(frozen=True)
class Finding:
    """Something that speaks against a run.

    Args:
        severity: ``error`` or ``warning``.
        source: what the run read.
    """

    told: str
    severity: str
    source: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.source}: {self.told}"

    def to_json(self) -> dict[str, str]:
        """The finding as plain JSON data."""
        return asdict(self)


def worst(found: Iterable[Finding]) -> str:
    """The status that findings make together."""
    severities = {each.severity for each in found}
    return "failed" if "error" in severities else "warned" if severities else "passed"


def findings_of(run: Mapping[str, Any], least: Mapping[str, float], *, contract: bool) -> list[Finding]:
    """All that speaks against a run.

    Args:
        run: what an operator returned of it.
        least: the least score after cleaning, by dimension.
        contract: whether its contract and its recipe's own gate count.
    """
    source = str(run["source"])
    found = [
        Finding(told, "error", source)
        for dimension, score in least.items()
        if (told := _below(run.get("score"), dimension, score))
    ]
    return found + _contract_findings(run, source) if contract else found


def _below(scores: Mapping[str, Any] | None, dimension: str, least: float) -> str | None:
    """What is told of a score that is too low. One that was not measured, or does not exist, is no good score."""
    after = (scores or {}).get("after") or {}
    if dimension not in after:
        known = f"; there are: {', '.join(after)}" if after else ""
        return f"the run has no score {dimension!r}{known}"
    score = after[dimension]
    return f"{dimension} is {score:.2f}, below {least:g}" if score < least else None


def _contract_findings(run: Mapping[str, Any], source: str) -> list[Finding]:
    """What the contract found; a status that nothing explains counts too, for a gate lets nothing through unseen."""
    verdict = run if "broken" in run else run.get("contract")
    broken = list(verdict["broken"]) if verdict else []
    softened = run["status"] != "failed"  # Rows that broke it are in quarantine, or the contract only warns.
    found = [Finding(told_of(each), "warning" if softened else each["severity"], source) for each in broken]
    gate = run.get("quality_gate")
    if gate is not None and not gate["passed"]:
        found.append(
            Finding(f"overall is {gate['overall']:.2f}, below the recipe's {gate['minimum']:g}", "error", source)
        )
    if worst(found) == "passed" and run["status"] != "passed":
        found.append(Finding(f"the run {run['status']}", "error" if run["status"] == "failed" else "warning", source))
    return found


def told_of(broken: Mapping[str, Any]) -> str:
    """One sentence about a check that failed."""
    counted = f" ({broken['failed']:,} of {broken['checked']:,} failed)" if "failed" in broken else ""
    return f"{broken['id']}: {broken['told']}{counted}"


def broken_lines(verdict: Mapping[str, Any]) -> list[str]:
    """A line for each check of a verdict that failed."""
    return [f"{each['severity']}: {told_of(each)}" for each in verdict["broken"]]


def judge(context: Context, summary: Mapping[str, Any], fail_on: str) -> None:
    """Fails the task where ``fail_on`` says so; what the run came to is in XCom then too.

    Raises:
        AirflowFailException: the same input and recipe would come to the same.
    """
    from airflow.providers.common.compat.sdk import AirflowFailException

    if fails(summary["status"], fail_on):
        context["ti"].xcom_push(key="return_value", value=summary)
        raise AirflowFailException(told_of_run(summary))


def told_of_run(summary: Mapping[str, Any]) -> str:
    """Why a run fails a task, and where to look."""
    contract, gate, rejected = summary["contract"], summary["quality_gate"], summary["rows"]["rejected"]
    lines = broken_lines(contract) if contract is not None else []
    if gate is not None and not gate["passed"]:
        lines.append(f"error: the score is {gate['overall']:.2f}, below the recipe's minimum of {gate['minimum']:g}")
    lines += [f"{rejected:,} rows were rejected"] if rejected else []
    recipe = summary["recipe"]
    head = f"{recipe['name']} v{recipe['version']} {summary['status']} on {summary['source']}"
    where = f". The rows and reasons are in {summary['artifacts']}" if summary["artifacts"] else ""
    return "\n".join([f"{head}{where}", *lines])
