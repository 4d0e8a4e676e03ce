"""``@task.sanitize``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import (
    SET_DURING_EXECUTION,
    DecoratedOperator,
    context_merge,
    determine_kwargs,
    task_decorator_factory,
)

from sanitizer_airflow.operators.sanitize import SanitizeOperator
from sanitizer_airflow.summary import Summary

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.bases.decorator import TaskDecorator


class SanitizeDecoratedOperator(DecoratedOperator, SanitizeOperator):
    """Cleans what a function returned: an address, or a table of pandas, Polars or Arrow."""

    template_fields = (*DecoratedOperator.template_fields, *SanitizeOperator.template_fields)
    template_fields_renderers = {  # noqa: RUF012 (as in Airflow's own operators)
        **DecoratedOperator.template_fields_renderers,
        **SanitizeOperator.template_fields_renderers,
    }
    custom_operator_name = "@task.sanitize"
    overwrite_rtif_after_execution = True

    def __init__(
        self,
        *,
        python_callable: Callable[..., Any],
        op_args: Collection[Any] | None = None,
        op_kwargs: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            python_callable=python_callable,
            op_args=op_args,
            op_kwargs=op_kwargs,
            source=SET_DURING_EXECUTION,
            **kwargs,
        )
        self._returned: Any = None

    def execute(self, context: Context) -> Summary:
        """Calls the function, then cleans what it returned."""
        context_merge(context, self.op_kwargs)
        kwargs = determine_kwargs(self.python_callable, self.op_args, context)
        self._returned = self.python_callable(*self.op_args, **kwargs)
        self.source = self._returned if isinstance(self._returned, str) else f"a {type(self._returned).__name__}"
        return SanitizeOperator.execute(self, context)

    def _source(self) -> Any:
        return self._returned if not isinstance(self._returned, str) else super()._source()


def sanitize_task(python_callable: Callable[..., Any] | None = None, **kwargs: Any) -> TaskDecorator:
    """Makes of a function a task that cleans what it returns; the arguments are those of ``SanitizeOperator``."""
    return task_decorator_factory(
        python_callable=python_callable, decorated_operator_class=SanitizeDecoratedOperator, **kwargs
    )
