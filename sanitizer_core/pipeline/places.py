"""Where a run writes to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from sanitizer_core.errors import SinkError
from sanitizer_core.sources.address import in_postgres, parse_address

STDOUT = "-"


@dataclass(frozen=True)
class Places:
    """The clean table's address and the folder of artifacts; each may be left out."""

    output: str | None
    folder: str | None

    @property
    def shown(self) -> str | None:
        """The output's address as it may be shown: that of a database may hold a password."""
        return parse_address(self.output, SinkError).shown if self.output and in_postgres(self.output) else self.output

    @property
    def output_is_artifact(self) -> bool:
        """Whether the clean table is just ``clean.parquet`` of the folder."""
        return self.output is None


def places(output: str | None, artifacts: str | None) -> Places:
    """What ``-o`` and ``--artifacts`` say.

    An output without a file's ending is the folder of the run. Beside an output file the artifacts stand in
    ``NAME.run``; the standard output has none unless they are asked for.
    """
    if output is None or output == STDOUT or in_postgres(output):
        return Places(output, artifacts)
    path = output.partition("?")[0].rstrip("/")
    name = PurePosixPath(path).name
    if output.endswith("/") or "." not in name.lstrip("."):
        return Places(None, path) if artifacts is None else Places(f"{path}/clean.parquet", artifacts)
    if artifacts is not None:
        return Places(output, artifacts)
    stem = name.split(".")[0] or name
    return Places(output, f"{path[: len(path) - len(name)]}{stem}.run")
