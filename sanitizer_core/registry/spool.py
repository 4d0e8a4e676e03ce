"""Reports that could not be delivered, kept on disk until they can."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanitizer_core.record import RunRecord

FOLDER = "SANITIZER_SPOOL"
"""The environment variable of the folder; else ``~/.local/state/sanitizer/spool``."""


@dataclass(frozen=True)
class Report:
    """What is told of a run.

    Args:
        events: of its lineage, as plain JSON data.
        record: ``None`` of a run that could not be carried out.
    """

    run_id: str
    events: Sequence[Any]
    record: RunRecord | None


class Spool:
    """A folder with one file a run, for one registry. Several processes may use it at once: to deliver twice is safe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, address: str) -> Spool:
        """The spool of the registry at an address."""
        root = os.environ.get(FOLDER)
        base = Path(root) if root else Path.home() / ".local" / "state" / "sanitizer" / "spool"
        return cls(base / hashlib.sha256(address.encode()).hexdigest()[:16])

    def keep(self, report: Report) -> Path:
        """Keeps a report; it has its name only once it is whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{report.run_id}.json"
        beside = path.with_suffix(f".{os.getpid()}.part")
        record = report.record.model_dump(mode="json", by_alias=True) if report.record is not None else None
        beside.write_text(json.dumps({"events": list(report.events), "record": record}), encoding="utf-8")
        beside.replace(path)
        return path

    def kept(self) -> Iterator[tuple[Path, Report]]:
        """The reports, the oldest first. What is no report any more is left where it is."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("*.json"), key=lambda each: each.stat().st_mtime):
            try:
                yield path, _read(path)
            except (FileNotFoundError, ValueError):
                continue


def _read(path: Path) -> Report:
    """A report; of an earlier release it is a record alone."""
    told = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise ValueError("a report is an object")
    plain = told if "events" in told else {"events": [], "record": told}
    record = RunRecord.model_validate(plain["record"]) if plain["record"] is not None else None
    return Report(record.run_id if record else path.stem, plain["events"], record)
