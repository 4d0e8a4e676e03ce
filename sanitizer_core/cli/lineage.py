"""``sanitizer lineage``."""

from __future__ import annotations

from typing import Annotated

import typer

from sanitizer_core.cli.console import say


def lineage_command(
    artifacts: Annotated[str, typer.Argument(help="The folder of a run.")],
    namespace: Annotated[str, typer.Option(help="The namespace of the job.")] = "sanitizer",
) -> None:
    """Print the OpenLineage events of a run, one a line: what each column of its output comes from, and how."""
    from sanitizer_core.lineage import run_events, text_of
    from sanitizer_core.record import RunRecord

    for event in run_events(RunRecord.load(artifacts), namespace=namespace):
        say(text_of(event))
