"""Deciding, by what runs came to, whether the pipeline goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from airflow.sdk import BaseOperator, BranchMixIn

from sanitizer_airflow.failures import for_airflow
from sanitizer_airflow.hooks.sanitizer import SanitizerHook
from sanitizer_airflow.judging import FailOn, Finding, check_fail_on, fails, findings_of, worst
from sanitizer_airflow.summary import Summary, summary_of

if TYPE_CHECKING:
    from airflow.sdk import Context

OnFailure = Literal["fail", "skip", "branch"]


class QualityGateOperator(BaseOperator, BranchMixIn):
    """Lets the pipeline go on where runs are good enough: by score, by dimension, by contract, by what is usual.

    Everything is evaluated before it decides, and the decision names all that was found.

    Args:
        run: what ``SanitizeOperator`` or ``ContractCheckOperator`` returned, of a mapped one all of it; or the ids of runs,
            which the registry is asked for.
        min_score: the least overall score after cleaning, from 0 to 100.
        min_scores: the least score by dimension: ``completeness``, ``uniqueness``, ``consistency``, ``integrity``.
        contract: whether what the contract (and the recipe's own gate) found counts.
        anomaly: as what a score that the registry marks as unusual counts: ``error`` or ``warning``; else it is not asked.
        fail_on: ``error`` holds the pipeline for errors, ``warning`` also for warnings; with ``never`` it is only told.
        on_failure: ``fail`` fails the task, ``skip`` skips what is downstream, ``branch`` follows ``if_failed``.
        if_passed: with ``branch``, the task (or tasks, or group) to follow then; ``if_failed`` else.

    Returns, by XCom, ``passed`` and the findings.
    """

    inherits_from_skipmixin = True
    template_fields: Sequence[str] = ("run", "min_score", "min_scores", "sanitizer_conn_id")
    template_fields_renderers = {"run": "json", "min_scores": "json"}  # noqa: RUF012 (as in Airflow's own operators)
    ui_color = "#ffe8b3"

    def __init__(
        self,
        *,
        run: Any,
        min_score: float | str | None = None,
        min_scores: Mapping[str, float] | None = None,
        contract: bool = True,
        anomaly: Literal["error", "warning"] | None = None,
        fail_on: FailOn = "error",
        on_failure: OnFailure = "fail",
        if_passed: str | list[str] | None = None,
        if_failed: str | list[str] | None = None,
        sanitizer_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_fail_on(fail_on)
        if on_failure not in get_args(OnFailure):
            raise ValueError(f"on_failure is {on_failure!r}; allowed: {', '.join(get_args(OnFailure))}")
        if (on_failure == "branch") != (if_passed is not None and if_failed is not None):
            raise ValueError("on_failure='branch' goes with if_passed and if_failed, and they with it")
        self.run = run
        self.min_score = min_score
        self.min_scores = min_scores
        self.contract = contract
        self.anomaly = anomaly
        self.fail_on = fail_on
        self.on_failure = on_failure
        self.if_passed = if_passed
        self.if_failed = if_failed
        self.sanitizer_conn_id = sanitizer_conn_id

    def execute(self, context: Context) -> Summary:
        """Evaluates everything, then decides.

        Raises:
            AirflowFailException: the gate is shut, which another look at the same runs cannot open.
            AirflowException: the registry cannot be asked, which a retry can help.
        """
        with for_airflow():
            runs = [self._summary(each) for each in _each(self.run)]
            found = [finding for each in runs for finding in self._findings(each)]
        for finding in found:
            self.log.warning("%s", finding)
        passed = not fails(worst(found), self.fail_on)
        verdict = {"passed": passed, "runs": len(runs), "findings": [each.to_json() for each in found]}
        return self._decided(context, verdict, found)

    def _decided(self, context: Context, verdict: Summary, found: list[Finding]) -> Summary:
        from airflow.providers.common.compat.sdk import AirflowFailException

        if self.on_failure == "branch":
            context["ti"].xcom_push(key="return_value", value=verdict)
            self.do_branch(context, self.if_passed if verdict["passed"] else self.if_failed)
        elif not verdict["passed"]:
            context["ti"].xcom_push(key="return_value", value=verdict)
            if self.on_failure == "skip":
                self.do_branch(context, None)
            else:
                raise AirflowFailException("\n".join(["the quality gate is shut:", *map(str, found)]))
        return verdict

    def _findings(self, run: Summary) -> list[Finding]:
        scores = {"overall": self.min_score, **(self.min_scores or {})}
        wanted = {name: float(least) for name, least in scores.items() if least is not None}
        found = findings_of(run, wanted, contract=self.contract)
        if self.anomaly is None or "run_id" not in run:
            return found
        hook = SanitizerHook.needed(self.sanitizer_conn_id)
        return found + [Finding(told, self.anomaly, str(run["source"])) for told in hook.anomalies(run["run_id"])]

    def _summary(self, given: Any) -> Summary:
        if isinstance(given, Mapping):
            return dict(given)
        record = SanitizerHook.needed(self.sanitizer_conn_id).run(str(given))
        return summary_of(record, record.artifacts.get("output"), None, None)


def _each(given: Any) -> Iterable[Any]:
    """One run, or all of a mapped task's."""
    return [given] if isinstance(given, str | Mapping) else given
