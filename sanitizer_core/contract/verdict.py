"""What a contract makes of a table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sanitizer_core.contract.envelope import OnViolation, Severity

Status = Literal["passed", "warned", "failed"]
FindingKind = Literal["missing", "extra", "disordered", "mistyped"]


@dataclass(frozen=True)
class Finding:
    """Something about the columns, known before a row is read.

    Args:
        check: its id, such as ``email.required`` or ``table.strict``.
    """

    check: str
    kind: FindingKind
    column: str | None
    message: str
    severity: Severity
    hint: str | None = None


@dataclass(frozen=True)
class CheckResult:
    """What became of one check.

    Args:
        id: ``column.check``, or ``table.check``; a second one of the name has ``#2`` behind it.
        column: nothing for a check of the whole table.
        description: what it asks, as a sentence.
        threshold: how much may fail, as given in the contract.
        checked: cells (or rows) that were asked; nulls are not, unless the check asks for them.
        failed: those that failed; all of them are in the failing view, also when the check passed.
        scope: ``rows`` where single rows fail; ``whole`` where the check speaks of all rows at once, and
            ``checked`` is 1.
        error: why the check could not be made, which fails it.
    """

    id: str
    column: str | None
    description: str
    severity: Severity
    threshold: dict[str, float | int] | None
    checked: int
    failed: int
    passed: bool
    scope: Literal["rows", "whole"]
    error: str | None = None

    @property
    def fraction(self) -> float:
        """Failed by checked, from 0 to 1; 0 where nothing was checked."""
        return self.failed / self.checked if self.checked else 0.0


@dataclass(frozen=True)
class Verdict:
    """What a contract makes of a table.

    Args:
        status: ``failed`` when an error-severity check or finding is broken (``warned``, where the contract says
            ``on_violation: warn``), ``warned`` when only warnings are, else ``passed``.
        rows: in the table.
        rows_failed: rows in the failing view.
        failing_view: a temporary view of the connection with one row per failing row: ``row`` (BIGINT, its id),
            ``reasons`` (VARCHAR[], each ``id: sentence``), ``columns`` (VARCHAR[], those whose cells fail) and
            ``severity`` (``error`` when one of the reasons is).
        cells_failed_per_column: cells that break at least one check, by column; columns without any are left out.
        notes: what the schema says and was not checked, as sentences.
    """

    contract: str
    version: int
    digest: str
    on_violation: OnViolation
    status: Status
    rows: int
    rows_failed: int
    checks: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]
    failing_view: str
    cells_failed_per_column: dict[str, int]
    notes: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[CheckResult | Finding, ...]:
        """Findings and checks that failed."""
        return (*self.findings, *(check for check in self.checks if not check.passed))

    @property
    def rows_can_be_removed(self) -> bool:
        """Whether the contract holds once the rows of the failing view with an error are gone."""
        errors = [each for each in self.broken if each.severity == "error"]
        return not any(isinstance(each, Finding) or each.scope == "whole" for each in errors)

    def to_json(self) -> dict[str, Any]:
        """The verdict as plain JSON data."""
        data = asdict(self)
        for told, check in zip(data["checks"], self.checks, strict=True):
            told["fraction"] = check.fraction
        return data | {"checks": list(data["checks"]), "findings": list(data["findings"]), "notes": list(self.notes)}


def status_of(broken: list[Severity], on_violation: OnViolation) -> Status:
    """The status from the severities of what is broken."""
    if "error" in broken:
        return "warned" if on_violation == "warn" else "failed"
    return "warned" if broken else "passed"
