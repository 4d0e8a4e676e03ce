"""The registry as its users see it: a client, and a spool for what is reported while the registry is away."""

from sanitizer_core.registry.client import JobStatus, PublishedVersion, Registry, RunSummary, ScorePoint
from sanitizer_core.registry.reporting import report_failure, report_run, send_spooled
from sanitizer_core.registry.spool import Report, Spool

__all__ = [
    "JobStatus",
    "PublishedVersion",
    "Registry",
    "Report",
    "RunSummary",
    "ScorePoint",
    "Spool",
    "report_failure",
    "report_run",
    "send_spooled",
]
