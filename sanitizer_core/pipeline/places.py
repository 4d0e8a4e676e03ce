"""Where a run writes to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

STDOUT = "-"


@dataclass(frozen=True)
class Places:
    """The clean table's address and the folder of artifacts; each may be left out."""

    output: str | None
    folder: str | None

    @property
    def output_is_artifact(self) -> bool:
        """Whether the clean table is just ``clean.parquet`` of the folder."""
        return self.output is None


def places(output: str | None, artifacts: str | None) -> Places:
    """What ``-o`` and ``--artifacts`` say.

    An output without a file's ending is the folder of the run. Beside an output file the artifacts stand in
    ``NAME.run``; the standard output has none unless they are asked for.
    """
    if output is None or output == STDOUT or output.lower().startswith(("postgresql://", "postgres://")):
        return Places(output, artifacts)
    path = output.partition("?")[0].rstrip("/")
    name = PurePosixPath(path).name
    if output.endswith("/") or "." not in name.lstrip("."):
        return Places(None, path) if artifacts is None else Places(f"{path}/clean.parquet", artifacts)
    if artifacts is not None:
        return Places(output, artifacts)
    stem = name.split(".")[0] or name
    return Places(output, f"{path[: len(path) - len(name)]}{stem}.run")
