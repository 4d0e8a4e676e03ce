"""What an older Airflow leaves to us; all of it is in this file, and goes when that release does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger
from asgiref.sync import sync_to_async

if TYPE_CHECKING:
    from collections.abc import Mapping


async def killed_unseen(trigger: BaseTrigger) -> bool:
    """Whether somebody killed the task of a trigger that is being cancelled, and Airflow will not call its ``on_kill``.

    Airflow 3.3 calls it. 3.2 only cancels the trigger, as it does when the triggerer stops; but then the task still waits.
    """
    task: Any = trigger.task_instance
    if hasattr(BaseTrigger, "on_kill") or task is None:
        return False
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    states: Mapping[str, Mapping[str, Any]] = await sync_to_async(RuntimeTaskInstance.get_task_states)(
        dag_id=task.dag_id, task_ids=[task.task_id], run_ids=[task.run_id], map_index=task.map_index
    )
    return any(state != "deferred" for state in states.get(task.run_id, {}).values())
