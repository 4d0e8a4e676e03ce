"""``sanitizer restore``."""

from __future__ import annotations

from typing import Annotated

import typer

from sanitizer_core.cli.console import plural, say


def restore_command(
    artifacts: Annotated[str, typer.Argument(help="The folder of a run.")],
    output: Annotated[str, typer.Option("--output", "-o", help="Where the restored table goes.")],
    master: Annotated[str | None, typer.Option(help="Of a run on Spark: a Spark that is started here.")] = None,
    remote: Annotated[str | None, typer.Option(help="Of a run on Spark: a Spark Connect server.")] = None,
) -> None:
    """Undo a run: write its input as it was, cell for cell."""
    from sanitizer_core.pipeline.restoring import restore
    from sanitizer_core.pipeline.restoring_on_spark import restore_on_spark

    if master or remote:
        written = restore_on_spark(artifacts, output, master=master, remote=remote)
    else:
        written = restore(artifacts, output)
    if output != "-":
        say(f"{written.address}: {plural(written.rows, 'row')} as they were read")
