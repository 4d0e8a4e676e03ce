"""Reporting runs. It never fails a pipeline, and nothing reported is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sanitizer_core.errors import MissingExtraError, RegistryError
from sanitizer_core.lineage import Parent, failed_event, run_events, text_of
from sanitizer_core.record import RunRecord
from sanitizer_core.registry.client import Registry
from sanitizer_core.registry.spool import Report, Spool


def report_run(registry: Registry, record: RunRecord, parent: Parent | None = None) -> str | None:
    """Reports a run with its lineage, and what could not be delivered before; ``None``, or why it waits on disk.

    Args:
        parent: the run that it is a part of; else the one that the environment names.

    Raises:
        OSError: it could neither be delivered nor kept.
    """
    return _delivered(registry, Report(record.run_id, _events(record, parent or Parent.from_environment()), record))


def report_failure(registry: Registry, recipe: str, message: str) -> str | None:
    """Reports that a run could not be carried out, as an event of lineage (see ``report_run``).

    Args:
        message: what the error said; it never holds a secret or a cell.
    """
    try:
        event = failed_event(message, recipe, datetime.now(UTC), parent=Parent.from_environment())
    except MissingExtraError:
        return None
    told = json.loads(text_of(event))
    return _delivered(registry, Report(told["run"]["runId"], [told], None))


def send_spooled(registry: Registry) -> int:
    """Delivers the reports that wait, and says how many are left; those that are refused stay, to be looked at."""
    spool = Spool.of(registry.address)
    for path, report in spool.kept():
        try:
            _send(registry, report)
        except RegistryError as error:
            if error.retryable:
                break
        else:
            path.unlink(missing_ok=True)
    return sum(1 for _ in spool.kept())


def _delivered(registry: Registry, report: Report) -> str | None:
    spool = Spool.of(registry.address)
    try:
        _send(registry, report)
    except RegistryError as error:
        path = spool.keep(report)
        return f"the run was not reported: {error}. It is kept in {path} and sent with the next report."
    left = send_spooled(registry)
    return f"{left} earlier reports still wait in {spool.folder}" if left else None


def _send(registry: Registry, report: Report) -> None:
    """Events first: the registry makes them from the record itself when it has none, but knows less than we do.

    One that takes no events, of an earlier release, gets the record alone.
    """
    try:
        if report.events:
            registry.send_events(report.events)
    except RegistryError as error:
        if error.retryable or report.record is None:
            raise
    if report.record is not None:
        registry.report(report.record)


def _events(record: RunRecord, parent: Parent | None) -> list[dict[str, Any]]:
    """The events of a run; none without OpenLineage's client, where the registry makes them."""
    try:
        return [json.loads(text_of(each)) for each in run_events(record, parent=parent)]
    except MissingExtraError:
        return []
