"""The section ``[sanitizer]`` of Airflow's configuration."""

from __future__ import annotations

from sanitizer_airflow.provider import SECTION


def setting(name: str) -> str | None:
    """What is set, else ``None``; it is asked for while a task runs, never when a DAG is parsed."""
    from airflow.providers.common.compat.sdk import conf

    return conf.get(SECTION, name, fallback="") or None


def threads() -> int | None:
    """The cores that a task may use."""
    told = setting("threads")
    return int(told) if told else None


def deferrable_by_default() -> bool:
    """Whether operators that can wait in the triggerer do."""
    from airflow.providers.common.compat.sdk import conf

    return bool(conf.getboolean("operators", "default_deferrable", fallback=False))
