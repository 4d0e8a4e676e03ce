"""How hard each check of a contract is held: its severity and its threshold, found by its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from sanitizer_core.contract.canonical import canonical_id
from sanitizer_core.contract.envelope import Severity, Threshold

Found = TypeVar("Found")


@dataclass(frozen=True)
class Terms:
    """Severities by check or by column, and thresholds by check."""

    severities: Mapping[str, Severity]
    thresholds: Mapping[str, Threshold]

    def severity(
        self, check: str, column: str | None, *, warning: bool = False, pattern: str | None = None
    ) -> Severity:
        """A check's own severity before its column's, and that before ``raise_warning`` of the schema.

        Args:
            pattern: the pattern of names that the column was found by, which may stand in its place.
        """
        by_check = {canonical_id(name): severity for name, severity in self.severities.items()}
        own = _first(by_check, _names(check, column, pattern))
        return own or _first(self.severities, [column, pattern]) or ("warning" if warning else "error")

    def threshold(self, check: str, column: str | None = None, pattern: str | None = None) -> Threshold | None:
        by_check = {canonical_id(name): threshold for name, threshold in self.thresholds.items()}
        return _first(by_check, _names(check, column, pattern))


def _names(check: str, column: str | None, pattern: str | None) -> list[str | None]:
    if column is None or pattern is None:
        return [canonical_id(check)]
    return [canonical_id(check), canonical_id(pattern + check.removeprefix(column))]


def _first(given: Mapping[str, Found], names: list[str | None]) -> Found | None:
    return next((given[name] for name in names if name is not None and name in given), None)
