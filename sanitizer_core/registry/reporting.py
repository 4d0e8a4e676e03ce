"""Reporting runs. It never fails a pipeline, and nothing reported is lost."""

from __future__ import annotations

from sanitizer_core.errors import RegistryError
from sanitizer_core.record import RunRecord
from sanitizer_core.registry.client import Registry
from sanitizer_core.registry.spool import Spool


def report_run(registry: Registry, record: RunRecord) -> str | None:
    """Reports a run, and what could not be delivered before; ``None``, or why it has to wait on disk.

    Raises:
        OSError: it could neither be delivered nor kept.
    """
    spool = Spool.of(registry.address)
    try:
        registry.report(record)
    except RegistryError as error:
        path = spool.keep(record)
        return f"the run was not reported: {error}. It is kept in {path} and sent with the next report."
    left = send_spooled(registry)
    return f"{left} earlier reports still wait in {spool.folder}" if left else None


def send_spooled(registry: Registry) -> int:
    """Delivers the reports that wait, and says how many are left; those that are refused stay, to be looked at."""
    spool = Spool.of(registry.address)
    for path, record in spool.kept():
        try:
            registry.report(record)
        except RegistryError as error:
            if error.retryable:
                break
        else:
            path.unlink(missing_ok=True)
    return sum(1 for _ in spool.kept())
