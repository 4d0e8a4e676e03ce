"""Data Sanitizer in Airflow: operators, a hook, a trigger and a task decorator."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanitizer_airflow.hooks.sanitizer import SanitizerHook
    from sanitizer_airflow.operators.contract import ContractCheckOperator
    from sanitizer_airflow.operators.dbt import DbtSyncOperator
    from sanitizer_airflow.operators.gate import QualityGateOperator
    from sanitizer_airflow.operators.job import SanitizeJobOperator
    from sanitizer_airflow.operators.restore import RestoreOperator
    from sanitizer_airflow.operators.sanitize import SanitizeOperator
    from sanitizer_airflow.triggers.job import JobTrigger

_PLACES = {
    "ContractCheckOperator": "operators.contract",
    "DbtSyncOperator": "operators.dbt",
    "JobTrigger": "triggers.job",
    "QualityGateOperator": "operators.gate",
    "RestoreOperator": "operators.restore",
    "SanitizeJobOperator": "operators.job",
    "SanitizeOperator": "operators.sanitize",
    "SanitizerHook": "hooks.sanitizer",
}


def __getattr__(name: str) -> Any:
    """A DAG file pays for the operators that it names, and for no other."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


__all__ = [
    "ContractCheckOperator",
    "DbtSyncOperator",
    "JobTrigger",
    "QualityGateOperator",
    "RestoreOperator",
    "SanitizeJobOperator",
    "SanitizeOperator",
    "SanitizerHook",
]
