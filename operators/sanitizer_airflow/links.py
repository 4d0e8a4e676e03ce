"""Links of a task in Airflow's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey


class RunLink(BaseOperatorLink):
    """To the run in the registry; empty where there is no registry, or no run yet."""

    @property
    def name(self) -> str:
        return "Run in the registry"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """The link that the operator left when its run was over; Airflow asks for it in the task's own process."""
        return getattr(operator, "run_link", None) or ""
