"""Holding a table against a contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from sanitizer_airflow.definitions import Definitions
from sanitizer_airflow.failures import for_airflow
from sanitizer_airflow.hooks.sanitizer import SanitizerHook
from sanitizer_airflow.judging import FailOn, broken_lines, check_fail_on, fails
from sanitizer_airflow.places import address_of, credentials_of
from sanitizer_airflow.summary import Summary, contract_summary, result_of_checks, tell_assets

if TYPE_CHECKING:
    from airflow.sdk import Context

    from sanitizer_airflow.lineage import Lineage


class ContractCheckOperator(BaseOperator):
    """Holds a table against a contract, all checks in one scan; nothing is cleaned or written, but the failing rows.

    Args:
        source: a path, an address, or a table of ``source_conn_id``.
        contract: a file (from the DAG's folder), a mapping or text, or ``name@version`` or ``name@label`` in the registry.
        rejected: where the rows that break it go, each with its reasons.
        fail_on: ``error`` fails the task when a check of that severity does, ``warning`` also for those; or ``never``.

    Returns, by XCom, the verdict without the checks that passed.
    """

    template_fields: Sequence[str] = ("source", "contract", "source_conn_id", "rejected", "sanitizer_conn_id")
    template_fields_renderers = {"contract": "yaml"}  # noqa: RUF012 (as in Airflow's own operators)
    ui_color = "#e6e6fa"

    def __init__(
        self,
        *,
        source: str,
        contract: str | Mapping[str, Any],
        source_conn_id: str | None = None,
        rejected: str | None = None,
        fail_on: FailOn = "error",
        sanitizer_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_fail_on(fail_on)
        self.source = source
        self.contract = contract
        self.source_conn_id = source_conn_id
        self.rejected = rejected
        self.fail_on = fail_on
        self.sanitizer_conn_id = sanitizer_conn_id
        self._verdict: dict[str, Any] | None = None

    def execute(self, context: Context) -> Summary:
        """Makes the check, and fails the task where ``fail_on`` says so.

        Raises:
            AirflowFailException: a retry would fail alike.
            AirflowException: a retry can help.
        """
        from airflow.providers.common.compat.sdk import AirflowFailException

        with for_airflow():
            verdict, lines = self._checked()
        self._verdict = verdict
        found = contract_summary(verdict) or {}
        summary = found | {"rows": verdict["rows"], "lines_not_read": lines, "rejected": self.rejected}
        summary |= {"source": self._shown(), "output": None}
        tell_assets(context, self.outlets, summary, result_of_checks(verdict, str(context["ti"].id), self._shown()))
        if fails(found["status"], self.fail_on):
            context["ti"].xcom_push(key="return_value", value=summary)
            head = f"{self._shown()} breaks the contract {found['name']} v{found['version']}"
            where = f" The rows and reasons are in {self.rejected}." if self.rejected else ""
            raise AirflowFailException("\n".join([f"{head}.{where}", *broken_lines(found)]))
        return summary

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Lineage:
        """The table, with what the contract made of it."""
        from sanitizer_airflow.lineage import lineage_of_check

        return lineage_of_check(self._shown(), self._verdict, self.outlets)

    def _checked(self) -> tuple[dict[str, Any], int]:
        from sanitizer_core.pipeline.contracts import check_source

        hook = SanitizerHook.named(self.sanitizer_conn_id)
        contract = Definitions(Path(self.dag.folder), hook).contract(self.contract)
        assert contract is not None  # One was given.
        with credentials_of(self.source_conn_id):
            found = check_source(contract, address_of(self.source, self.source_conn_id), self.rejected)
        return found.verdict.to_json(), found.lines

    def _shown(self) -> str:
        """The table's address without a credential."""
        from sanitizer_core.errors import SourceError
        from sanitizer_core.sources.address import parse_address

        return parse_address(address_of(self.source, self.source_conn_id), SourceError).shown
