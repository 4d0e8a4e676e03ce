"""Reports that could not be delivered, kept on disk until they can."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from sanitizer_core.record import RunRecord

FOLDER = "SANITIZER_SPOOL"
"""The environment variable of the folder; else ``~/.local/state/sanitizer/spool``."""


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

    def keep(self, record: RunRecord) -> Path:
        """Keeps a report; it has its name only once it is whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{record.run_id}.json"
        beside = path.with_suffix(f".{os.getpid()}.part")
        beside.write_text(record.model_dump_json(by_alias=True), encoding="utf-8")
        beside.replace(path)
        return path

    def kept(self) -> Iterator[tuple[Path, RunRecord]]:
        """The reports, the oldest first. What is no report any more is left where it is."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("*.json"), key=lambda each: each.stat().st_mtime):
            try:
                yield path, RunRecord.model_validate_json(path.read_text(encoding="utf-8"))
            except (FileNotFoundError, ValueError):
                continue
